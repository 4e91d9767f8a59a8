-- How often a first payment to somebody new came again a month later, by the words of its
-- description: what all owners together know before one of them has seen it twice.
-- depends: 0045.recurring_dismissals

set lock_timeout = '3s';

create table data.series_priors (
    learnt_on date not null,
    direction integer not null,
    words text not null,
    first_count bigint not null,
    again_count bigint not null,
    primary key (learnt_on, direction, words),
    constraint direction_is_in_or_out check (direction in (1, -1)),
    constraint many_stand_behind_it check (first_count >= 20),
    constraint again_is_of_the_first check (again_count between 0 and first_count)
);
comment on table data.series_priors is
    'reference: learnt from bookings up to learnt_on by core.prior_learn; only words that at least '
    '20 owners have';
comment on column data.series_priors.words is
    'core.strand_words of the description; names nobody: a counterparty is not in it';
