-- Who the money belongs to: sign-up, what a user sees of themselves, and which day it is for them.

-- The day it is now where the user lives; null for an unknown user.
create or replace function core.user_today(_user_id bigint)
returns date
language sql stable parallel safe
as $$
    select (now() at time zone timezone)::date from data.users where id = _user_id;
$$;

-- Signs a user up, with the template categories, as whom the transaction goes on; returns the key.
-- Errors: PT409 with email when the address is taken, PT422 with timezone, 23514 a malformed
-- address.
create or replace function core.user_add(
    _email text,
    _full_name text default null,
    _currency text default 'USD',
    _timezone text default 'UTC',
    _tier text default 'budget',
    _role text default 'user'
)
returns bigint
language plpgsql
as $$
declare
    v_user_id constant bigint := core.identity_take(
        nextval(pg_get_serial_sequence('data.users', 'id'))
    );
begin
    perform core.timezone_check(_timezone);
    insert into data.users (id, full_name, currency, timezone, tier, role)
    values (v_user_id, _full_name, _currency, _timezone, _tier, _role);

    -- The address comes last: a known one has cost as much as a new one by then.
    perform core.category_copy(array[v_user_id]);
    insert into data.user_emails (email, user_id)
    values (core.email_folded(_email), v_user_id)
    on conflict (email) do nothing;
    if not found then
        raise exception 'This e-mail address is in use'
            using errcode = 'PT409', column = 'email';
    end if;
    return v_user_id;
end;
$$;
call core.identity_taker(
    'core.user_add(text, text, text, text, text, text)',
    'a person who signs up is nobody before: their own rows are the first they may write'
);

-- Holds the row of a user until the transaction ends: of those who count or compare rows of one
-- user before they write, each sees what the one before left.
create or replace function core.user_hold(_user_id bigint)
returns void
language sql
as $$
    select from data.users where id = _user_id for no key update;
$$;

-- One row: what a user sees of themselves, under the names of the wire.
create or replace function core.user_row(_user_id bigint)
returns table (
    version integer,
    id uuid,
    email text,
    email_verified_at timestamptz,
    full_name text,
    phone_number text,
    phone_verified_at timestamptz,
    tier text,
    role text,
    currency text,
    timezone text,
    locale text,
    country text,
    theme text,
    healthy_from numeric,
    warning_from numeric,
    reserve numeric,
    today date,
    created_at timestamptz
)
language sql stable parallel safe
as $$
    select
        person.version,
        person.public_id,
        address.email,
        address.verified_at,
        person.full_name,
        person.phone_number,
        person.phone_verified_at,
        person.tier,
        person.role,
        person.currency,
        person.timezone,
        person.locale,
        person.country,
        person.theme,
        person.healthy_from,
        person.warning_from,
        person.reserve,
        (now() at time zone person.timezone)::date,
        person.created_at
    from data.users as person
    left join data.user_emails as address on address.user_id = person.id
    where person.id = _user_id;
$$;

-- What api functions say of a user, in the words of api.route.
create or replace function core.user_shape()
returns jsonb
language sql immutable parallel safe
as $$
    select '{
        "version": "integer",
        "id": "uuid",
        "email": "text?",
        "email_verified_at": "timestamp?",
        "full_name": "text?",
        "phone_number": "text?",
        "phone_verified_at": "timestamp?",
        "tier": "budget|mid_tier|professional|enterprise",
        "role": "user|coach|admin",
        "currency": "text",
        "timezone": "text",
        "locale": "text",
        "country": "text?",
        "theme": "system|light|dark",
        "healthy_from": "money",
        "warning_from": "money",
        "reserve": "money",
        "today": "date",
        "created_at": "timestamp"
    }'::jsonb;
$$;

-- Merges what _patch names into the user: absent keeps, null clears what may be empty. Returns the
-- key. Errors: PT404 no such user, PT412 another version, PT422 with the field.
create or replace function core.user_edit(
    _user_id bigint,
    _patch jsonb,
    _full_name text,
    _currency text,
    _timezone text,
    _locale text,
    _country text,
    _theme text,
    _healthy_from numeric,
    _warning_from numeric,
    _reserve numeric,
    _if_match bigint default null
)
returns bigint
language sql
as $$
    select
        core.check_kept(
            _patch, '{currency,timezone,locale,theme,healthy_from,warning_from,reserve}'
        ),
        _timezone is null or core.timezone_check(_timezone),
        core.check_rule(
            'warning_from',
            coalesce(_warning_from, person.warning_from)
                <= coalesce(_healthy_from, person.healthy_from),
            'warning_from is above healthy_from'
        )
    from data.users as person
    where person.id = _user_id;

    with edited as (
        update data.users
        set version = core.version_raised(version, _if_match),
            full_name = case when _patch ? 'full_name' then _full_name else full_name end,
            currency = coalesce(_currency, currency),
            timezone = coalesce(_timezone, timezone),
            locale = coalesce(_locale, locale),
            country = case when _patch ? 'country' then _country else country end,
            theme = coalesce(_theme, theme),
            healthy_from = coalesce(_healthy_from, healthy_from),
            warning_from = coalesce(_warning_from, warning_from),
            reserve = coalesce(_reserve, reserve),
            updated_at = now()
        where id = _user_id
        returning id
    )
    select core.check_found('user', (select id from edited));
$$;

-- What a user is called where others see it: their name, else their address.
create or replace function core.user_name(_user_id bigint)
returns text
language sql stable parallel safe
as $$
    select coalesce(person.full_name, address.email)
    from data.users as person
    left join data.user_emails as address on address.user_id = person.id
    where person.id = _user_id;
$$;
