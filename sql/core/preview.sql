-- A rule tested against history before it is saved.

-- What a rule that may not be saved would do among the saved ones, as json: how many of the
-- bookings were seen, meet it and would change by it, per field; which earlier rules meet the same
-- bookings, and how many an earlier one keeps from it; and the newest _limit that meet it, each
-- with what would change and the earlier rules that meet it.
create or replace function core.preview_json(
    _user_id bigint, _transaction_ids bigint[], _draft jsonb, _limit integer
)
returns json
language sql stable parallel safe
as $$
    with rules as materialized (
        select found.place, (found.rule).id, (found.rule).name, (found.rule).is_last
        from core.condition_rules(_user_id, _draft) as found
    ),
    drafts as (
        select rules.place from rules where rules.id is not distinct from (_draft ->> 'id')::bigint
    ),
    matches as materialized (
        select found.transaction_id, found.place, found.is_reached
        from core.condition_matches(_user_id, _transaction_ids, _draft) as found
    ),
    met as materialized (
        select match.transaction_id, match.is_reached
        from matches as match
        inner join drafts on drafts.place = match.place
    ),
    changes as materialized (
        select change.transaction_id, change.field, change.from_value, change.to_value
        from core.verdict_rows(
            _user_id, array(select met.transaction_id from met), false, _draft
        ) as change
        inner join drafts on drafts.place = change.place
    ),
    earlier as (
        select rule.place, rule.id, rule.name, rule.is_last, match.transaction_id
        from matches as match
        inner join met on met.transaction_id = match.transaction_id
        inner join rules as rule on rule.place = match.place
        inner join drafts on rule.place < drafts.place
        where match.is_reached
    ),
    newest as (
        select
            booking.id, booking.transaction_date, booking.account_id, booking.amount,
            booking.description, booking.counterparty, met.is_reached
        from met
        inner join data.transactions as booking
            on booking.user_id = _user_id and booking.id = met.transaction_id
        order by booking.transaction_date desc, booking.id desc
        limit _limit
    )
    select json_build_object(
        'seen_count', cardinality(_transaction_ids),
        'met_count', (select count(*) from met),
        'stopped_count', (select count(*) from met where not met.is_reached),
        'changed_count', (select count(distinct changes.transaction_id) from changes),
        'changes_by_field', (
            select json_build_object(
                'subcategory', count(*) filter (where changes.field = 'subcategory'),
                'counterparty', count(*) filter (where changes.field = 'counterparty'),
                'tags', count(*) filter (where changes.field = 'tags'),
                'transfer', count(*) filter (where changes.field = 'transfer')
            )
            from changes
        ),
        'earlier_rules', (
            select coalesce(json_agg(listed.item order by listed.place), '[]')
            from (
                select
                    earlier.place,
                    json_build_object(
                        'rule_id', earlier.id,
                        'name', earlier.name,
                        'met_count', count(*),
                        'is_last', earlier.is_last
                    ) as item
                from earlier
                group by earlier.place, earlier.id, earlier.name, earlier.is_last
            ) as listed
        ),
        'items', (
            select coalesce(
                json_agg(
                    json_build_object(
                        'transaction_id', newest.id,
                        'transaction_date', newest.transaction_date,
                        'account_id', newest.account_id,
                        'amount', newest.amount,
                        'description', newest.description,
                        'counterparty', newest.counterparty,
                        'is_reached', newest.is_reached,
                        'changes', (
                            select coalesce(
                                json_agg(
                                    json_build_object(
                                        'field', changes.field,
                                        'from', changes.from_value,
                                        'to', changes.to_value
                                    )
                                    order by changes.field
                                ),
                                '[]'
                            )
                            from changes where changes.transaction_id = newest.id
                        ),
                        'earlier_rule_ids', (
                            select coalesce(json_agg(earlier.id order by earlier.place), '[]')
                            from earlier where earlier.transaction_id = newest.id
                        )
                    )
                    order by newest.transaction_date desc, newest.id desc
                ),
                '[]'
            )
            from newest
        )
    );
$$;
