-- What all owners together teach about a payment that one of them has made once.

-- Learns from what was booked up to _as_of and returns how many kinds of first payments are known;
-- what was learnt for that day before is replaced, what is three years older is forgotten. A first
-- payment is the first booking of an account with a counterparty in a direction, at least 38 days
-- old (else it had no time to come again). It came again when the same counterparty followed within
-- 3 days of the same day of the next month, with an amount within a tenth. Kinds are the words of
-- the description; only those that at least 20 owners have are kept, so that nothing of a single
-- person shows.
create or replace function core.prior_learn(_as_of date)
returns bigint
language sql
as $$
    delete from data.series_priors
    where learnt_on = _as_of
       or learnt_on < _as_of - 1100;

    with bookings as materialized (
        select
            user_id,
            account_id,
            sign(amount)::integer as direction,
            lower(btrim(counterparty)) as payee,
            description,
            transaction_date as on_day,
            amount,
            row_number() over along as place,
            lead(transaction_date) over along as next_on,
            lead(amount) over along as next_amount
        from data.transactions
        where transaction_date <= _as_of
          and amount <> 0
          and transfer_id is null
          and btrim(counterparty) <> ''
        window along as (
            partition by user_id, account_id, sign(amount), lower(btrim(counterparty))
            order by transaction_date, id
        )
    ),
    firsts as (
        select
            user_id,
            direction,
            core.strand_words(description) as words,
            abs(next_on - (on_day + interval '1 month')::date) <= 3
            and abs(next_amount - amount) * 10 <= abs(amount) as came_again
        from bookings
        where place = 1
          and on_day <= _as_of - 38
    ),
    learnt as (
        insert into data.series_priors (learnt_on, direction, words, first_count, again_count)
        select _as_of, direction, words, count(*), count(*) filter (where came_again)
        from firsts
        where words <> ''
        group by direction, words
        having count(distinct user_id) >= 20
        returning 1
    )
    select count(*) from learnt;
$$;
call core.cross_owner('core.prior_learn(date)', 'what many owners do teaches what one will do');

-- The chance that a payment of these words comes again, as learnt last up to _as_of, by Laplace's
-- rule (again + 1) / (first + 2). Shape: one row per direction and words that are known.
create or replace function core.prior_rows(_as_of date)
returns table (direction integer, words text, chance numeric)
language sql stable parallel safe
as $$
    select
        prior.direction,
        prior.words,
        (prior.again_count + 1)::numeric / (prior.first_count + 2)
    from data.series_priors as prior
    where prior.learnt_on = (
        select max(latest.learnt_on)
        from data.series_priors as latest
        where latest.learnt_on <= _as_of
          and latest.learnt_on > _as_of - 366
    );
$$;
