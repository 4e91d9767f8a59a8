-- Finding the transfers among what was booked.

-- Both lists hold 200 rows at most; their counts say how many there are. amount is positive.
create or replace function api.match_take(
    _user_id bigint,
    _from api.day default null,
    _to api.day default null,
    _dry_run boolean default false
)
returns json
language plpgsql
as $$
declare
    v_to constant date := coalesce(_to, core.user_today(_user_id));
    v_from constant date := coalesce(_from, v_to - 365);
    v_dry_run constant boolean := coalesce(_dry_run, false);
    v_change_no bigint;
begin
    perform
        core.check_rule('to', v_from <= v_to, 'to must not lie before from'),
        core.check_rule('from', v_to - v_from <= 3660, 'Ten years at a time are the most');
    if not v_dry_run then
        v_change_no := core.clock_tick(_user_id);
    end if;
    return (
        with looked as materialized (
            select
                booking.*,
                row_number() over (
                    partition by booking.verdict = 'matched', booking.cents < 0
                    order by booking.on_day, booking.id
                ) as place
            from core.match_take(_user_id, v_from, v_to, v_change_no) as booking
        )
        select json_build_object(
            'from', v_from,
            'to', v_to,
            'dry_run', v_dry_run,
            'matched_count', count(*) filter (
                where looked.verdict = 'matched' and looked.cents < 0
            ),
            'rejected_count', count(*) filter (where looked.verdict <> 'matched'),
            'matched', coalesce(
                json_agg(
                    json_build_object(
                        'leaving_id', looked.id,
                        'arriving_id', looked.partner_id,
                        'amount', (looked.cents * -0.01)::numeric(14, 2),
                        'left_on', looked.on_day,
                        'days_apart', looked.days_apart
                    )
                    order by looked.place
                ) filter (
                    where looked.verdict = 'matched' and looked.cents < 0 and looked.place <= 200
                ),
                '[]'
            ),
            'rejected', coalesce(
                json_agg(
                    json_build_object(
                        'transaction_id', looked.id,
                        'amount', (looked.cents * 0.01)::numeric(14, 2),
                        'transaction_date', looked.on_day,
                        'days_apart', looked.days_apart,
                        'reason', looked.verdict
                    )
                    order by looked.on_day, looked.id
                ) filter (where looked.verdict <> 'matched' and looked.place <= 100),
                '[]'
            )
        )
        from looked
    );
end;
$$;

call api.route(
    'POST /api/v2/users/{user_id}/transfers/match', 'api.match_take',
    summary => 'Find the two legs of transfers: same amount, opposite sign, at most 4 days apart',
    needs_key => true,
    tags => '{transactions,forecast}',
    timeout_ms => 5000,
    is_fast => false,
    fields => '{
        "from": {"description": "First day; a year before to unless given"},
        "to": {"description": "Last day; your today unless given"},
        "dry_run": {"description": "Only look"}
    }',
    answer => '{
        "from": "date",
        "to": "date",
        "dry_run": "boolean",
        "matched_count": "integer",
        "rejected_count": "integer",
        "matched": [{
            "leaving_id": "integer",
            "arriving_id": "integer",
            "amount": "money",
            "left_on": "date",
            "days_apart": "integer"
        }],
        "rejected": [{
            "transaction_id": "integer",
            "amount": "money",
            "transaction_date": "date",
            "days_apart": "integer",
            "reason": "ambiguous|taken|crowded|currency"
        }]
    }'
);
