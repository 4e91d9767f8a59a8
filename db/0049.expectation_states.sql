-- What an owner's ledger says of each account as of a day, so that a forecast need not look for it
-- again; and the windows of the past that a fit is made of.
-- depends: 0048.expectation_fits

set lock_timeout = '3s';

create table data.expectation_states (
    user_id bigint not null references data.users (id) on delete cascade,
    account_id bigint not null,
    as_of date not null,
    change_no bigint not null,
    held text not null,
    history_days integer not null,
    balance double precision not null,
    scale double precision not null,
    mean_90 double precision not null,
    mean_180 double precision not null,
    pace double precision not null,
    thrift double precision not null,
    sway double precision not null,
    swing double precision not null,
    profile double precision[] not null,
    due_days integer[] not null,
    due_cents bigint[] not null,
    primary key (user_id, account_id),
    constraint a_day_of_the_month_each check (cardinality(profile) = 31),
    constraint what_is_due_has_its_day check (cardinality(due_days) = cardinality(due_cents)),
    constraint history_is_counted check (history_days between 0 and 400)
);
comment on table data.expectation_states is
    'user-keyed: estimates, core.state_rows as of a day and a change of the ledger, kept by '
    'core.expectation_store; used by a forecast of that day and change alone';
comment on column data.expectation_states.account_id is '0: all covered accounts together';
comment on column data.expectation_states.change_no is
    'the ledger''s clock (data.ledger_clocks) when it was made; 0 without one';
comment on column data.expectation_states.held is
    'core.state_held when it was made: accounts are edited without a tick of that clock';
comment on column data.expectation_states.history_days is
    'days since the first booking, at most 400';
comment on column data.expectation_states.balance is 'cents, as of the day';
comment on column data.expectation_states.scale is
    'mean cents of income a month over a year; of spending when nothing came in; 0 without either';
comment on column data.expectation_states.mean_90 is 'mean balance of 90 days less balance, cents';
comment on column data.expectation_states.mean_180 is 'the same of 180 days';
comment on column data.expectation_states.pace is
    'income a month over 90 days as a part of scale, less 1';
comment on column data.expectation_states.thrift is
    '1 less the spending a month over 180 days as a part of scale, at least -2';
comment on column data.expectation_states.sway is
    'standard deviation of changes over 30 days within 180 days, cents';
comment on column data.expectation_states.swing is
    'standard deviation of the balance over 180 days, cents';
comment on column data.expectation_states.profile is
    'mean balance of the 1st to the 31st over 91 days, cents';
comment on column data.expectation_states.due_days is
    'days from as_of on which a series is due, one per series and day, at most 400';
comment on column data.expectation_states.due_cents is 'what that series books on that day';

create table data.expectation_rounds (
    fitted_on date primary key,
    last_user_id bigint not null,
    window_share double precision not null,
    month_flows double precision[] not null,
    month_counts integer[] not null,
    started_at timestamptz not null default now()
);
comment on table data.expectation_rounds is
    'reference: estimates, fits that are being made, and how far: owners up to last_user_id are in '
    'data.expectation_samples';

create table data.expectation_samples (
    user_id bigint not null references data.users (id) on delete cascade,
    account_id bigint not null,
    fitted_on date not null,
    cut_on date not null,
    day integer not null,
    features double precision[] not null,
    spreads double precision[] not null,
    change double precision not null,
    lowest double precision not null,
    primary key (user_id, account_id, fitted_on, cut_on, day)
);
create index expectation_samples_fit on data.expectation_samples (fitted_on, day);
comment on index data.expectation_samples_fit is
    'core.refit_sums: the windows of one fit, by day';
comment on table data.expectation_samples is
    'user-keyed: estimates, past windows of a fit that is being made, gone when it is made';
comment on column data.expectation_samples.change is
    'what the balance of the day was less that of cut_on, in parts of scale';
comment on column data.expectation_samples.lowest is 'the least change of the days up to this one';

do $$
declare
    v_table text;
begin
    foreach v_table in array array['expectation_states', 'expectation_samples'] loop
        execute format('alter table data.%I enable row level security', v_table);
        execute format('alter table data.%I force row level security', v_table);
        execute format(
            'create policy %I on data.%I to owner using (user_id = (select nullif(current_setting('
            '''app.user_id'', true), '''')::bigint))',
            v_table || '_is_its_owners', v_table
        );
        execute format(
            'create policy %I on data.%I to steward using (true)', v_table || '_is_stewarded',
            v_table
        );
    end loop;
end;
$$;
