-- The types of the wire: a route's signature names them, their checks refuse, and their comments
-- are the JSON Schema that the OpenAPI page shows and the service tests a request against.
-- depends: 0001.roles_and_schemas

set lock_timeout = '3s';

create domain api.money as numeric
    constraint has_two_decimals_at_most check (
        value <> 'NaN' and value = round(value, 2) and abs(value) < 1000000000000
    );
comment on domain api.money is
    '{"type": "number", "multipleOf": 0.01, "minimum": -999999999999.99, "maximum": 999999999999.99, "description": "Amount with at most two decimals; income positive, spending negative", "examples": [120.5]}';

create domain api.day as date
    constraint is_in_a_living_century check (value between '1900-01-01' and '2200-12-31');
comment on domain api.day is
    '{"type": "string", "format": "date", "pattern": "^(19[0-9]{2}|2(0[0-9]{2}|1[0-9]{2}|200))-[0-9]{2}-[0-9]{2}$", "description": "Day, YYYY-MM-DD, from 1900 to 2200", "examples": ["2026-11-20"]}';

create domain api.key as bigint
    constraint is_positive check (value between 1 and 999999999999999999);
comment on domain api.key is
    '{"type": "integer", "minimum": 1, "maximum": 999999999999999999, "description": "Number of something of yours", "examples": [1]}';

create domain api.horizon_days as integer
    constraint is_within_ten_years check (value between 1 and 3660);
comment on domain api.horizon_days is
    '{"type": "integer", "minimum": 1, "maximum": 3660, "description": "How many days, up to ten years", "examples": [30]}';

create domain api.page_limit as integer
    constraint is_one_page check (value between 1 and 200);
comment on domain api.page_limit is
    '{"type": "integer", "minimum": 1, "maximum": 200, "description": "Rows on one page"}';

create domain api.cursor as text
    constraint is_short check (length(value) between 1 and 200);
comment on domain api.cursor is
    '{"type": "string", "minLength": 1, "maxLength": 200, "description": "next_cursor of the page before"}';

-- A name: something to see, on one line.
create domain api.label as text
    constraint is_a_line check (length(value) between 1 and 200 and value ~ '[^[:space:]]');
comment on domain api.label is
    '{"type": "string", "minLength": 1, "maxLength": 200, "pattern": "\\S", "description": "Name on one line", "examples": ["Rent"]}';

create domain api.note as text
    constraint is_a_page check (length(value) <= 2000);
comment on domain api.note is
    '{"type": "string", "maxLength": 2000, "description": "Free text", "examples": ["paid by card"]}';

create domain api.code as text
    constraint is_short_and_plain check (value ~ '^[A-Za-z0-9_.:/-]{1,64}$');
comment on domain api.code is
    '{"type": "string", "pattern": "^[A-Za-z0-9_.:/-]{1,64}$", "description": "Short code without spaces", "examples": ["A-1"]}';

create domain api.currency as text
    constraint is_an_iso_4217_code check (value ~ '^[A-Z]{3}$');
comment on domain api.currency is
    '{"type": "string", "pattern": "^[A-Z]{3}$", "description": "Currency, ISO 4217", "examples": ["USD"]}';

create domain api.account_type as text
    constraint is_a_known_account_type check (
        value in ('checking', 'savings', 'credit', 'investment', 'cash', 'other')
    );
comment on domain api.account_type is
    '{"type": "string", "enum": ["checking", "savings", "credit", "investment", "cash", "other"], "description": "Kind of account"}';

create domain api.recurring_kind as text
    constraint is_a_known_kind check (value in ('income', 'expense', 'transfer'));
comment on domain api.recurring_kind is
    '{"type": "string", "enum": ["income", "expense", "transfer"], "description": "Money that comes, goes, or moves between your accounts"}';

create domain api.frequency as text
    constraint is_a_known_frequency check (
        value in (
            'once', 'daily', 'weekly', 'biweekly', 'semimonthly', 'monthly', 'quarterly', 'yearly'
        )
    );
comment on domain api.frequency is
    '{"type": "string", "enum": ["once", "daily", "weekly", "biweekly", "semimonthly", "monthly", "quarterly", "yearly"], "description": "How often it comes again", "examples": ["monthly"]}';

create domain api.roll as text
    constraint is_a_known_roll check (value in ('none', 'skip', 'previous', 'next'));
comment on domain api.roll is
    '{"type": "string", "enum": ["none", "skip", "previous", "next"], "description": "Where a day goes that falls on a weekend or holiday", "examples": ["none"]}';

create domain api.layout as text
    constraint is_a_known_layout check (value in ('rows', 'columns'));
comment on domain api.layout is
    '{"type": "string", "enum": ["rows", "columns"], "description": "One row for each day, or one list for each column"}';

create domain api.overdue as text
    constraint is_a_known_way check (value in ('first_day', 'omit'));
comment on domain api.overdue is
    '{"type": "string", "enum": ["first_day", "omit"], "description": "What is late and not booked: on the first day, or left out"}';

create domain api.exception_action as text
    constraint is_a_known_action check (value in ('skip', 'move', 'amount'));
comment on domain api.exception_action is
    '{"type": "string", "enum": ["skip", "move", "amount"], "description": "This one occurrence: skip it, move it, or give it another amount"}';

-- Days of the month; -1 is the last one.
create domain api.month_days as integer[]
    constraint are_days_of_a_month check (
        cardinality(value) between 1 and 31
        and array_position(value, null) is null
        and -1 <= all (value) and 31 >= all (value) and 0 <> all (value)
    );
comment on domain api.month_days is
    '{"type": "array", "minItems": 1, "maxItems": 31, "uniqueItems": true, "items": {"type": "integer", "enum": [-1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31]}, "description": "Days of the month; -1 is the last one", "examples": [[1, 15]]}';

create domain api.weekday as integer
    constraint is_an_iso_weekday check (value between 1 and 7);
comment on domain api.weekday is
    '{"type": "integer", "minimum": 1, "maximum": 7, "description": "Day of the week, Monday is 1", "examples": [5]}';

create domain api.nth as integer
    constraint is_a_week_of_a_month check (value in (-1, 1, 2, 3, 4, 5));
comment on domain api.nth is
    '{"type": "integer", "enum": [-1, 1, 2, 3, 4, 5], "description": "Which weekday of the month; -1 is the last one", "examples": [1]}';

create domain api.step_count as integer
    constraint is_a_small_count check (value between 1 and 10000);
comment on domain api.step_count is
    '{"type": "integer", "minimum": 1, "maximum": 10000, "description": "How many", "examples": [1]}';
