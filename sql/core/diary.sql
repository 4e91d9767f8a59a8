-- What happens to the demo household from day to day, as bookings.

-- What happened to the household from _from to _to, as the items of core.batch_add: every due
-- occurrence on its day, linked to its rule, and the purchases. Two things go otherwise, so that
-- there is something to see: the internet bill of 6 days before the move is never paid, and the
-- phone bill of 2 days after it is paid the day before. The day of the move is 400 days after the
-- accounts opened.
create or replace function core.diary_bookings(_user_id bigint, _from date, _to date)
returns jsonb
language sql stable
as $$
    with home as (
        select max(opened_on) + 400 as moved_on, array_agg(id) as accounts
        from data.accounts
        where user_id = _user_id
    ),
    due as (
        select
            item.name as description,
            scene.slug || '-' || to_char(place.occurrence_on, 'YYYYMMDD') as slug,
            case
                when scene.slug = 'phone' and place.occurrence_on = home.moved_on + 2
                    then home.moved_on - 1
                else place.on_day
            end as on_day,
            case
                when scene.slug in ('power', 'gas', 'food')
                    then round(
                        item.amount * (78 + (place.on_day - date '2000-01-01') % 45) / 100, 2
                    )
                else item.amount
            end as amount,
            item.account_id,
            item.to_account_id,
            item.subcategory_id,
            item.counterparty,
            item.id as recurring_item_id
        from home
        cross join lateral core.occurrence_rows(
            _user_id, home.accounts, home.accounts, _from, _to + 4
        ) as place
        inner join data.recurring_items as item
            on item.user_id = _user_id and item.id = place.recurring_item_id
        inner join core.scene_items(home.moved_on) as scene on scene.name = item.name
        where not (scene.slug = 'internet' and place.occurrence_on = home.moved_on - 6)
    ),
    legs as (
        select
            on_day, slug, recurring_item_id, account_id, description, subcategory_id, counterparty,
            case when to_account_id is null then amount else -amount end as amount
        from due
        union all
        select
            on_day, slug || '-in', null, to_account_id, description, subcategory_id, counterparty,
            amount
        from due
        where to_account_id is not null
        union all
        select
            bought.on_day, bought.slug || '-' || to_char(bought.on_day, 'YYYYMMDD'), null,
            account.id, bought.description, core.category_find(_user_id, bought.subcategory),
            bought.counterparty, bought.amount
        from core.scene_purchases(_from, _to) as bought
        inner join data.accounts as account
            on account.user_id = _user_id and account.name = bought.account
    )
    select coalesce(
        jsonb_agg(
            jsonb_build_object(
                'account_id', leg.account_id,
                'amount', leg.amount,
                'transaction_date', leg.on_day,
                'description', leg.description,
                'subcategory_id', leg.subcategory_id,
                'counterparty', leg.counterparty,
                'external_id', 'demo-' || leg.slug,
                'recurring_item_id', leg.recurring_item_id
            )
            order by leg.on_day, leg.slug
        ),
        '[]'
    )
    from legs as leg
    where leg.on_day between _from and _to
      and not exists (
            select from data.transactions as known
            where known.user_id = _user_id
              and known.account_id = leg.account_id
              and known.external_id = 'demo-' || leg.slug
        );
$$;

-- Marks both legs of every transfer with one transfer_id; returns how many legs.
create or replace function core.diary_pair(_user_id bigint)
returns bigint
language plpgsql
as $$
declare
    v_change_no constant bigint := core.clock_tick(_user_id);
    v_count bigint;
begin
    with pairs as (
        select leaving.id as leaving_id, arriving.id as arriving_id
        from data.transactions as arriving
        inner join data.transactions as leaving
            on leaving.user_id = arriving.user_id
            and leaving.external_id || '-in' = arriving.external_id
        where arriving.user_id = _user_id
          and arriving.external_id like 'demo-%-in'
          and arriving.transfer_id is null
    ),
    marked as (
        update data.transactions as leg
        set transfer_id = pairs.leaving_id,
            change_no = v_change_no
        from pairs
        where leg.user_id = _user_id
          and leg.id in (pairs.leaving_id, pairs.arriving_id)
        returning 1
    )
    select count(*) into v_count from marked;
    return v_count;
end;
$$;
