-- Fitting: the making of a fit, in steps that a restart may part.

-- The next owners with bookings up to _as_of, by key after _after, at most _batch (null: all);
-- _share, 0 to 1, keeps so many of them by a hash of the key, the same ones each time.
create or replace function core.fitting_owners(
    _as_of date, _after bigint, _batch integer, _share double precision default 1
)
returns bigint[]
language sql stable
as $$
    select coalesce(array_agg(owner.user_id order by owner.user_id), '{}')
    from (
        select person.id as user_id
        from data.users as person
        where person.id > _after
          and abs(hashint8(person.id)::bigint) % 10000 < _share * 10000
          and exists (
              select
              from data.transactions as booking
              where booking.user_id = person.id
                and booking.transaction_date <= _as_of
          )
        order by person.id
        limit _batch
    ) as owner;
$$;

-- One step of the fit of a day. First come the windows of the next _batch owners (null: of all at
-- once); then weights, spreads, quantiles and risks of all windows, and the samples go. Ten weights
-- need no more than some 20,000 windows: of many owners a share of the windows is looked at, about
-- eight an owner being assumed, and four times that share of the owners for the months. A fit of
-- fewer than 200 windows is not kept: the one before goes on. An older fit of that day is replaced,
-- what is three years older is forgotten, but not the one that came with the product.
-- Answer: see core.expectation_refit.
create or replace function core.fitting_step(_on date, _batch integer)
returns json
language plpgsql
as $$
declare
    v_round data.expectation_rounds;
    v_share double precision;
    v_owners bigint[];
    v_accounts integer;
    v_windows integer;
begin
    perform pg_advisory_xact_lock(hashtextextended('core.expectation_refit', 0));
    select round.*
    into v_round
    from data.expectation_rounds as round
    where round.fitted_on = _on;
    if not found then
        delete from data.expectation_rounds;
        delete from data.expectation_samples;
        v_share := least(
            1,
            20000 / greatest(
                8.0 * cardinality(core.fitting_owners(_on, -9223372036854775808, null)), 1
            )
        );
        insert into data.expectation_rounds (
            fitted_on, last_user_id, window_share, month_flows, month_counts
        )
        select _on, -9223372036854775808, v_share, months.month_flows, months.month_counts
        from core.sample_months(
            core.fitting_owners(_on, -9223372036854775808, null, v_share * 4), _on
        ) as months
        returning * into v_round;
    end if;
    v_owners := core.fitting_owners(_on, v_round.last_user_id, _batch);
    if cardinality(v_owners) > 0 then
        perform core.sample_take(v_owners, _on, v_round.month_flows, v_round.window_share);
        update data.expectation_rounds
        set last_user_id = v_owners[cardinality(v_owners)]
        where fitted_on = _on;
        if _batch is not null then
            return json_build_object('is_done', false, 'count', cardinality(v_owners));
        end if;
    end if;
    select count(distinct (user_id, account_id)), count(distinct (user_id, account_id, cut_on))
    into v_accounts, v_windows
    from data.expectation_samples
    where fitted_on = _on;
    if v_windows >= 200 then
        delete from data.expectation_fits
        where fitted_on = _on
           or (fitted_on < _on - 1100 and not is_given);
        insert into data.expectation_fits (
            fitted_on, account_count, window_count, month_flows, month_counts
        )
        values (_on, v_accounts, v_windows, v_round.month_flows, v_round.month_counts);
        perform core.bucket_make(_on);
        perform core.bucket_risks(_on);
    end if;
    delete from data.expectation_samples;
    delete from data.expectation_rounds;
    return json_build_object(
        'is_done', true,
        'count', cardinality(v_owners),
        'fitted_on', _on,
        'accounts', v_accounts,
        'windows', v_windows,
        'is_kept', v_windows >= 200
    );
end;
$$;
