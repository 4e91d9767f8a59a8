-- The courier's questions. Not routes: the service itself calls them, so they are granted by hand
-- instead of by api.route.

-- {items: [{user_id, id, attempt, delivery_id, channel, recipient, template, subject, body}]} of
-- the messages that are the caller's to send until their lease ends; null when none is due.
create or replace function api.message_claim(_limit integer)
returns json
language sql security definer
set search_path = ''
as $$
    select json_build_object('items', items.list)
    from (
        select json_agg(message) as list from core.message_claim(_limit) as message
    ) as items
    where items.list is not null;
$$;
comment on function api.message_claim(integer) is 'Messages to send now';
revoke execute on function api.message_claim(integer) from public;
grant execute on function api.message_claim(integer) to service;

-- {status} after an attempt; null status when the message was claimed by somebody else since.
create or replace function api.message_settle(
    _user_id bigint,
    _id bigint,
    _attempt integer,
    _outcome text,
    _error_code text,
    _is_kept boolean
)
returns json
language sql security definer
set search_path = ''
as $$
    select json_build_object(
        'status',
        core.message_settle(_user_id, _id, _attempt, _outcome, _error_code, _is_kept)
    );
$$;
comment on function api.message_settle(bigint, bigint, integer, text, text, boolean) is
    'What became of an attempt to send';
revoke execute on function api.message_settle(bigint, bigint, integer, text, text, boolean)
    from public;
grant execute on function api.message_settle(bigint, bigint, integer, text, text, boolean)
    to service;
