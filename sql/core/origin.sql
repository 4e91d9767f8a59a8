-- Writing income sources: where they come from is an item, or is said in full.

-- Adds a source and returns its key. With recurring_item_id it says nothing else but its name;
-- without, all of account, amount, frequency and next_on.
-- Errors: PT404 with recurring_item_id or account_id; PT409 with recurring_item_id when it has a
-- source, with is_active when there are too many; PT422 with the field.
create or replace function core.origin_add(
    _user_id bigint,
    _name text,
    _recurring_item_id bigint default null,
    _account_id bigint default null,
    _amount numeric default null,
    _frequency text default null,
    _next_on date default null,
    _is_active boolean default true
)
returns bigint
language plpgsql
as $$
declare
    v_id bigint;
begin
    perform core.user_hold(_user_id);
    perform core.origin_room(_user_id);
    perform core.origin_check(
        _user_id, _recurring_item_id, _account_id, _amount, _frequency, _next_on
    );
    insert into data.income_sources (
        user_id, name, recurring_item_id, account_id, amount, frequency, next_on, is_active
    )
    values (
        _user_id, _name, _recurring_item_id, _account_id, _amount, _frequency, _next_on, _is_active
    )
    on conflict (user_id, recurring_item_id) where recurring_item_id is not null do nothing
    returning id into v_id;
    if v_id is null then
        raise exception 'This recurring item is a source already'
            using errcode = 'PT409', column = 'recurring_item_id';
    end if;
    return v_id;
end;
$$;

-- Merges what _patch names into a source: absent keeps; of one that stands for an item only name
-- and is_active change. Returns the key. Errors: PT404 no such income source, PT412 another
-- version, PT404 and PT422 with the field.
create or replace function core.origin_edit(
    _user_id bigint, _income_source_id bigint, _patch jsonb, _if_match bigint default null
)
returns bigint
language plpgsql
as $$
declare
    v_old data.income_sources;
    v_new data.income_sources;
begin
    perform core.check_kept(_patch, '{name,account_id,amount,frequency,next_on,is_active}');
    v_old := (
        select source
        from data.income_sources as source
        where source.user_id = _user_id and source.id = _income_source_id
        for no key update
    );
    perform
        core.check_found('income source', v_old.id),
        core.version_check(v_old.version, _if_match);
    v_new := jsonb_populate_record(v_old, _patch - '{user_id,id,version}'::text[]);
    perform core.origin_check(
        _user_id, v_new.recurring_item_id, v_new.account_id, v_new.amount, v_new.frequency,
        v_new.next_on
    );
    update data.income_sources
    set version = version + 1,
        name = v_new.name,
        account_id = v_new.account_id,
        amount = v_new.amount,
        frequency = v_new.frequency,
        next_on = v_new.next_on,
        is_active = v_new.is_active,
        updated_at = now()
    where user_id = _user_id and id = _income_source_id;
    return v_new.id;
end;
$$;

-- Drops a source and returns its key; a recurring item that it stood for is expected again.
-- Errors: PT404 no such income source, PT412 another version.
create or replace function core.origin_drop(
    _user_id bigint, _income_source_id bigint, _if_match bigint default null
)
returns bigint
language sql
as $$
    with dropped as (
        delete from data.income_sources
        where user_id = _user_id
          and id = _income_source_id
        returning id, version
    )
    select core.check_found(
        'income source',
        (select id from dropped where core.version_check(version, _if_match))
    );
$$;

-- True when a source can be. Errors: PT404 and PT422 with the field.
create or replace function core.origin_check(
    _user_id bigint,
    _recurring_item_id bigint,
    _account_id bigint,
    _amount numeric,
    _frequency text,
    _next_on date
)
returns boolean
language plpgsql stable parallel safe
as $$
declare
    v_field text;
begin
    if _recurring_item_id is not null then
        perform core.check_known(
            'recurring_item_id',
            'recurring income',
            exists (
                select from data.recurring_items
                where user_id = _user_id and id = _recurring_item_id and kind = 'income'
            )
        );
    end if;
    select field.name into v_field
    from (
        values
            ('account_id', _account_id is null),
            ('amount', _amount is null),
            ('frequency', _frequency is null),
            ('next_on', _next_on is null)
    ) as field (name, is_missing)
    where field.is_missing = (_recurring_item_id is null)
    limit 1;
    perform core.check_rule(
        v_field,
        v_field is null,
        case
            when _recurring_item_id is null then format('%s is needed without an item', v_field)
            else format('%s is the recurring item''s', v_field)
        end
    );
    if _recurring_item_id is not null then
        return true;
    end if;
    perform core.check_range('amount', _amount, 0.01, 1000000000);
    return core.account_check(_user_id, _account_id, 'account_id');
end;
$$;

-- True when the user may have one more source, 1,000 are the most. Errors: PT409.
create or replace function core.origin_room(_user_id bigint)
returns boolean
language plpgsql stable
as $$
begin
    if (select count(*) >= 1000 from data.income_sources where user_id = _user_id) then
        raise exception 'At most 1,000 income sources: drop one first' using errcode = 'PT409';
    end if;
    return true;
end;
$$;

-- True when an item may become of that kind: one that an income source stands for is income.
-- Errors: PT409 with kind.
create or replace function core.origin_kind(
    _user_id bigint, _recurring_item_id bigint, _kind text
)
returns boolean
language plpgsql stable
as $$
begin
    if _kind <> 'income' and exists (
        select from data.income_sources
        where user_id = _user_id and recurring_item_id = _recurring_item_id
    ) then
        raise exception 'An income source stands for this item: drop that first'
            using errcode = 'PT409', column = 'kind';
    end if;
    return true;
end;
$$;
