-- The clock of a ledger: a number for every write to an owner's bookings, so that who saw number n
-- can ask for all that came after it.

-- Raises the clock of one owner and returns the number of this write, from 1. Call it in a
-- statement of its own before anything of the ledger is locked or read: the row stays locked until
-- the write commits, so numbers become visible in their order, and two writes of one owner never
-- wait for each other in a ring. One write may give its number to any count of rows.
create or replace function core.clock_tick(_user_id bigint)
returns bigint
language plpgsql
as $$
declare
    v_change_no bigint;
begin
    insert into data.ledger_clocks as clock (user_id, change_no)
    values (_user_id, 1)
    on conflict (user_id) do update set change_no = clock.change_no + 1
    returning change_no into v_change_no;
    return v_change_no;
end;
$$;

-- The number of the last write that was committed, or of this transaction's own; 0 before any.
create or replace function core.clock_read(_user_id bigint)
returns bigint
language sql stable parallel safe
as $$
    select coalesce(
        (select change_no from data.ledger_clocks where user_id = _user_id), 0
    );
$$;
