-- The demo household: it moves in once, and every later call books what happened to it since.
-- What it earns and spends stands in scene.sql.

-- The household as of a day (its own today when none is given), made or brought up to date.
-- Returns one row: its user and how many bookings this call wrote; none by a second call on a day.
-- Nothing is booked on _as_of itself: what falls due today is still to come.
-- plpgsql, because moving in takes several steps that need each other.
create or replace function core.demo_household(_as_of date default null)
returns table (user_id bigint, public_id uuid, booking_count integer)
language plpgsql
as $$
#variable_conflict use_column
declare
    v_user_id bigint := core.email_owner('demo@tideline.example');
    v_is_new constant boolean := v_user_id is null;
    v_as_of date;
    v_from date;
    v_bookings jsonb;
begin
    perform core.identity_take(v_user_id);
    if v_is_new then
        v_user_id := core.user_add(
            'demo@tideline.example', 'Dana Whitfield', 'USD', 'America/New_York', 'professional'
        );
        perform core.user_edit(
            v_user_id, '{}', null, null, null, null, 'US', null, 1500, 250, 150
        );
    end if;
    v_as_of := coalesce(_as_of, core.user_today(v_user_id));
    if v_is_new then
        perform core.demo_settle(v_user_id, v_as_of);
    end if;

    select coalesce(max(booking.transaction_date) + 1, v_as_of - 400) into v_from
    from data.transactions as booking
    where booking.user_id = v_user_id
      and booking.external_id like 'demo-%';
    v_bookings := core.diary_bookings(v_user_id, v_from, v_as_of - 1);
    if jsonb_array_length(v_bookings) > 0 then
        perform core.batch_add(v_user_id, v_bookings);
        perform core.diary_pair(v_user_id);
    end if;
    if v_is_new then
        perform core.demo_level(v_user_id, v_as_of);
    end if;

    return query
    select person.id, person.public_id, jsonb_array_length(v_bookings)
    from data.users as person
    where person.id = v_user_id;
end;
$$;
call core.identity_taker(
    'core.demo_household(date)', 'tideline load demo knows the household by its address alone'
);

-- Opens the accounts and writes the rules of a new household down, 400 days before _as_of; returns
-- how many rules. On American business days where they are loaded, else on weekdays.
create or replace function core.demo_settle(_user_id bigint, _as_of date)
returns bigint
language sql
as $$
    select core.account_add(
        _user_id, account.name, account.type, 'USD', 0, _as_of - 400, account.bank_name,
        account.number_masked
    )
    from (
        values
            ('Checking', 'checking', 'First Harbor Bank', '•••• 4821'),
            ('Savings', 'savings', 'First Harbor Bank', '•••• 7730'),
            ('Card', 'credit', 'Meridian Card', '•••• 0094')
    ) as account (name, type, bank_name, number_masked);

    with added as (
        select core.recurring_add(
            _user_id, item.kind, item.name, item.amount, account.id, item.frequency,
            item.anchor_on,
            _to_account_id => other.id,
            _subcategory_id => core.category_find(_user_id, item.subcategory),
            _counterparty => item.counterparty,
            _month_days => item.month_days,
            _weekday => item.weekday,
            _nth => item.nth,
            _roll => item.roll,
            _calendar => case
                when item.roll = 'none' then null
                else coalesce((select min(calendar) from data.holidays where calendar = 'US'),
                    'WEEKENDS')
            end,
            _expected_from => item.anchor_on
        )
        from core.scene_items(_as_of) as item
        inner join data.accounts as account
            on account.user_id = _user_id and account.name = item.account
        left join data.accounts as other
            on other.user_id = _user_id and other.name = item.to_account
    )
    select count(*) from added;
$$;

-- Gives a new household the balances of a believable day: no account but the card ever opened
-- in debt, and the plan of the next weeks stays above water. One large bill 47 days on takes the
-- lowest balance of the four months ahead to some tens. Returns that bill, 0 when the plan has no
-- room for one. plpgsql, because the bill follows from the plan without it.
create or replace function core.demo_level(_user_id bigint, _as_of date)
returns numeric
language plpgsql
as $$
declare
    v_checking constant bigint := (
        select id from data.accounts where user_id = _user_id and name = 'Checking'
    );
    v_short numeric;
    v_bill numeric;
begin
    perform core.demo_open(
        _user_id, account.id, greatest(wanted.balance, wanted.least + booked.sum)
    )
    from data.accounts as account
    inner join (
        values ('Checking', 1284.17, 250), ('Savings', 1350.00, 0), ('Card', -486.32, null)
    ) as wanted (name, balance, least) on wanted.name = account.name
    cross join lateral (select account.current_balance - account.opening_balance as sum) as booked
    where account.user_id = _user_id;

    select greatest(0, 61.40 - min(day.closing_balance)) into v_short
    from core.forecast_days(_user_id, _as_of, 47) as day;
    perform core.demo_open(_user_id, account.id, account.current_balance + v_short)
    from data.accounts as account
    where account.user_id = _user_id and account.id = v_checking;

    select floor((min(day.closing_balance) - 40) / 10) * 10 into v_bill
    from core.forecast_days(_user_id, _as_of, 120) as day
    where day.on_day >= _as_of + 47;
    if v_bill < 200 then
        return 0;
    end if;
    perform core.recurring_add(
        _user_id, 'expense', 'Kitchen repair, second half', -v_bill, v_checking, 'once',
        _as_of + 47,
        _subcategory_id => core.category_find(_user_id, 'Repairs'),
        _counterparty => 'Oak & Sons',
        _expected_from => _as_of
    );
    return v_bill;
end;
$$;

-- Moves the opening balance of an account so that it holds _balance now; returns its key.
create or replace function core.demo_open(_user_id bigint, _account_id bigint, _balance numeric)
returns bigint
language sql
as $$
    select core.account_edit(
        _user_id, id, '{}', null, null, null, opening_balance + _balance - current_balance,
        null, null, null, null
    )
    from data.accounts
    where user_id = _user_id and id = _account_id;
$$;
