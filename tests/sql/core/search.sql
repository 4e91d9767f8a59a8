select plan(13);

insert into data.users (id, currency, timezone) values (-1, 'USD', 'UTC'), (-2, 'USD', 'UTC');
insert into data.accounts (user_id, id, name, currency, opened_on)
values (-1, 1, 'A', 'USD', '2000-01-01'), (-1, 2, 'B', 'USD', '2000-01-01');
insert into data.transactions (
    user_id, id, account_id, amount, transaction_date, description, counterparty, comment, tags
)
values
    (-1, 1, 1, -1, '1999-12-31', 'Coffee beans', 'Café Müller', null, '{home}'),
    (-1, 2, 1, -2, '2025-01-02', 'COFFEE-SHOP 100%', null, null, '{}'),
    (-1, 3, 2, -3, '2025-01-02', 'Tea', null, 'instead of coffee', '{}'),
    (-1, 4, 1, -4, '2026-01-03', 'Beans, green', null, null, '{}');
insert into data.transactions (user_id, id, account_id, amount, transaction_date, description)
select -1, 1000 + n, 1, -1, date '2025-03-01' + n % 90, 'Bread ' || n
from generate_series(1, 200) as n;

create function pg_temp.found(
    _text text, _order text default 'newest', _limit integer default 10,
    _account_id bigint default null, _tag text default null, _on_day date default null,
    _id bigint default null, _from date default null, _to date default null,
    _user_id bigint default -1
)
returns bigint[] language sql as $$
    select core.search_keys(
        _user_id, _text, _order, _from, _to, _account_id, null, null, null, null, _tag, _on_day,
        _id, _limit
    );
$$;

select is(pg_temp.found('coffee'), '{3,2,1}', 'newest first, in text, counterparty and comment');
select is(pg_temp.found('coffee', 'oldest'), '{1,2,3}', 'or oldest first');
select is(pg_temp.found('BEANS cof'), '{1}', 'every word begins a word');
select is(pg_temp.found('muller'), '{1}', 'without accents');
select is(pg_temp.found('eans'), '{}', 'the end of a word finds nothing');
select is(pg_temp.found('shop-100%'), '{2}', 'a per cent sign is nothing');
select is(pg_temp.found('%'), '{}', 'and alone finds nothing');
select is(pg_temp.found('coffee', _account_id => 2), '{3}', 'with other filters');
select is(pg_temp.found('coffee', _tag => 'home'), '{1}', 'with a tag');
select is(
    pg_temp.found('coffee', _on_day => '2025-01-02', _id => 3, _limit => 1), '{2}',
    'after a cursor'
);
select is(pg_temp.found('coffee', _from => '2025-01-01', _to => '2025-12-31'), '{3,2}', 'in days');
select is(
    pg_temp.found('bread', _limit => 200, _order => 'oldest'),
    (select array_agg(id order by transaction_date, id) from data.transactions where id > 1000),
    'a word of many'
);
select is(pg_temp.found('coffee', _user_id => -2), '{}', 'a stranger finds nothing');

select * from finish();
