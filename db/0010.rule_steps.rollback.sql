-- Forgets the arithmetic of rules.
set lock_timeout = '3s';

-- squawk-ignore require-concurrent-index-deletion
drop index data.months_first;
-- squawk-ignore require-concurrent-index-deletion
drop index data.recurring_items_by_days;
-- squawk-ignore require-concurrent-index-deletion
drop index data.recurring_items_by_months;
alter table data.months drop column first_weekday;
alter table data.recurring_items
    drop column amount_cents,
    drop column step_days,
    drop column step_months,
    drop column first_on;
