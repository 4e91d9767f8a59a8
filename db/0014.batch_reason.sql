-- The index of the bank's own ids says by its present name which function needs it.
-- depends: 0013.one_line_labels

set lock_timeout = '3s';

comment on index data.transactions_external is
    'core.batch_add, core.transaction_add: the bank''s own id is booked once per account';
