set lock_timeout = '3s';

drop table data.cross_owner_routines;

do $$
declare
    v_table text;
begin
    foreach v_table in array array[
        'users', 'login_sessions', 'accounts', 'categories', 'subcategories', 'recurring_items',
        'recurring_exceptions', 'transactions', 'transactions_0', 'transactions_1',
        'transactions_2', 'transactions_3', 'transactions_4', 'transactions_5', 'transactions_6',
        'transactions_7'
    ] loop
        execute format('drop policy if exists %I on data.%I', v_table || '_is_its_owners', v_table);
        execute format('drop policy if exists %I on data.%I', v_table || '_is_stewarded', v_table);
        execute format('alter table data.%I no force row level security', v_table);
        execute format('alter table data.%I disable row level security', v_table);
    end loop;
end;
$$;
