-- How often codes may be sent and guessed: the rules, and the counters that no restart and no flush
-- of a cache forgets.
-- depends: 0022.phone_verification

set lock_timeout = '3s';

create table data.verification_settings (
    name text primary key,
    value integer not null,
    is_test boolean not null default false,
    sentence text not null,
    constraint codes_have_six_digits_outside_of_tests check (
        name <> 'code_digits' or value between 6 and 8 or (is_test and value between 2 and 8)
    ),
    constraint codes_live_ten_minutes_at_most check (
        name <> 'life_s' or value between 1 and 600
    ),
    constraint guesses_are_five_at_most check (name <> 'guesses' or value between 1 and 5),
    constraint resends_are_few check (name <> 'resends' or value between 0 and 10)
);
comment on table data.verification_settings is
    'reference: figures of the telephone codes; an operator changes them by update';
comment on column data.verification_settings.is_test is
    'a figure that only a test may set; core.alarm_rows tells when one is there';

-- Sources: RELIABILITY.md section 5, and the decision 071.
insert into data.verification_settings (name, value, sentence)
values
    ('code_digits', 6, 'digits of a code, 6 to 8'),
    ('life_s', 300, 'seconds that a code lives'),
    ('guesses', 5, 'guesses that are evaluated per code'),
    ('resends', 3, 'further codes of one request'),
    ('captcha_from', 500, 'risk, in thousandths, from which a captcha is asked for'),
    ('failures_in_a_row', 100, 'wrong guesses for a number until identity is proved again'),
    ('failed_checks_a_day', 10000, 'wrong guesses of everybody on one UTC day, then all stops'),
    ('flood_refusals', 50, 'refused sends in five minutes that raise the alarm'),
    ('flood_sends', 500, 'sends in one hour that raise the alarm: the budget')
on conflict do nothing;

create table data.verification_caps (
    kind text primary key,
    most integer not null,
    window_s integer not null,
    sentence text not null,
    constraint kind_is_a_word check (kind ~ '^[a-z_]{1,40}$'),
    constraint most_is_positive check (most between 1 and 100000),
    constraint window_is_positive check (window_s between 1 and 172800)
);
comment on table data.verification_caps is
    'reference: at most so many moments in any window of this length, by kind of counter';

insert into data.verification_caps (kind, most, window_s, sentence)
values
    ('send_number_hour', 5, 3600, 'sends to a number in an hour'),
    ('send_number_day', 10, 86400, 'sends to a number in a day'),
    ('send_prefix', 30, 3600, 'sends to a number without its last four digits, in an hour'),
    ('send_source', 20, 3600, 'sends asked for by an IPv4 address or an IPv6 /64, in an hour'),
    ('send_user', 20, 86400, 'sends asked for by one user in a day'),
    ('check_source', 10, 600, 'guesses from an IPv4 address or an IPv6 /64, in ten minutes'),
    ('failed_source', 100, 86400, 'wrong guesses from a source, remembered for the risk'),
    ('failed_number', 100, 86400, 'wrong guesses for a number, remembered for the risk')
on conflict do nothing;

create table data.verification_counters (
    kind text not null references data.verification_caps (kind),
    subject text not null,
    moments timestamptz[] not null,
    last_at timestamptz not null,
    primary key (kind, subject)
);
create index verification_counters_last on data.verification_counters (last_at);
comment on index data.verification_counters_last is
    'core.cap_forget, core.alarm_rows: counters by the moment they last counted';
comment on table data.verification_counters is
    'key table: number, prefix, source or user to the moments that count against a cap';

create table data.verification_streaks (
    phone_number text primary key,
    failed_total bigint not null default 0,
    proved_total bigint not null default 0,
    constraint proved_is_in_the_past check (proved_total between 0 and failed_total)
);
comment on table data.verification_streaks is
    'key table: number to its wrong guesses, of all users, and how many of them are behind a proof';
comment on column data.verification_streaks.proved_total is
    'failed_total when a right code last came: what is above it is the streak';

create table data.verification_proofs (
    user_id bigint not null references data.users (id) on delete cascade,
    phone_number text not null,
    failed_total bigint not null,
    primary key (user_id, phone_number)
);
comment on table data.verification_proofs is
    'user-keyed: failed_total of a number when its user last proved who they are';
alter table data.verification_proofs enable row level security;
alter table data.verification_proofs force row level security;
create policy verification_proofs_is_its_owners on data.verification_proofs to owner
    using (user_id = (select nullif(current_setting('app.user_id', true), '')::bigint));
create policy verification_proofs_is_stewarded on data.verification_proofs to steward using (true);

create table data.verification_days (
    on_day date not null,
    bucket smallint not null,
    failed_count bigint not null default 0,
    sent_count bigint not null default 0,
    refused_count bigint not null default 0,
    primary key (on_day, bucket)
);
comment on table data.verification_days is
    'reference: what happened on one UTC day over all users, in 16 rows so that writers do not '
    'queue behind one';
