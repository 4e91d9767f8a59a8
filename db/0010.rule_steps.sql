-- What a rule's arithmetic needs, computed once when the rule is written: its step, its first day,
-- its cents.
-- depends: 0006.recurring_items
-- Both tables are small when this step runs: rewriting them and indexing them takes no time.
-- squawk-ignore-file adding-field-with-default, require-concurrent-index-creation

set lock_timeout = '3s';

alter table data.recurring_items
    add column amount_cents bigint not null
        generated always as ((amount * 100)::bigint) stored,
    add column step_days integer
        generated always as (
            case frequency
                when 'once' then 200000
                when 'daily' then every_n
                when 'weekly' then every_n * 7
                when 'biweekly' then every_n * 14
            end
        ) stored,
    add column step_months integer
        generated always as (
            case frequency
                when 'semimonthly' then every_n
                when 'monthly' then every_n
                when 'quarterly' then every_n * 3
                when 'yearly' then every_n * 12
            end
        ) stored,
    add column first_on date not null
        generated always as (
            case
                when frequency in ('weekly', 'biweekly') and weekday is not null
                    then anchor_on + (weekday + 7 - extract(isodow from anchor_on)::integer) % 7
                else anchor_on
            end
        ) stored;

comment on column data.recurring_items.step_days is
    'days between two occurrences, when they are counted in days; one that comes once never '
    'comes again';
comment on column data.recurring_items.step_months is
    'months between two occurrences, when they are counted in months';
comment on column data.recurring_items.first_on is
    'first day of a rule that steps in days: the weekday it names, on or after anchor_on';

alter table data.months
    add column first_weekday integer not null
        generated always as (extract(isodow from first_on)::integer) stored;
comment on column data.months.first_weekday is 'ISO weekday of first_on: 1 is Monday';

create unique index months_first on data.months (first_on);
comment on index data.months_first is
    'core.rhythm_dates: the months that touch a window of days';
analyze data.months;

create index recurring_items_by_days on data.recurring_items (user_id)
    where is_active and step_days is not null;
comment on index data.recurring_items_by_days is
    'core.rhythm_dates: the rules of a user that step in days, and no others';
create index recurring_items_by_months on data.recurring_items (user_id)
    where is_active and step_months is not null;
comment on index data.recurring_items_by_months is
    'core.rhythm_dates: the rules of a user that step in months, and no others';
