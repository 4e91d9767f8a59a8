-- The end of an account: everything of a user goes, the address is free, and one line of the log
-- says that it happened.

-- Deletes a user and all that is theirs; a last mail says so. The log keeps the number and the
-- moment, no address and no agent. Errors: PT404 no such user.
create or replace function core.deletion_run(_user_id bigint)
returns boolean
language plpgsql
as $$
declare
    v_email constant text := (select own.email from core.email_row(_user_id) as own);
begin
    perform core.message_forget(_user_id);
    if v_email is not null then
        perform core.message_add(_user_id, 'mail', v_email, 'account_deleted');
    end if;
    perform core.once_forget(_user_id);
    delete from data.users where id = _user_id;
    perform core.check_found('user', nullif(found, false));
    perform core.audit_add(_user_id, 'account_deleted', null, null);
    return true;
end;
$$;
