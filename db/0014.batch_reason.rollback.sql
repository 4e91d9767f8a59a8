set lock_timeout = '3s';

comment on index data.transactions_external is
    'core.batch_take: the bank''s own id is booked once per account';
