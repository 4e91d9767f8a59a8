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

-- True when the sign is right for the kind. Errors: PT422 with amount.
create or replace function core.rule_amount(_kind text, _amount numeric)
returns boolean
language sql stable parallel safe
as $$
    select core.check_rule(
        'amount',
        case _kind when 'expense' then _amount < 0 else _amount > 0 end,
        case _kind
            when 'expense' then 'The amount of an expense is negative'
            when 'income' then 'The amount of an income is positive'
            else 'The amount of a transfer is positive: it leaves account_id'
        end
    );
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
