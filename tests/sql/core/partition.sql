-- The audit log is kept in months, 24 of them; a year far ahead is empty in any database.
select plan(13);

select is(
    core.partition_name('data.waves', 'month', '2031-02-01'), 'data.waves_2031_02',
    'a month is in the name'
);
select is(
    core.partition_name('data.waves', 'day', '2031-02-01'), 'data.waves_2031_02_01',
    'a day is in the name'
);
select results_eq(
    $$select first_on from core.partition_dates('2031-11-30')
      where relation = 'data.verification_audit_log'$$,
    $$values (date '2031-11-01'), ('2031-12-01'), ('2032-01-01'), ('2032-02-01')$$,
    'this month and three more'
);

insert into data.verification_audit_log (chain, place, user_id, event_type, created_at, row_hash)
values ('user:-1', 1, -1, 'login_ok', '2031-12-31 23:59:59.999999+00', sha256('one'));
insert into data.audit_heads (chain, place, row_hash) values ('user:-1', 1, sha256('one'));

select results_eq(
    $$select fault from core.partition_faults('2031-11-30')
      where relation = 'data.verification_audit_log'$$,
    $$values ('missing'), ('strays')$$, 'a month that is not there is a fault, a stray another'
);
select results_eq(
    $$select action from core.partition_keep('2031-11-30')
      where partition ~ '^data.verification_audit_log_203[12]'$$,
    $$values ('made'), ('made, 1 strays'), ('made'), ('made')$$,
    'four months are made, the stray is moved into its own'
);
select is(
    (select tableoid::regclass::text from data.verification_audit_log where chain = 'user:-1'),
    'data.verification_audit_log_2031_12', 'the last microsecond of a month is in it'
);
select is_empty(
    $$select partition from core.partition_keep('2031-11-30')$$, 'a second run finds nothing to do'
);
select is_empty(
    $$select fault from core.partition_faults('2031-11-30')
      where relation = 'data.verification_audit_log'$$, 'and nothing is wrong'
);
select is(
    (select relrowsecurity and relforcerowsecurity from pg_class
     where oid = 'data.verification_audit_log_2031_12'::regclass),
    true, 'a new partition has its wall'
);
select is(
    has_table_privilege('owner', 'data.verification_audit_log_2031_12', 'delete'), false,
    'a new partition of a log is append-only'
);
select results_eq(
    $$select partition, action from core.partition_keep('2034-01-31')
      where partition ~ 'log_2031'$$,
    $$values ('data.verification_audit_log_2031_11', 'detached'),
             ('data.verification_audit_log_2031_12', 'detached')$$,
    'what is past its 24 months leaves'
);
select is_empty(
    $$select fault from core.audit_faults('user:-1')$$, 'what retention took is not missing'
);
select results_eq(
    $$select partition, action from core.partition_keep('2034-02-07')
      where partition ~ 'log_2031'$$,
    $$values ('data.verification_audit_log_2031_11', 'dropped'),
             ('data.verification_audit_log_2031_12', 'dropped')$$,
    'a week later it is dropped'
);

select * from finish();
