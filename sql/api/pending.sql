-- From pending to posted.

create or replace function api.pending_post(
    _user_id bigint,
    _transaction_id api.key,
    _amount api.money default null,
    _transaction_date api.day default null,
    _if_match bigint default null
)
returns json
language plpgsql
as $$
begin
    perform core.pending_post(_user_id, _transaction_id, _amount, _transaction_date, _if_match);
    return core.ledger_json(_user_id, _transaction_id);
end;
$$;

call api.route(
    'POST /api/v2/users/{user_id}/transactions/{transaction_id}/post', 'api.pending_post',
    summary => 'Post a pending transaction, with the amount and on the day of the bank',
    needs_key => true,
    tags => '{transactions,accounts,forecast}',
    answer => core.ledger_shape() || core.ledger_extras()
);
