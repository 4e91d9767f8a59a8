-- Every way to pay debts side by side.

-- All ways side by side as json, and with _lump cents (null: not asked) in one month besides.
create or replace function core.ways_json(
    _user_id bigint,
    _as_of date,
    _first_on date,
    _currency text,
    _extra bigint,
    _excluded bigint[],
    _lump bigint,
    _lump_month integer
)
returns json
language plpgsql stable
as $$
declare
    v_avalanche constant json := core.repay_plan(
        _user_id, _as_of, _first_on, _currency, 'avalanche', _extra, 0, 1
    );
    v_snowball constant json := core.repay_plan(
        _user_id, _as_of, _first_on, _currency, 'snowball', _extra, 0, 1
    );
    v_lump text := '';
begin
    if _lump is not null then
        v_lump := ',"lump_sum":' || (
            select json_build_object(
                'amount', _lump * 0.01,
                'month', _lump_month,
                'avalanche', plan.avalanche,
                'avalanche_saves', core.repay_difference(plan.avalanche, v_avalanche),
                'snowball', plan.snowball,
                'snowball_saves', core.repay_difference(plan.snowball, v_snowball)
            )
            from (
                select
                    core.repay_plan(
                        _user_id, _as_of, _first_on, _currency, 'avalanche', _extra, _lump,
                        _lump_month
                    ) as avalanche,
                    core.repay_plan(
                        _user_id, _as_of, _first_on, _currency, 'snowball', _extra, _lump,
                        _lump_month
                    ) as snowball
                offset 0
            ) as plan
        );
    end if;
    return format(
        '{"as_of":%s,"first_on":%s,"currency":"%s","extra":%s,"excluded_debts":%s,'
            '"minimums":%s,"avalanche":%s,"snowball":%s,"avalanche_saves":%s%s}',
        to_json(_as_of),
        to_json(_first_on),
        _currency,
        _extra * 0.01,
        array_to_json(_excluded),
        core.repay_plan(_user_id, _as_of, _first_on, _currency, 'minimums', 0, 0, 1),
        v_avalanche,
        v_snowball,
        core.repay_difference(v_avalanche, v_snowball),
        v_lump
    );
end;
$$;

-- What api.payoff_read says, in the words of api.route.
create or replace function core.ways_shape()
returns jsonb
language sql immutable parallel safe
as $$
    select jsonb_build_object(
        'as_of', 'date',
        'first_on', 'date',
        'currency', 'text',
        'extra', 'money',
        'excluded_debts', '["integer"]'::jsonb,
        'minimums', core.repay_shape(),
        'avalanche', core.repay_shape(),
        'snowball', core.repay_shape(),
        'avalanche_saves', saves.shape,
        'lump_sum?', jsonb_build_object(
            'amount', 'money',
            'month', 'integer',
            'avalanche', core.repay_shape(),
            'avalanche_saves', saves.shape,
            'snowball', core.repay_shape(),
            'snowball_saves', saves.shape
        )
    )
    from (select '{"months": "integer?", "interest": "money?"}'::jsonb as shape) as saves;
$$;
