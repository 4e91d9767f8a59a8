-- The cash forecast, day by day: what is scheduled, and what will probably happen.

-- See core.step_rows for what a day holds, docs/forecast.md for every figure.
-- Errors: PT404 no such account, PT422 with the field.
create or replace function api.forecast_read(
    _user_id bigint,
    _as_of api.day default null,
    _start api.day default null,
    _days api.horizon_days default 365,
    _initial_balance api.money default null,
    _format api.layout default 'columns',
    _explain boolean default false,
    _overdue api.overdue default 'first_day',
    _account_id api.key default null,
    _by_account boolean default false,
    _fields text default null
)
returns json
language plpgsql stable
-- A plan made for the values at hand would cost ten times what it runs.
set plan_cache_mode = 'force_generic_plan'
set datestyle = 'ISO'
as $$
declare
    v_ground record;
    v_due_from date;
    v_gone_items bigint[];
    v_gone_days date[];
    v_extras core.due[];
    v_fields text[] := core.chart_fields();
    v_expectation text;
    v_band text;
    v_bands text[];
    v_body text;
begin
    if _fields is not null then
        v_fields := string_to_array(replace(_fields, ' ', ''), ',');
        if not v_fields <@ core.chart_fields() or v_fields = '{}' then
            raise exception 'fields are some of %', array_to_string(core.chart_fields(), ', ')
                using errcode = 'PT422', column = 'fields';
        end if;
    end if;
    select * into v_ground from core.ground_row(_user_id, _as_of, _start, _account_id);
    if not found then
        raise exception 'No such user' using errcode = 'PT404';
    end if;
    if _account_id is not null and v_ground.covered = '{}' then
        raise exception 'No such account' using errcode = 'PT404', column = 'account_id';
    end if;
    if v_ground.start_on - v_ground.as_of > 3660 then
        raise exception 'start must be at most 3660 days after as_of'
            using errcode = 'PT422', column = 'start';
    end if;
    v_due_from := case _overdue when 'omit' then v_ground.as_of else v_ground.due_from end;
    if v_ground.is_posted or v_ground.has_exceptions then
        select gone_items, gone_days, extras
        into v_gone_items, v_gone_days, v_extras
        from core.change_row(
            _user_id,
            v_ground.active,
            v_ground.covered,
            v_ground.as_of,
            v_due_from,
            v_ground.start_on + _days - 1,
            v_ground.is_posted,
            v_ground.has_exceptions
        );
    end if;
    if v_fields && core.band_fields() then
        select ',' || expectation, columns, members
        into v_expectation, v_band, v_bands
        from core.band_texts(
            _user_id,
            v_ground,
            _account_id,
            v_gone_items,
            v_gone_days,
            v_extras,
            v_due_from,
            _days,
            (_initial_balance * 100)::bigint,
            _format,
            v_fields
        );
    end if;
    v_body := core.chart_columns(
        _user_id,
        v_ground.active,
        v_ground.covered,
        v_gone_items,
        v_gone_days,
        v_extras,
        v_ground.as_of,
        v_due_from,
        v_ground.opening_cents,
        v_ground.start_on,
        _days,
        (_initial_balance * 100)::bigint,
        v_ground.healthy_cents,
        v_ground.warning_cents,
        v_ground.reserve_cents,
        case
            when _format = 'columns' then v_fields
            when 'months' = any (v_fields) then '{months}'
            else '{}'
        end,
        v_band
    );
    -- Each in a statement of its own: what is not asked for is not even prepared.
    if _format = 'rows' then
        v_body := v_body || ',"rows":' || core.row_list(
            _user_id,
            v_ground.active,
            v_ground.covered,
            v_gone_items,
            v_gone_days,
            v_extras,
            v_ground.as_of,
            v_due_from,
            v_ground.opening_cents,
            v_ground.start_on,
            _days,
            (_initial_balance * 100)::bigint,
            v_ground.healthy_cents,
            v_ground.warning_cents,
            v_fields,
            v_bands
        );
    end if;
    if _by_account then
        v_body := v_body || ',"accounts":' || core.row_accounts(
            _user_id,
            v_ground.active,
            v_ground.covered,
            v_ground.is_posted,
            v_ground.has_exceptions,
            v_ground.as_of,
            v_due_from,
            v_ground.start_on,
            _days,
            case when _account_id is not null then (_initial_balance * 100)::bigint end
        );
    end if;
    if _explain then
        v_body := v_body || ',"explain":' || core.explain_list(
            _user_id,
            v_ground.active,
            v_ground.covered,
            v_gone_items,
            v_gone_days,
            v_extras,
            v_ground.as_of,
            v_due_from,
            v_ground.start_on,
            _days
        );
    end if;
    return format(
        '{"as_of":"%s","start":"%s","days":%s,"excluded_accounts":[%s],"currency":"%s",'
            '"format":"%s",%s%s}',
        v_ground.as_of,
        v_ground.start_on,
        _days,
        array_to_string(v_ground.excluded, ','),
        v_ground.currency,
        _format,
        v_body,
        v_expectation
    );
end;
$$;

call api.route(
    'GET /api/v2/users/{user_id}/forecast', 'api.forecast_read',
    summary => 'The cash forecast, day by day: what is scheduled and what is probable',
    scope => 'forecast',
    tags => '{forecast}',
    timeout_ms => 3000,
    fields => '{
        "as_of": {"description": "What was booked up to this day is known; your today if absent"},
        "start": {"description": "First day of the forecast; as_of if absent"},
        "initial_balance": {"description": "Balance to begin with; that of the accounts if absent"},
        "explain": {"description": "Whether to name what happens on each day"},
        "account_id": {"description": "This account alone"},
        "by_account": {"description": "Whether to add a line of balances for each account"},
        "fields": {
            "description": "Columns that you want, with commas between; all if absent",
            "examples": ["date,plan,p50"],
            "maxLength": 200,
            "pattern": "^[a-z_0-9]+( *, *[a-z_0-9]+)*$"
        }
    }',
    answer => core.figure_shape()
);
