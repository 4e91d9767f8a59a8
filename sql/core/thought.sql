-- A recurring item that is thought of: checked like one that is written, but never written.

-- What api.recurring_add takes, as JSON Schema: the properties of an item in a scenario. Made of
-- the types of core.thought, so that they cannot differ from those of the wire. A field that may be
-- absent may be null.
create or replace function core.thought_schema(_required text[])
returns jsonb
language sql stable
as $$
    select jsonb_object_agg(
        field.name,
        case
            when field.name = any (_required) then field.schema
            else field.schema
                || jsonb_build_object(
                    'type', jsonb_build_array(field.schema -> 'type', 'null')
                )
                || case
                    when field.schema ? 'enum'
                        then jsonb_build_object('enum', field.schema -> 'enum' || 'null'::jsonb)
                    else '{}'
                end
        end
    )
    from (
        select
            attribute.attname::text as name,
            case attribute.atttypid
                when 'boolean'::regtype then '{"type": "boolean"}'
                else obj_description(attribute.atttypid, 'pg_type')::jsonb
            end || case attribute.attname
                when 'amount' then '{"minimum": -1000000000, "maximum": 1000000000}'::jsonb
                else '{}'
            end as schema
        from pg_catalog.pg_attribute as attribute
        where attribute.attrelid = 'core.thought'::regclass
          and attribute.attnum > 0
          and not attribute.attisdropped
    ) as field;
$$;

-- True for an item that could be written: the checks of core.recurring_add and
-- core.recurring_edit, without their locks. Errors: PT422 and PT404 with the field; PT409 with
-- kind.
create or replace function core.thought_check(_user_id bigint, _item data.recurring_items)
returns boolean
language plpgsql stable parallel safe
as $$
begin
    perform core.rule_check(
        _item.kind, _item.amount, _item.account_id, _item.to_account_id, _item.frequency,
        _item.anchor_on, _item.month_days, _item.weekday, _item.nth, _item.ends_on
    );
    perform core.rule_owns(
        _user_id, _item.account_id, _item.to_account_id, _item.subcategory_id, _item.calendar
    );
    perform core.exception_signs(_user_id, _item.id, _item.kind);
    perform core.origin_kind(_user_id, _item.id, _item.kind);
    return core.currency_same(_user_id, _item.account_id, _item.to_account_id);
end;
$$;

-- A new item under the number _id, as api.recurring_add takes it; _today stands for an absent
-- expected_from. Errors: PT422 and PT404 with the field; 22 and 23514 a value of another type.
create or replace function core.thought_draft(
    _user_id bigint, _id bigint, _thought jsonb, _today date
)
returns data.recurring_items
language plpgsql stable parallel safe
as $$
declare
    v_thought constant core.thought := jsonb_populate_record(null::core.thought, _thought);
    v_draft data.recurring_items := jsonb_populate_record(
        null::data.recurring_items, to_jsonb(v_thought)
    );
    v_field text;
begin
    foreach v_field in array '{kind,name,amount,account_id,frequency,anchor_on}'::text[] loop
        if _thought ->> v_field is null then
            raise exception '% is missing', v_field using errcode = 'PT422', column = v_field;
        end if;
    end loop;
    v_draft.user_id := _user_id;
    v_draft.id := _id;
    v_draft.every_n := coalesce(v_draft.every_n, 1);
    v_draft.roll := coalesce(v_draft.roll, 'none');
    v_draft.expected_from := coalesce(v_draft.expected_from, _today);
    v_draft.is_active := coalesce(v_draft.is_active, true);
    perform core.thought_check(_user_id, v_draft);
    return core.variant_filled(v_draft);
end;
$$;

-- An item with a patch merged in, as api.recurring_edit merges it: absent keeps, null clears.
-- Errors: as core.thought_draft.
create or replace function core.thought_edit(
    _user_id bigint, _item data.recurring_items, _patch jsonb
)
returns data.recurring_items
language plpgsql stable parallel safe
as $$
declare
    v_thought constant core.thought := jsonb_populate_record(null::core.thought, _patch);
    v_draft constant data.recurring_items := jsonb_populate_record(
        _item,
        (
            select coalesce(jsonb_object_agg(field.key, field.value), '{}')
            from jsonb_each(to_jsonb(v_thought)) as field
            where _patch ? field.key
        )
    );
begin
    perform core.check_kept(
        _patch,
        '{kind,name,amount,account_id,frequency,every_n,anchor_on,roll,expected_from,is_active}'
    );
    perform core.thought_check(_user_id, v_draft);
    return core.variant_filled(v_draft);
end;
$$;

-- The first field of a thought whose value is not of its type; null when all are.
create or replace function core.thought_fault(_thought jsonb)
returns text
language plpgsql stable parallel safe
as $$
declare
    v_field text;
begin
    -- One by one, so that the refusal can name the field.
    for v_field in select jsonb_object_keys(_thought) loop
        perform jsonb_populate_record(
            null::core.thought, jsonb_build_object(v_field, _thought -> v_field)
        );
    end loop;
    return null;
exception
    when data_exception or check_violation then
        return v_field;
end;
$$;
