-- The rules of an owner as things to read, write and put in order. What they do is ruleset.sql.

-- A page of rules in their order, after a place in it; columns are the names of the wire.
create or replace function core.rulebook_page(
    _user_id bigint, _after_position integer, _after_id bigint, _limit integer
)
returns table (
    version integer,
    id bigint,
    "position" integer,
    name text,
    is_active boolean,
    texts text[],
    text_match text,
    text_field text,
    text_need text,
    amount_from numeric,
    amount_to numeric,
    amount_by text,
    account_ids bigint[],
    direction text,
    month_days integer[],
    subcategory_id bigint,
    counterparty text,
    add_tags text[],
    remove_tags text[],
    transfer_account_id bigint,
    is_last boolean,
    is_overwriting boolean,
    created_at timestamptz,
    updated_at timestamptz
)
language sql stable parallel safe
as $$
    select
        version, id, position, name, is_active, texts, text_match, text_field, text_need,
        amount_from, amount_to, amount_by, account_ids, direction, month_days, subcategory_id,
        counterparty, add_tags, remove_tags, transfer_account_id, is_last, is_overwriting,
        created_at, updated_at
    from data.transaction_rules
    where user_id = _user_id
      and (position, id) > (_after_position, _after_id)
    order by position, id
    limit _limit;
$$;

-- What api functions say of a rule, in the words of api.route.
create or replace function core.rulebook_shape()
returns jsonb
language sql immutable parallel safe
as $$
    select '{
        "version": "integer",
        "id": "integer",
        "position": "integer",
        "name": "text",
        "is_active": "boolean",
        "texts": "any",
        "text_match": "contains|starts|equals|word",
        "text_field": "description|counterparty|either",
        "text_need": "any|all",
        "amount_from": "money?",
        "amount_to": "money?",
        "amount_by": "signed|size",
        "account_ids": "any",
        "direction": "in|out?",
        "month_days": "any",
        "subcategory_id": "integer?",
        "counterparty": "text?",
        "add_tags": "any",
        "remove_tags": "any",
        "transfer_account_id": "integer?",
        "is_last": "boolean",
        "is_overwriting": "boolean",
        "created_at": "timestamp",
        "updated_at": "timestamp"
    }'::jsonb;
$$;

-- The one rule as json, or null.
create or replace function core.rulebook_json(_user_id bigint, _rule_id bigint)
returns json
language sql stable parallel safe
as $$
    select to_json(listed)
    from data.transaction_rules as rule
    inner join lateral core.rulebook_page(_user_id, rule.position, rule.id - 1, 1) as listed
        on listed.id = rule.id
    where rule.user_id = _user_id
      and rule.id = _rule_id;
$$;

-- The one rule, or nulls.
create or replace function core.rulebook_find(_user_id bigint, _rule_id bigint)
returns data.transaction_rules
language sql stable parallel safe
as $$
    select rule
    from data.transaction_rules as rule
    where rule.user_id = _user_id
      and rule.id = _rule_id;
$$;

-- Adds a rule behind the others and returns its key; what _fields does not name is as in
-- core.draft_merged. Locks the user, so that rules that are added at once are counted one after
-- the other. Errors: as core.draft_merged; PT409 when there are 200 already.
create or replace function core.rulebook_add(_user_id bigint, _fields jsonb)
returns bigint
language plpgsql
as $$
declare
    v_rule data.transaction_rules;
begin
    perform core.user_hold(_user_id);
    if (select count(*) >= 200 from data.transaction_rules where user_id = _user_id) then
        raise exception 'There are 200 rules already: drop one first' using errcode = 'PT409';
    end if;
    v_rule := core.draft_merged(_user_id, null, _fields);
    v_rule.id := nextval(pg_get_serial_sequence('data.transaction_rules', 'id'));
    v_rule.position := (
        select coalesce(max(position), 0) + 1 from data.transaction_rules where user_id = _user_id
    );
    insert into data.transaction_rules select (v_rule).*;
    return v_rule.id;
end;
$$;

-- Merges _patch into a rule and returns its key: absent keeps, null clears.
-- Errors: PT404 no such rule, PT412 another version, and those of core.draft_merged.
create or replace function core.rulebook_edit(
    _user_id bigint, _rule_id bigint, _patch jsonb, _if_match bigint default null
)
returns bigint
language plpgsql
as $$
declare
    v_old data.transaction_rules;
    v_rule data.transaction_rules;
begin
    perform core.check_kept(
        _patch,
        '{name,is_active,text_match,text_field,text_need,amount_by,is_last,is_overwriting}'
    );
    v_old := (
        select rule
        from data.transaction_rules as rule
        where rule.user_id = _user_id and rule.id = _rule_id
        for no key update
    );
    perform core.check_found('rule', v_old.id), core.version_check(v_old.version, _if_match);
    v_rule := core.draft_merged(_user_id, v_old, _patch);
    update data.transaction_rules
    set version = v_old.version + 1,
        name = v_rule.name,
        is_active = v_rule.is_active,
        texts = v_rule.texts,
        text_match = v_rule.text_match,
        text_field = v_rule.text_field,
        text_need = v_rule.text_need,
        amount_from = v_rule.amount_from,
        amount_to = v_rule.amount_to,
        amount_by = v_rule.amount_by,
        account_ids = v_rule.account_ids,
        direction = v_rule.direction,
        month_days = v_rule.month_days,
        subcategory_id = v_rule.subcategory_id,
        counterparty = v_rule.counterparty,
        add_tags = v_rule.add_tags,
        remove_tags = v_rule.remove_tags,
        transfer_account_id = v_rule.transfer_account_id,
        is_last = v_rule.is_last,
        is_overwriting = v_rule.is_overwriting,
        updated_at = now()
    where user_id = _user_id and id = _rule_id;
    return v_rule.id;
end;
$$;

-- Drops a rule and returns its key; what it set stays set, and its name stays in the trail.
-- Errors: PT404 no such rule, PT412 another version.
create or replace function core.rulebook_drop(
    _user_id bigint, _rule_id bigint, _if_match bigint default null
)
returns bigint
language sql
as $$
    with dropped as (
        delete from data.transaction_rules
        where user_id = _user_id
          and id = _rule_id
        returning id, version
    )
    select core.check_found(
        'rule', (select id from dropped where core.version_check(version, _if_match))
    );
$$;
