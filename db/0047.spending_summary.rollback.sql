-- squawk-ignore-file ban-drop-view
set lock_timeout = '3s';

drop table data.mart_refreshes;
-- The schema is owner's: so is the right to drop what is in it.
drop materialized view mart.user_spending_summary;
revoke create on schema mart from steward;

reset role;
do $$
begin
    execute pg_catalog.format(
        'revoke temporary on database %I from steward', pg_catalog.current_database()
    );
end;
$$;
set role owner;
