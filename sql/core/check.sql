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
