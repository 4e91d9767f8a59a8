-- Dismissals: proposals that their owner does not want to see again.

-- Remembers that a proposal of that day is not wanted, with what it says now; returns the key.
-- Doing it again remembers what it says by then. Errors: PT404 no such proposal.
create or replace function core.dismissal_add(_user_id bigint, _fingerprint text, _as_of date)
returns bigint
language plpgsql
as $$
declare
    v_id bigint;
begin
    insert into data.recurring_dismissals as dismissal (
        user_id, fingerprint, account_id, name, amount, frequency, every_n
    )
    select
        _user_id,
        proposal.fingerprint,
        proposal.account_id,
        proposal.name,
        proposal.amount,
        proposal.frequency,
        proposal.every_n
    from core.proposal_rows(_user_id, _as_of) as proposal
    where proposal.fingerprint = _fingerprint
    on conflict (user_id, fingerprint) do update
    set name = excluded.name,
        amount = excluded.amount,
        dismissed_at = now()
    returning dismissal.id into v_id;
    return core.check_found('proposal', v_id);
end;
$$;

-- Forgets a dismissal and returns its key: the proposal is open again. Errors: PT404 no such
-- dismissal.
create or replace function core.dismissal_drop(_user_id bigint, _dismissal_id bigint)
returns bigint
language sql
as $$
    with dropped as (
        delete from data.recurring_dismissals
        where user_id = _user_id
          and id = _dismissal_id
        returning id
    )
    select core.check_found('dismissal', (select id from dropped));
$$;

-- The owner's dismissals with keys above _after_id, by key, under the names of the wire.
create or replace function core.dismissal_page(_user_id bigint, _after_id bigint, _limit integer)
returns table (
    id bigint,
    fingerprint text,
    account_id bigint,
    name text,
    amount numeric,
    frequency text,
    every_n integer,
    dismissed_at timestamptz
)
language sql stable parallel safe
as $$
    select id, fingerprint, account_id, name, amount, frequency, every_n, dismissed_at
    from data.recurring_dismissals
    where user_id = _user_id
      and id > _after_id
    order by id
    limit _limit;
$$;

-- The one dismissal as json, or null.
create or replace function core.dismissal_json(_user_id bigint, _dismissal_id bigint)
returns json
language sql stable parallel safe
as $$
    select to_json(dismissal)
    from core.dismissal_page(_user_id, _dismissal_id - 1, 1) as dismissal
    where dismissal.id = _dismissal_id;
$$;

-- What api functions say of a dismissal, in the words of api.route.
create or replace function core.dismissal_shape()
returns jsonb
language sql immutable parallel safe
as $$
    select '{
        "id": "integer",
        "fingerprint": "text",
        "account_id": "integer",
        "name": "text",
        "amount": "money",
        "frequency": "weekly|biweekly|semimonthly|monthly|quarterly|yearly",
        "every_n": "integer",
        "dismissed_at": "timestamp"
    }'::jsonb;
$$;
