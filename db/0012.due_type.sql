-- One thing that is due: how core hands occurrences that differ from their rule from one function
-- to another.
-- depends: 0011.day_texts

set lock_timeout = '3s';

create type core.due as (
    recurring_item_id bigint,
    occurrence_on date,
    on_day date,
    amount_cents bigint,
    net_cents bigint,
    reason text
);
comment on type core.due is 'a row of core.plan_rows';
