select plan(4);

select results_eq(
    $$ select anchor_on, month_days from core.scene_items('2025-03-05')
       where slug in ('rent', 'internet', 'phone') order by slug $$,
    $$ values ('2024-01-30'::date, array[27]), ('2024-01-30', array[7]),
              ('2024-01-30', array[1]) $$,
    'two bills follow the day of the move'
);
select is(
    (select count(*) from core.scene_items('2025-03-05') as item
        where (item.kind = 'expense') <> (item.amount < 0)),
    0::bigint, 'expenses alone are negative'
);
select is_empty(
    $$ select subcategory from core.scene_items('2025-03-05')
       union select subcategory from core.scene_purchases('2025-01-01', '2025-12-31')
       except select subcategory from data.category_templates $$,
    'every category is one that users have'
);
select results_eq(
    $$ select slug, amount from core.scene_purchases('2025-03-01', '2025-03-20')
       where on_day <= '2025-03-05' order by on_day, slug $$,
    $$ select slug, amount from core.scene_purchases('2025-02-20', '2025-03-05')
       where on_day >= '2025-03-01' order by on_day, slug $$,
    'what is bought follows from the day alone'
);

select * from finish();
