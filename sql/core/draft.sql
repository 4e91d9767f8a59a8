-- A rule that is being written: what it says, and whether that makes sense together.

-- _old with what _patch names (a new rule when _old is null: active, texts anywhere in either
-- field, any of them, amounts with their sign, no overwriting), and checked as a whole.
-- Errors: PT404 with account_ids, subcategory_id or transfer_account_id, PT422 with the field.
create or replace function core.draft_merged(
    _user_id bigint, _old data.transaction_rules, _patch jsonb
)
returns data.transaction_rules
language plpgsql stable parallel safe
as $$
declare
    v_rule data.transaction_rules := jsonb_populate_record(
        case
            when _old.id is null then jsonb_populate_record(
                null::data.transaction_rules,
                '{"version": 1, "position": 1000000, "is_active": true, "text_match": "contains",
                  "text_field": "either", "text_need": "any", "amount_by": "signed",
                  "is_last": false, "is_overwriting": false}'
            )
            else _old
        end,
        case when _old.id is null then jsonb_strip_nulls(_patch) else _patch end
        - '{user_id,id,version,position,created_at,updated_at}'::text[]
    );
begin
    v_rule.user_id := _user_id;
    v_rule.created_at := coalesce(v_rule.created_at, now());
    v_rule.updated_at := now();
    perform core.draft_check(v_rule), core.draft_owns(v_rule);
    return v_rule;
end;
$$;

-- True for a rule that asks for something, does something and can be met. Errors: PT422.
create or replace function core.draft_check(_rule data.transaction_rules)
returns boolean
language plpgsql stable parallel safe
as $$
begin
    perform core.check_rule(
        'texts',
        not exists (
            select from unnest(_rule.texts) as wanted
            where wanted !~ case _rule.text_match when 'word' then '[[:alnum:]]' else '[^ ]' end
        ),
        'A text to look for has a letter or a digit'
    );
    perform core.check_rule(
        'amount_to',
        coalesce(_rule.amount_from <= _rule.amount_to, true),
        'amount_to must not be below amount_from'
    );
    perform core.check_rule(
        'amount_from',
        _rule.amount_by = 'signed'
        or (coalesce(_rule.amount_from, 0) >= 0 and coalesce(_rule.amount_to, 0) >= 0),
        'Amounts without their sign are not negative'
    );
    perform core.check_rule(
        'texts',
        num_nonnulls(
            _rule.texts, _rule.amount_from, _rule.amount_to, _rule.account_ids, _rule.direction,
            _rule.month_days
        ) > 0,
        'A rule asks for something: texts, amounts, accounts, a direction or days'
    );
    perform core.check_rule(
        'subcategory_id',
        not _rule.is_active or _rule.is_last or num_nonnulls(
            _rule.subcategory_id, _rule.counterparty, _rule.add_tags, _rule.remove_tags,
            _rule.transfer_account_id
        ) > 0,
        'A rule does something: a category, a counterparty, tags, a transfer, or is_last'
    );
    return core.check_rule(
        'remove_tags',
        not coalesce(_rule.add_tags && _rule.remove_tags, false),
        'A tag is put on or taken away, not both'
    );
end;
$$;

-- True when everything that the rule names is its owner's. Errors: PT404 with the field.
create or replace function core.draft_owns(_rule data.transaction_rules)
returns boolean
language plpgsql stable parallel safe
as $$
begin
    perform core.category_check(_rule.user_id, _rule.subcategory_id);
    perform core.check_known(
        'account_ids',
        'account',
        not exists (
            select from unnest(_rule.account_ids) as wanted
            where not exists (
                select from data.accounts where user_id = _rule.user_id and id = wanted
            )
        )
    );
    return _rule.transfer_account_id is null
        or core.account_check(_rule.user_id, _rule.transfer_account_id, 'transfer_account_id');
end;
$$;

-- Puts all rules of an owner in an order: the keys of every one of them, once each. Returns how
-- many moved. Errors: PT422 with rule_ids.
create or replace function core.draft_sort(_user_id bigint, _rule_ids bigint[])
returns bigint
language plpgsql
as $$
declare
    v_moved bigint;
begin
    perform core.user_hold(_user_id);
    perform core.check_rule(
        'rule_ids',
        (
            select coalesce(array_agg(id order by id), '{}')
            from data.transaction_rules where user_id = _user_id
        ) = (select array_agg(id order by id) from unnest(_rule_ids) as id),
        'Name every rule of yours, once each'
    );
    with moved as (
        update data.transaction_rules as rule
        set position = wanted.place,
            version = rule.version + 1,
            updated_at = now()
        from unnest(_rule_ids) with ordinality as wanted (id, place)
        where rule.user_id = _user_id
          and rule.id = wanted.id
          and rule.position <> wanted.place
        returning 1
    )
    select count(*) into v_moved from moved;
    return v_moved;
end;
$$;
