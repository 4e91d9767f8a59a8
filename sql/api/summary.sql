-- Spending of many people, for admins: medians of ten or more, never a person.

-- The month before the present one unless another is named: that one is over for everybody.
create or replace function api.summary_read(
    _month api.day default null, _currency api.currency default 'USD'
)
returns json
language sql stable
as $$
    select core.summary_json(
        core.spending_month(
            coalesce(
                _month,
                (core.spending_month((now() at time zone 'UTC')::date) - interval '1 day')::date
            )
        ),
        coalesce(_currency, 'USD')
    );
$$;

call api.route(
    'GET /api/v2/admin/spending', 'api.summary_read',
    summary => 'What people spend by category in a month, and how months of the year differ',
    access => 'admin',
    is_fast => false,
    timeout_ms => 20000,
    fields => '{"month": {"description": "A day of the month; the one before this if absent"}}',
    answer => '{
        "month": "date",
        "currency": "text",
        "as_of": "timestamp?",
        "categories": [{
            "category": "text",
            "users": "integer",
            "p25": "number",
            "median": "number",
            "p75": "number"
        }],
        "month_index": [{"month": "integer", "users": "integer", "month_index": "number"}]
    }'
);
