-- Offers: proposals as the wire shows them, and what accepting one does.

-- Every proposal of an owner as json, with what it is listed by. Shape: one row each, no order.
create or replace function core.offer_rows(_user_id bigint, _as_of date)
returns table (
    fingerprint text,
    confidence numeric,
    next_on date,
    is_open boolean,
    transaction_ids bigint[],
    offer json
)
language sql stable parallel safe
as $$
    select
        proposal.fingerprint,
        proposal.confidence,
        proposal.next_on,
        not proposal.is_covered and not proposal.is_dismissed,
        proposal.transaction_ids,
        json_build_object(
            'fingerprint', proposal.fingerprint,
            'kind', proposal.kind,
            'name', proposal.name,
            'amount', proposal.amount,
            'least_amount', proposal.least_amount,
            'most_amount', proposal.most_amount,
            'account_id', proposal.account_id,
            'to_account_id', proposal.to_account_id,
            'subcategory_id', proposal.subcategory_id,
            'counterparty', proposal.counterparty,
            'frequency', proposal.frequency,
            'every_n', proposal.every_n,
            'month_days', proposal.month_days,
            'anchor_on', proposal.anchor_on,
            'roll', proposal.roll,
            'first_on', proposal.first_on,
            'last_on', proposal.last_on,
            'next_on', proposal.next_on,
            'booking_count', cardinality(proposal.transaction_ids),
            'missed_count', proposal.missed_count,
            'confidence', proposal.confidence,
            'is_covered', proposal.is_covered,
            'is_dismissed', proposal.is_dismissed
        )
    from core.proposal_rows(_user_id, _as_of) as proposal;
$$;

-- What api functions say of an offer, in the words of api.route.
create or replace function core.offer_shape()
returns jsonb
language sql immutable parallel safe
as $$
    select '{
        "fingerprint": "text",
        "kind": "income|expense|transfer",
        "name": "text",
        "amount": "money",
        "least_amount": "money",
        "most_amount": "money",
        "account_id": "integer",
        "to_account_id": "integer?",
        "subcategory_id": "integer?",
        "counterparty": "text?",
        "frequency": "weekly|biweekly|semimonthly|monthly|quarterly|yearly",
        "every_n": "integer",
        "month_days": "any",
        "anchor_on": "date",
        "roll": "none|previous|next",
        "first_on": "date",
        "last_on": "date",
        "next_on": "date",
        "booking_count": "integer",
        "missed_count": "integer",
        "confidence": "number",
        "is_covered": "boolean",
        "is_dismissed": "boolean"
    }'::jsonb;
$$;

-- The open offers of one owner from a confidence up, surest first. Shape: one row each with its
-- place in the list, from 1.
create or replace function core.offer_page(
    _user_id bigint, _as_of date, _least numeric, _after bigint, _limit integer
)
returns table (place bigint, offer json)
language sql stable parallel safe
as $$
    select listed.place, listed.offer
    from (
        select
            row_number() over (
                order by open.confidence desc, open.next_on, open.fingerprint
            ) as place,
            open.offer
        from core.offer_rows(_user_id, _as_of) as open
        where open.is_open
          and open.confidence >= _least
    ) as listed
    where listed.place > _after
    order by listed.place
    limit _limit;
$$;

-- One offer and its evidence, the bookings from the oldest on, as json; null when there is none.
create or replace function core.offer_json(_user_id bigint, _fingerprint text, _as_of date)
returns json
language sql stable parallel safe
as $$
    select json_build_object(
        'proposal', found.offer,
        'evidence', (
            select json_agg(
                json_build_object(
                    'transaction_id', booking.id,
                    'transaction_date', booking.transaction_date,
                    'amount', booking.amount,
                    'description', booking.description
                )
                order by booking.transaction_date, booking.id
            )
            from data.transactions as booking
            where booking.user_id = _user_id
              and booking.id = any (found.transaction_ids)
        )
    )
    from core.offer_rows(_user_id, _as_of) as found
    where found.fingerprint = _fingerprint;
$$;

-- Makes a recurring item of a proposal, what the owner would rather have in place of what was
-- found, and links the bookings of it; returns the key of the item. Nothing is expected before the
-- day after the last booking, so what was missed earlier is not overdue, and every linked booking
-- is an occurrence of the item, so a forecast counts nothing twice. A dismissal of it is forgotten.
-- Errors: PT404 no such proposal on that day; PT409 with fingerprint when an item covers it already
-- (a second accept); PT422 and PT404 with the field, see core.recurring_add.
create or replace function core.offer_accept(
    _user_id bigint,
    _fingerprint text,
    _as_of date,
    _name text default null,
    _amount numeric default null,
    _subcategory_id bigint default null,
    _ends_on date default null
)
returns bigint
language plpgsql
as $$
declare
    v_change_no constant bigint := core.clock_tick(_user_id);
    v_found record;
    v_id bigint;
begin
    select * into v_found
    from core.proposal_rows(_user_id, _as_of) as proposal
    where proposal.fingerprint = _fingerprint;
    perform core.check_found('proposal', v_found.fingerprint);
    if v_found.is_covered then
        raise exception 'A recurring item covers this already'
            using errcode = 'PT409', column = 'fingerprint';
    end if;

    v_id := core.recurring_add(
        _user_id,
        v_found.kind,
        coalesce(_name, v_found.name),
        coalesce(_amount, v_found.amount),
        v_found.account_id,
        v_found.frequency,
        v_found.anchor_on,
        v_found.to_account_id,
        coalesce(_subcategory_id, v_found.subcategory_id),
        v_found.counterparty,
        _every_n => v_found.every_n,
        _month_days => v_found.month_days,
        _ends_on => _ends_on,
        _roll => v_found.roll,
        _expected_from => v_found.expected_from
    );
    update data.transactions
    set recurring_item_id = v_id,
        version = version + 1,
        change_no = v_change_no,
        updated_at = now()
    where user_id = _user_id
      and id = any (v_found.transaction_ids)
      and recurring_item_id is null;
    delete from data.recurring_dismissals
    where user_id = _user_id
      and fingerprint = _fingerprint;
    return v_id;
end;
$$;
