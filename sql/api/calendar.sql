-- Holiday calendars: whose bank holidays a recurring item can follow.

-- A page of calendars by code, with how far their holidays are known.
create or replace function api.calendar_list(
    _limit api.page_limit default 50, _cursor api.cursor default null
)
returns json
language plpgsql stable
as $$
begin
    perform core.check_rule(
        'cursor',
        _cursor is null or _cursor ~ '^[A-Z][A-Z0-9_-]{0,15}$',
        'cursor must be the next_cursor of an earlier page'
    );
    return (
        select core.page_json(
            array_agg(to_json(calendar) order by calendar.code),
            array_agg(calendar.code order by calendar.code),
            _limit
        )
        from core.calendar_rows(coalesce(_cursor, ''), _limit + 1) as calendar
    );
end;
$$;

call api.route(
    'GET /api/v2/holiday-calendars', 'api.calendar_list',
    summary => 'Holiday calendars that a recurring item can follow',
    access => 'user',
    answer => core.shape_page('{
        "code": "text", "name": "text", "first_holiday_on": "date?", "last_holiday_on": "date?"
    }')
);
