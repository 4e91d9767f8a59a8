-- Exceptions of a recurring item: one occurrence that is skipped, moved or has another amount.

-- A page of an item's exceptions by the day of their occurrence, under the names of the wire.
create or replace function core.exception_page(
    _user_id bigint, _recurring_item_id bigint, _after_on date, _limit integer
)
returns table (
    id bigint,
    recurring_item_id bigint,
    occurrence_on date,
    action text,
    moved_to date,
    amount numeric,
    created_at timestamptz
)
language sql stable parallel safe
as $$
    select id, recurring_item_id, occurrence_on, action, moved_to, amount, created_at
    from data.recurring_exceptions
    where user_id = _user_id
      and recurring_item_id = _recurring_item_id
      and occurrence_on > _after_on
    order by occurrence_on
    limit _limit;
$$;

-- What api functions say of an exception, in the words of api.route.
create or replace function core.exception_shape()
returns jsonb
language sql immutable parallel safe
as $$
    select '{
        "id": "integer",
        "recurring_item_id": "integer",
        "occurrence_on": "date",
        "action": "skip|move|amount",
        "moved_to": "date?",
        "amount": "money?",
        "created_at": "timestamp"
    }'::jsonb;
$$;

-- True when every amount among the item's exceptions has the sign of this kind.
-- Errors: PT409 with kind.
create or replace function core.exception_signs(
    _user_id bigint, _recurring_item_id bigint, _kind text
)
returns boolean
language plpgsql stable parallel safe
as $$
begin
    if exists (
        select from data.recurring_exceptions
        where user_id = _user_id
          and recurring_item_id = _recurring_item_id
          and not core.rule_sign(_kind, amount)
    ) then
        raise exception 'Its exceptions have amounts of the other sign: drop them first'
            using errcode = 'PT409', column = 'kind';
    end if;
    return true;
end;
$$;

-- Adds an exception and returns its key. plpgsql, because it refuses before it writes. Locks the
-- item, so that its kind and its rule stay what the exception was judged by.
-- Errors: PT404 no such recurring item, PT409 with occurrence_on when the day has one already,
-- PT422 with the field.
create or replace function core.exception_add(
    _user_id bigint,
    _recurring_item_id bigint,
    _occurrence_on date,
    _action text,
    _moved_to date default null,
    _amount numeric default null
)
returns bigint
language plpgsql
as $$
declare
    v_kind text;
    v_is_active boolean;
    v_id bigint;
begin
    select kind, is_active into v_kind, v_is_active
    from data.recurring_items
    where user_id = _user_id and id = _recurring_item_id
    for no key update;
    perform core.check_found('recurring item', v_kind);
    perform core.check_rule(
        'occurrence_on',
        not v_is_active or core.occurrence_holds(_user_id, _recurring_item_id, _occurrence_on),
        'The rule does not fall on that day: name an occurrence by its day before rolling'
    );
    perform core.check_rule(
        'moved_to',
        (_action = 'move') = (_moved_to is not null),
        'moved_to is the day of a move, and of nothing else'
    );
    perform core.check_rule(
        'amount', _action <> 'amount' or _amount is not null, 'action amount needs amount'
    );
    perform core.check_rule(
        'amount', _action <> 'skip' or _amount is null, 'What is skipped has no amount'
    );
    if _amount is not null then
        perform core.rule_amount(v_kind, _amount);
    end if;

    insert into data.recurring_exceptions (
        user_id, recurring_item_id, occurrence_on, action, moved_to, amount
    )
    values (_user_id, _recurring_item_id, _occurrence_on, _action, _moved_to, _amount)
    on conflict (user_id, recurring_item_id, occurrence_on) do nothing
    returning id into v_id;
    if v_id is null then
        raise exception 'That occurrence has an exception: drop it first'
            using errcode = 'PT409', column = 'occurrence_on';
    end if;
    return v_id;
end;
$$;

-- Drops an exception of this item and returns its key. Errors: PT404 no such exception.
create or replace function core.exception_drop(
    _user_id bigint, _recurring_item_id bigint, _exception_id bigint
)
returns bigint
language sql
as $$
    with dropped as (
        delete from data.recurring_exceptions
        where user_id = _user_id
          and id = _exception_id
          and recurring_item_id = _recurring_item_id
        returning id
    )
    select core.check_found('exception', (select id from dropped));
$$;
