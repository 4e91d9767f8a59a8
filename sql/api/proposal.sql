-- What comes again in the ledger and no recurring item says so: found whenever it is asked for.

-- A page of open proposals, surest first; _as_of is the owner's today when none is given.
create or replace function api.proposal_list(
    _user_id bigint,
    _as_of api.day default null,
    _min_confidence api.share default 0.7,
    _limit api.page_limit default 50,
    _cursor api.cursor default null
)
returns json
language plpgsql stable
as $$
begin
    perform core.cursor_check(_cursor);
    return (
        select core.page_json(
            array_agg(page.offer order by page.place),
            array_agg(core.cursor_text(page.place) order by page.place),
            _limit
        )
        from core.offer_page(
            _user_id,
            coalesce(_as_of, core.user_today(_user_id)),
            coalesce(_min_confidence, 0.7),
            coalesce(core.cursor_id(_cursor), 0),
            _limit + 1
        ) as page
    );
end;
$$;

call api.route(
    'GET /api/v2/users/{user_id}/recurring-proposals', 'api.proposal_list',
    summary => 'What comes again in the ledger and is no recurring item yet, surest first',
    scope => 'recurring',
    fields => '{
        "as_of": {"description": "As the ledger stood on this day; today if absent"},
        "min_confidence": {"description": "Only what is at least as sure as this"}
    }',
    answer => core.shape_page(core.offer_shape())
);

create or replace function api.proposal_read(
    _user_id bigint, _fingerprint api.fingerprint, _as_of api.day default null
)
returns json
language plpgsql stable
as $$
begin
    return core.check_found(
        'proposal',
        core.offer_json(
            _user_id, _fingerprint, coalesce(_as_of, core.user_today(_user_id))
        )
    );
end;
$$;

call api.route(
    'GET /api/v2/users/{user_id}/recurring-proposals/{fingerprint}', 'api.proposal_read',
    summary => 'One proposal with the bookings that speak for it',
    scope => 'recurring',
    answer => jsonb_build_object(
        'proposal', core.offer_shape(),
        'evidence', '[{
            "transaction_id": "integer",
            "transaction_date": "date",
            "amount": "money",
            "description": "text"
        }]'::jsonb
    )
);

create or replace function api.proposal_accept(
    _user_id bigint,
    _fingerprint api.fingerprint,
    _as_of api.day default null,
    _name api.label default null,
    _amount api.money default null,
    _subcategory_id api.key default null,
    _ends_on api.day default null
)
returns json
language plpgsql
as $$
declare
    v_id constant bigint := core.offer_accept(
        _user_id, _fingerprint, coalesce(_as_of, core.user_today(_user_id)), _name, _amount,
        _subcategory_id, _ends_on
    );
begin
    return core.item_json(_user_id, v_id);
end;
$$;

call api.route(
    'POST /api/v2/users/{user_id}/recurring-proposals/{fingerprint}/accept',
    'api.proposal_accept',
    summary => 'Make a recurring item of a proposal and link its bookings',
    status => 201,
    tags => '{recurring,transactions,forecast}',
    fields => '{
        "name": {"description": "Another name than the one proposed"},
        "amount": {
            "minimum": -1000000000,
            "maximum": 1000000000,
            "description": "Another amount than the one proposed"
        },
        "ends_on": {"description": "Not after this day"}
    }',
    answer => core.item_shape()
);

create or replace function api.proposal_dismiss(
    _user_id bigint, _fingerprint api.fingerprint, _as_of api.day default null
)
returns json
language plpgsql
as $$
declare
    v_id constant bigint := core.dismissal_add(
        _user_id, _fingerprint, coalesce(_as_of, core.user_today(_user_id))
    );
begin
    return core.dismissal_json(_user_id, v_id);
end;
$$;

call api.route(
    'POST /api/v2/users/{user_id}/recurring-proposals/{fingerprint}/dismiss',
    'api.proposal_dismiss',
    summary => 'Do not propose this again, until its amount moves by more than a tenth',
    tags => '{recurring}',
    answer => core.dismissal_shape()
);
