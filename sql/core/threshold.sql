-- Thresholds: what an owner wants to be warned of, and where. Who never said anything has the
-- defaults of data.alert_settings; docs/alerts.md says why they are what they are.

-- One row per user of _user_ids that is there, no order: their settings, under the names of the
-- wire. No row of settings: the defaults, with version 0.
create or replace function core.threshold_rows(_user_ids bigint[])
returns table (
    user_id bigint,
    version integer,
    has_low_balance boolean,
    has_bills boolean,
    has_spending boolean,
    low_chance numeric,
    low_days integer,
    bill_days integer,
    spending_spreads numeric,
    spending_least numeric,
    has_mail boolean,
    has_sms boolean,
    quiet_from integer,
    quiet_to integer,
    most_a_day integer
)
language sql stable parallel safe
as $$
    select
        person.id,
        coalesce(own.version, 0),
        coalesce(own.has_low_balance, true),
        coalesce(own.has_bills, true),
        coalesce(own.has_spending, true),
        coalesce(own.low_chance, 0.35),
        coalesce(own.low_days, 30),
        coalesce(own.bill_days, 7),
        coalesce(own.spending_spreads, 4.0),
        coalesce(own.spending_least, 0.00),
        coalesce(own.has_mail, true),
        coalesce(own.has_sms, false),
        coalesce(own.quiet_from, 21),
        coalesce(own.quiet_to, 8),
        coalesce(own.most_a_day, 3)
    from data.users as person
    left join data.alert_settings as own on own.user_id = person.id
    where person.id = any (_user_ids);
$$;

-- The owner's settings as json; can_mail and can_sms say whether there is a confirmed place to
-- send to. Null for an unknown user.
create or replace function core.threshold_json(_user_id bigint)
returns json
language sql stable parallel safe
as $$
    select json_build_object(
        'version', own.version,
        'has_low_balance', own.has_low_balance,
        'has_bills', own.has_bills,
        'has_spending', own.has_spending,
        'low_chance', own.low_chance,
        'low_days', own.low_days,
        'bill_days', own.bill_days,
        'spending_spreads', own.spending_spreads,
        'spending_least', own.spending_least,
        'has_mail', own.has_mail,
        'has_sms', own.has_sms,
        'can_mail', person.email_verified_at is not null,
        'can_sms', person.phone_verified_at is not null,
        'quiet_from', own.quiet_from,
        'quiet_to', own.quiet_to,
        'most_a_day', own.most_a_day
    )
    from core.threshold_rows(array[_user_id]) as own
    cross join core.user_row(_user_id) as person;
$$;

-- Merges what _patch names into the owner's settings: absent keeps. Returns the key of the user.
-- Errors: PT404 no such user, PT412 another version, PT422 with the field.
create or replace function core.threshold_edit(
    _user_id bigint, _patch jsonb, _if_match bigint default null
)
returns bigint
language plpgsql
as $$
declare
    v_old data.alert_settings;
    v_new data.alert_settings;
begin
    perform core.check_kept(
        _patch,
        '{has_low_balance,has_bills,has_spending,low_chance,low_days,bill_days,spending_spreads,
            spending_least,has_mail,has_sms,quiet_from,quiet_to,most_a_day}'
    );
    -- Of the first two edits at once, the second waits here and then sees the row of the first.
    perform core.user_hold(_user_id);
    v_old := (select own from data.alert_settings as own where own.user_id = _user_id);
    perform core.version_check(coalesce(v_old.version, 0), _if_match);
    v_new := jsonb_populate_record(
        v_old,
        (
            select to_jsonb(own) from core.threshold_rows(array[_user_id]) as own
        ) || (_patch - '{user_id,version}'::text[])
    );
    perform
        core.check_found('user', v_new.user_id),
        core.check_range('low_chance', v_new.low_chance, 0.05, 0.95),
        core.check_range('low_days', v_new.low_days, 1, 90),
        core.check_range('bill_days', v_new.bill_days, 1, 31),
        core.check_range('spending_spreads', v_new.spending_spreads, 2, 20),
        core.check_range('spending_least', v_new.spending_least, 0, 1000000000),
        core.check_range('most_a_day', v_new.most_a_day, 0, 20);
    v_new.version := v_new.version + 1;
    v_new.updated_at := now();
    delete from data.alert_settings where user_id = _user_id;
    insert into data.alert_settings select v_new.*;
    -- The job looks again within the hour, by what is wanted now.
    delete from data.alert_checks where user_id = _user_id;
    return _user_id;
end;
$$;

-- What api functions say of the settings, in the words of api.route.
create or replace function core.threshold_shape()
returns jsonb
language sql immutable parallel safe
as $$
    select '{
        "version": "integer",
        "has_low_balance": "boolean",
        "has_bills": "boolean",
        "has_spending": "boolean",
        "low_chance": "number",
        "low_days": "integer",
        "bill_days": "integer",
        "spending_spreads": "number",
        "spending_least": "money",
        "has_mail": "boolean",
        "has_sms": "boolean",
        "can_mail": "boolean",
        "can_sms": "boolean",
        "quiet_from": "integer",
        "quiet_to": "integer",
        "most_a_day": "integer"
    }'::jsonb;
$$;
