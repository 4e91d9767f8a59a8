select plan(5);

select is(core.lexeme_words('Café-Bar O''Neil, CAFE!'), '{bar,cafe,neil,o}', 'words are plain');
select is(core.lexeme_words('%_* \ '), '{}', 'punctuation is no word');
select is(core.lexeme_words('Řeka Ελλάδα 東京'), '{reka,ελλαδα,東京}', 'of any script');
select is(
    cardinality(core.lexeme_words(
        (select string_agg('w' || n, ' ') from generate_series(1, 30) as n)
    )),
    10, 'ten are enough'
);
select ok(
    exists (
        select from pg_catalog.pg_index
        where indexrelid = 'data.transactions_words'::regclass and indisvalid
    ),
    'and the index is there'
);

select * from finish();
