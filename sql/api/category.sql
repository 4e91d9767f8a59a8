-- Categories of one owner.

-- A page of categories by key, each with all of its subcategories.
create or replace function api.category_list(
    _user_id bigint, _limit api.page_limit default 50, _cursor api.cursor default null
)
returns json
language plpgsql stable
as $$
begin
    perform core.cursor_check(_cursor);
    return (
        select core.page_json(
            array_agg(to_json(category) order by category.id),
            array_agg(core.cursor_text(category.id) order by category.id),
            _limit
        )
        from core.category_rows(
            _user_id, coalesce(core.cursor_id(_cursor), 0), _limit + 1
        ) as category
    );
end;
$$;

call api.route(
    'GET /api/v2/users/{user_id}/categories', 'api.category_list',
    summary => 'Categories with their subcategories',
    scope => 'transactions',
    answer => core.shape_page('{
        "id": "integer",
        "name": "text",
        "subcategories": [{"id": "integer", "name": "text"}]
    }')
);
