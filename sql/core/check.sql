-- Guards: each returns what it checked, or refuses with the field that is to blame.
-- The field travels as the error's column name, the message is for the user.

-- _value when it lies in _least.._most or is null. Errors: PT422 names _field and both ends.
create or replace function core.check_range(
    _field text, _value numeric, _least numeric, _most numeric
)
returns numeric
language plpgsql immutable parallel safe
as $$
begin
    if _value < _least or _value > _most then
        raise exception '% must be between % and %', _field, _least, _most
            using errcode = 'PT422', column = _field;
    end if;
    return _value;
end;
$$;

-- True, or a refusal: the rule that _field broke, in words for the user. Errors: PT422.
create or replace function core.check_rule(_field text, _holds boolean, _rule text)
returns boolean
language plpgsql stable parallel safe
as $$
begin
    if _holds is not true then
        raise exception '%', _rule using errcode = 'PT422', column = _field;
    end if;
    return true;
end;
$$;

-- _value when there is one. Errors: PT404 "No such <_what>", the same for foreign and missing ids.
create or replace function core.check_found(_what text, _value anyelement)
returns anyelement
language plpgsql stable parallel safe
as $$
begin
    if _value is null then
        raise exception 'No such %', _what using errcode = 'PT404';
    end if;
    return _value;
end;
$$;

-- True, or a refusal: what the body names in _field is not the caller's. Errors: PT404 with _field,
-- the same for foreign and missing ids.
create or replace function core.check_known(_field text, _what text, _is_known boolean)
returns boolean
language plpgsql stable parallel safe
as $$
begin
    if _is_known is not true then
        raise exception 'No such %', _what using errcode = 'PT404', column = _field;
    end if;
    return true;
end;
$$;

-- True, or a refusal: a merge patch clears what must have a value. _fields are the names that a
-- row cannot do without. Errors: PT422 with the first such field.
create or replace function core.check_kept(_patch jsonb, _fields text[])
returns boolean
language plpgsql immutable parallel safe
as $$
declare
    v_field text;
begin
    select field into v_field
    from unnest(_fields) as field
    where jsonb_typeof(_patch -> field) = 'null'
    limit 1;
    if found then
        raise exception '% cannot be cleared', v_field using errcode = 'PT422', column = v_field;
    end if;
    return true;
end;
$$;

-- _value when it is a list of one to _most items. Errors: PT422 with _field.
create or replace function core.check_list(_field text, _value jsonb, _most integer)
returns jsonb
language plpgsql immutable parallel safe
as $$
begin
    if jsonb_typeof(_value) is distinct from 'array'
        or jsonb_array_length(_value) not between 1 and _most
    then
        raise exception '% must be a list of 1 to % items', _field, _most
            using errcode = 'PT422', column = _field;
    end if;
    return _value;
end;
$$;
