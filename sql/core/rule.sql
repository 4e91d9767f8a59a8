-- What makes a recurring item's rule sound: the table's constraints, said in the user's words.

-- True for a sound rule. Errors: PT422 with the field that the user has to change.
create or replace function core.rule_check(
    _kind text,
    _amount numeric,
    _account_id bigint,
    _to_account_id bigint,
    _frequency text,
    _anchor_on date,
    _month_days integer[],
    _weekday integer,
    _nth integer,
    _ends_on date
)
returns boolean
language plpgsql stable parallel safe
as $$
declare
    v_has_months constant boolean :=
        _frequency in ('semimonthly', 'monthly', 'quarterly', 'yearly');
begin
    perform core.rule_amount(_kind, _amount);
    perform core.check_rule(
        'to_account_id',
        _kind <> 'transfer' or _to_account_id is not null,
        'A transfer needs to_account_id, the account that the money goes to'
    );
    perform core.check_rule(
        'to_account_id',
        _kind = 'transfer' or _to_account_id is null,
        'Only a transfer has to_account_id'
    );
    perform core.check_rule(
        'to_account_id',
        _to_account_id is distinct from _account_id,
        'A transfer goes to another account'
    );
    perform core.check_rule(
        'month_days',
        _month_days is null or v_has_months,
        'month_days belong to semimonthly, monthly, quarterly or yearly'
    );
    perform core.check_rule(
        'nth',
        _nth is null or (v_has_months and _frequency <> 'semimonthly'),
        'nth belongs to monthly, quarterly or yearly'
    );
    perform core.check_rule(
        'weekday',
        _nth is null or _weekday is not null,
        'nth needs weekday: 1 is Monday, 7 is Sunday'
    );
    perform core.check_rule(
        'month_days',
        _nth is null or _month_days is null,
        'A rule has month_days or nth with weekday, not both'
    );
    perform core.check_rule(
        'weekday',
        _weekday is null or _nth is not null or _frequency in ('weekly', 'biweekly'),
        'weekday belongs to weekly or biweekly, or to nth'
    );
    return core.check_rule(
        'ends_on', _ends_on is null or _ends_on >= _anchor_on, 'ends_on is before anchor_on'
    );
end;
$$;

-- True when an amount of this sign belongs to the kind.
create or replace function core.rule_sign(_kind text, _amount numeric)
returns boolean
language sql immutable parallel safe
as $$
    select case _kind when 'expense' then _amount < 0 else _amount > 0 end;
$$;

-- True when the sign is right for the kind and the amount is a billion at most: ten years of 1,000
-- items, daily, then come to 3.7e17 cents, and bigint holds 9.2e18. Errors: PT422 with amount.
create or replace function core.rule_amount(_kind text, _amount numeric)
returns boolean
language plpgsql stable parallel safe
as $$
begin
    perform core.check_range('amount', _amount, -1000000000, 1000000000);
    return core.check_rule(
        'amount',
        core.rule_sign(_kind, _amount),
        case _kind
            when 'expense' then 'The amount of an expense is negative'
            when 'income' then 'The amount of an income is positive'
            else 'The amount of a transfer is positive: it leaves account_id'
        end
    );
end;
$$;

-- True when the user may have one more active item, _recurring_item_id not counted: 1,000 are the
-- most, so that a forecast stays bounded. Locks the user, so that two items that are written at
-- once are counted one after the other. Errors: PT409 with is_active.
create or replace function core.rule_room(_user_id bigint, _recurring_item_id bigint default null)
returns boolean
language plpgsql
as $$
begin
    perform from data.users where id = _user_id for no key update;
    if (
        select count(*) >= 1000
        from data.recurring_items
        where user_id = _user_id
          and is_active
          and id is distinct from _recurring_item_id
    ) then
        raise exception 'At most 1,000 recurring items are active: put one away or drop it first'
            using errcode = 'PT409', column = 'is_active';
    end if;
    return true;
end;
$$;

-- True when everything the rule points at is there for this owner. Errors: PT404 with the field.
create or replace function core.rule_owns(
    _user_id bigint,
    _account_id bigint,
    _to_account_id bigint,
    _subcategory_id bigint,
    _calendar text
)
returns boolean
language plpgsql stable parallel safe
as $$
begin
    perform core.account_check(_user_id, _account_id, 'account_id');
    if _to_account_id is not null then
        perform core.account_check(_user_id, _to_account_id, 'to_account_id');
    end if;
    perform core.category_check(_user_id, _subcategory_id);
    return _calendar is null or core.check_known(
        'calendar',
        'holiday calendar',
        exists (select from data.holiday_calendars where code = _calendar)
    );
end;
$$;
