-- Recurring items: the rules of what comes again. What each rule means in days is occurrence.sql.

-- Adds an item and returns its key. No expected_from: the owner's today, so that nothing that lies
-- before the item was written down counts as overdue. plpgsql, because it refuses before it writes.
-- Errors: PT422 and PT404 with the field, see core.rule_check; PT409 with is_active when there are
-- too many.
create or replace function core.recurring_add(
    _user_id bigint,
    _kind text,
    _name text,
    _amount numeric,
    _account_id bigint,
    _frequency text,
    _anchor_on date,
    _to_account_id bigint default null,
    _subcategory_id bigint default null,
    _counterparty text default null,
    _every_n integer default 1,
    _month_days integer[] default null,
    _weekday integer default null,
    _nth integer default null,
    _ends_on date default null,
    _occurrences integer default null,
    _roll text default 'none',
    _calendar text default null,
    _expected_from date default null,
    _is_active boolean default true
)
returns bigint
language plpgsql
as $$
declare
    v_id bigint;
begin
    perform core.rule_check(
        _kind, _amount, _account_id, _to_account_id, _frequency, _anchor_on, _month_days, _weekday,
        _nth, _ends_on
    );
    perform core.rule_owns(_user_id, _account_id, _to_account_id, _subcategory_id, _calendar);
    if _is_active then
        perform core.rule_room(_user_id);
    end if;
    perform core.currency_shared(_user_id, _account_id, _to_account_id);
    insert into data.recurring_items (
        user_id, kind, name, amount, account_id, to_account_id, subcategory_id, counterparty,
        frequency, every_n, anchor_on, month_days, weekday, nth, ends_on, occurrences, roll,
        calendar, expected_from, is_active
    )
    values (
        _user_id, _kind, _name, _amount, _account_id, _to_account_id, _subcategory_id,
        _counterparty, _frequency, _every_n, _anchor_on, _month_days, _weekday, _nth, _ends_on,
        _occurrences, _roll, _calendar, coalesce(_expected_from, core.user_today(_user_id)),
        _is_active
    )
    returning id into v_id;
    return v_id;
end;
$$;

-- Merges _patch into an item: absent keeps, null clears; returns its key. The merged rule is
-- checked as a new one is, so a patch may change what only makes sense together. plpgsql, because
-- the earlier row is needed to judge the later one.
-- Errors: PT404 no such recurring item; PT412 another version; PT422 and PT404 with the field;
-- PT409 with kind when an exception has an amount of the other sign or an income source stands for
-- the item, with is_active when there are too many.
create or replace function core.recurring_edit(
    _user_id bigint, _recurring_item_id bigint, _patch jsonb, _if_match bigint default null
)
returns bigint
language plpgsql
as $$
declare
    v_old data.recurring_items;
    v_new data.recurring_items;
begin
    perform core.check_kept(
        _patch,
        '{kind,name,amount,account_id,frequency,every_n,anchor_on,roll,expected_from,is_active}'
    );
    if (_patch ->> 'is_active')::boolean then
        perform core.rule_room(_user_id, _recurring_item_id);
    end if;
    v_old := (
        select item
        from data.recurring_items as item
        where item.user_id = _user_id and item.id = _recurring_item_id
        for no key update
    );
    perform
        core.check_found('recurring item', v_old.id),
        core.version_check(v_old.version, _if_match);

    v_new := jsonb_populate_record(v_old, _patch - '{user_id,id,version}'::text[]);
    perform core.rule_check(
        v_new.kind, v_new.amount, v_new.account_id, v_new.to_account_id, v_new.frequency,
        v_new.anchor_on, v_new.month_days, v_new.weekday, v_new.nth, v_new.ends_on
    );
    perform core.rule_owns(
        _user_id, v_new.account_id, v_new.to_account_id, v_new.subcategory_id, v_new.calendar
    );
    perform core.exception_signs(_user_id, _recurring_item_id, v_new.kind);
    perform core.origin_kind(_user_id, _recurring_item_id, v_new.kind);
    perform core.currency_shared(_user_id, v_new.account_id, v_new.to_account_id);
    update data.recurring_items
    set version = v_old.version + 1,
        kind = v_new.kind,
        name = v_new.name,
        amount = v_new.amount,
        account_id = v_new.account_id,
        to_account_id = v_new.to_account_id,
        subcategory_id = v_new.subcategory_id,
        counterparty = v_new.counterparty,
        frequency = v_new.frequency,
        every_n = v_new.every_n,
        anchor_on = v_new.anchor_on,
        month_days = v_new.month_days,
        weekday = v_new.weekday,
        nth = v_new.nth,
        ends_on = v_new.ends_on,
        occurrences = v_new.occurrences,
        roll = v_new.roll,
        calendar = v_new.calendar,
        expected_from = v_new.expected_from,
        is_active = v_new.is_active,
        updated_at = now()
    where user_id = _user_id and id = _recurring_item_id;
    return v_new.id;
end;
$$;

-- Drops an item with its exceptions and returns its key; what was posted for it stays, unlinked.
-- The bookings are unlinked first, in the lock order of transaction.sql.
-- Errors: PT404 no such recurring item, PT412 another version.
create or replace function core.recurring_drop(
    _user_id bigint, _recurring_item_id bigint, _if_match bigint default null
)
returns bigint
language plpgsql
as $$
declare
    v_change_no constant bigint := core.clock_tick(_user_id);
    v_id bigint;
begin
    update data.transactions
    set version = version + 1,
        recurring_item_id = null,
        change_no = v_change_no
    where user_id = _user_id
      and recurring_item_id = _recurring_item_id;

    with dropped as (
        delete from data.recurring_items
        where user_id = _user_id
          and id = _recurring_item_id
        returning id, version
    )
    select id into v_id from dropped where core.version_check(version, _if_match);
    return core.check_found('recurring item', v_id);
end;
$$;
