-- Which rules meet which bookings: rules times bookings in one statement, without a call per pair.

-- A text as rules compare it: small letters, between line ends, so that the beginning and the end
-- of a text can be named in a pattern; no text of a booking has a line end of its own.
create or replace function core.condition_line(_text text)
returns text
language sql immutable parallel safe
as $$
    select e'\n' || lower(_text) || e'\n';
$$;

-- The same with nothing but its words, one space around each.
create or replace function core.condition_words(_text text)
returns text
language sql immutable parallel safe
as $$
    select e'\n ' || regexp_replace(lower(_text), '[^[:alnum:]]+', ' ', 'g') || e' \n';
$$;

-- Patterns of like for the texts of a rule. What a user writes stands for itself: no pattern of a
-- user's own is ever run, so none can run for long.
create or replace function core.condition_patterns(_texts text[], _match text)
returns text[]
language sql immutable parallel safe
as $$
    select array_agg(
        case _match
            when 'contains' then '%' || quoted.text || '%'
            when 'starts' then e'%\n' || quoted.text || '%'
            when 'equals' then e'%\n' || quoted.text || e'\n%'
            when 'word' then
                '% ' || trim(regexp_replace(lower(wanted), '[^[:alnum:]]+', ' ', 'g')) || ' %'
        end
    )
    from unnest(_texts) as wanted
    cross join lateral (
        select regexp_replace(lower(trim(wanted)), '([\\%_])', '\\\1', 'g') as text
    ) as quoted;
$$;

-- The active rules of an owner in their order, from 1, as conditions to compare with. _draft is a
-- rule that is not saved, as json of data.transaction_rules, active whatever it says; it takes the
-- place of the saved one with its key.
-- Amounts are whole cents, and null asks nothing: an end that is open is the end of the type.
create or replace function core.condition_rules(_user_id bigint, _draft jsonb default null)
returns table (
    place integer,
    rule data.transaction_rules,
    patterns text[],
    text_kind text,
    low bigint,
    high bigint,
    low_size bigint,
    high_size bigint
)
language sql stable parallel safe
as $$
    with rules as (
        select saved as rule
        from data.transaction_rules as saved
        where saved.user_id = _user_id
          and saved.is_active
          and saved.id is distinct from (_draft ->> 'id')::bigint
        union all
        select jsonb_populate_record(null::data.transaction_rules, _draft) as rule
        where _draft is not null
    )
    select
        (row_number() over (order by (rules.rule).position, (rules.rule).id))::integer,
        rules.rule,
        core.condition_patterns((rules.rule).texts, (rules.rule).text_match),
        case (rules.rule).text_match when 'word' then 'word ' else '' end
        || (rules.rule).text_field,
        greatest(ends.low, case when (rules.rule).direction = 'in' then 1 end, -limits.high),
        least(ends.high, case when (rules.rule).direction = 'out' then -1 end, limits.high),
        coalesce(ends.low_size, 0),
        coalesce(ends.high_size, limits.high)
    from rules
    cross join (values (9223372036854775807)) as limits (high)
    cross join lateral (
        select
            case rule_by when 'signed' then cents_from end as low,
            case rule_by when 'signed' then cents_to end as high,
            case rule_by when 'size' then cents_from end as low_size,
            case rule_by when 'size' then cents_to end as high_size
        from (
            values (
                (rules.rule).amount_by,
                ((rules.rule).amount_from * 100)::bigint,
                ((rules.rule).amount_to * 100)::bigint
            )
        ) as asked (rule_by, cents_from, cents_to)
    ) as ends;
$$;

-- Every rule that a booking meets, by its place in the order; is_reached is false when an earlier
-- rule that the booking meets says that no other shall follow.
create or replace function core.condition_matches(
    _user_id bigint, _transaction_ids bigint[], _draft jsonb default null
)
returns table (transaction_id bigint, place integer, is_reached boolean)
language sql stable parallel safe
as $$
    with rules as materialized (
        select
            found.place,
            (found.rule).account_ids,
            (found.rule).month_days,
            (found.rule).text_need,
            (found.rule).is_last,
            found.patterns,
            found.text_kind,
            found.low,
            found.high,
            found.low_size,
            found.high_size
        from core.condition_rules(_user_id, _draft) as found
    ),
    needs as materialized (
        select coalesce(bool_or(rules.text_kind like 'word %'), false) as words from rules
    ),
    bookings as materialized (
        select
            booking.id,
            booking.account_id,
            booking.amount_cents as cents,
            abs(booking.amount_cents) as size,
            case
                when date_part('day', booking.transaction_date + 1) = 1
                    then array[date_part('day', booking.transaction_date)::integer, -1]
                else array[date_part('day', booking.transaction_date)::integer]
            end as days,
            core.condition_line(booking.description) as description,
            coalesce(core.condition_line(booking.counterparty), '') as counterparty,
            case when needs.words then core.condition_words(booking.description) end
                as description_words,
            case when needs.words then coalesce(core.condition_words(booking.counterparty), '') end
                as counterparty_words
        from data.transactions as booking
        cross join needs
        where booking.user_id = _user_id
          and booking.id = any (_transaction_ids)
    ),
    pairs as (
        select
            booking.id,
            rule.place,
            rule.is_last
        from bookings as booking
        inner join rules as rule
            on booking.cents between rule.low and rule.high
            and booking.size between rule.low_size and rule.high_size
            and (rule.account_ids is null or booking.account_id = any (rule.account_ids))
            and (rule.month_days is null or booking.days && rule.month_days)
        cross join lateral (
            select case rule.text_kind
                when 'either' then booking.description || booking.counterparty
                when 'description' then booking.description
                when 'counterparty' then booking.counterparty
                when 'word either' then booking.description_words || booking.counterparty_words
                when 'word description' then booking.description_words
                else booking.counterparty_words
            end as text
        ) as held
        where case
            when rule.patterns is null then true
            when rule.text_need = 'any' then held.text like any (rule.patterns)
            else held.text like all (rule.patterns)
        end
    )
    select
        pairs.id,
        pairs.place,
        pairs.place <= coalesce(
            min(pairs.place) filter (where pairs.is_last) over (partition by pairs.id), pairs.place
        )
    from pairs;
$$;
