-- What spending may be asked by: the words of the wire.
-- depends: 0036.category_edits

set lock_timeout = '3s';

create domain api.spending_group as text
    constraint is_a_known_group check (
        value in ('category', 'subcategory', 'account', 'month', 'counterparty')
    );
comment on domain api.spending_group is
    '{"type": "string", "enum": ["category", "subcategory", "account", "month", "counterparty"], "description": "What sums are made of", "examples": ["category"]}';

create domain api.month_count as integer
    constraint is_within_five_years check (value between 1 and 60);
comment on domain api.month_count is
    '{"type": "integer", "minimum": 1, "maximum": 60, "description": "How many months, up to five years", "examples": [12]}';
