-- A partitioned table's index cannot be dropped concurrently.
-- squawk-ignore-file require-concurrent-index-deletion
set lock_timeout = '3s';

do $$
begin
    for part in 0..7 loop
        execute format(
            'drop policy transactions_%s_is_stewarded on data.transactions_%s', part, part
        );
    end loop;
end;
$$;
drop index data.transactions_tagged;
drop index data.transactions_pending;
drop index data.transactions_words;
