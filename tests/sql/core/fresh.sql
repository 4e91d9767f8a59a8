select plan(1);

insert into data.users (id, currency) values (-1, 'USD');
insert into data.categories (user_id, id, name) values (-1, 1, 'Food'), (-1, 2, 'Home');
insert into data.subcategories (user_id, id, category_id, name)
values (-1, 1, 1, 'Other'), (-1, 2, 2, 'Other'), (-1, 3, 2, 'Rent');
insert into data.staged_rows (user_id, import_id, row_no, category, rule, fault)
values
    (-1, 1, 1, 'RENT', null, null), (-1, 1, 2, 'Home:Other', null, null),
    (-1, 1, 3, null, null, null), (-1, 1, 4, 'Cars', null, null),
    (-1, 1, 5, 'Rent', 'same', null), (-1, 1, 6, 'Rent', null, 'bad');

select results_eq(
    'select row_no, subcategory_id from core.fresh_rows(-1, 1) order by 1',
    'values (1, 3::bigint), (2, 2), (3, null), (4, null)',
    'what is new and good is booked, in the category that the file names'
);

select * from finish();
