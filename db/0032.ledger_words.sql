-- Words of bookings, so that text is searched without reading the ledger: each word with its owner
-- and a span of 32 days in front, as one lexeme. A search goes span by span from the newest.
-- depends: 0031.tag_words
-- Every index below is on a partitioned table, where concurrently is not to be had.
-- squawk-ignore-file require-concurrent-index-creation

set lock_timeout = '3s';

-- The expression is repeated in core.lexeme_text, letter by letter: an index of data may not
-- need a function of core. Words are runs of letters and digits, without case and accents; the cuts
-- keep the longest word below the 2,046 bytes of a lexeme.
create index transactions_words on data.transactions using gin ((
    replace(
        ' ' || btrim(regexp_replace(
            lower(
                case
                    when octet_length(
                        left(description, 300) || ' ' || coalesce(counterparty, '') || ' '
                        || coalesce(left(comment, 300), '')
                    ) = length(
                        left(description, 300) || ' ' || coalesce(counterparty, '') || ' '
                        || coalesce(left(comment, 300), '')
                    )
                    then left(description, 300) || ' ' || coalesce(counterparty, '') || ' '
                        || coalesce(left(comment, 300), '')
                    else left(
                        normalize(
                            regexp_replace(
                                normalize(
                                    left(description, 300) || ' ' || coalesce(counterparty, '')
                                    || ' ' || coalesce(left(comment, 300), ''),
                                    nfd
                                ),
                                '[\u0300-\u036f]+', '', 'g'
                            ),
                            nfc
                        ),
                        500
                    )
                end
            ),
            '[^a-z0-9\u00c0-\u1fff\u2070-\u2fff\u3040-\U0010ffff]+', ' ', 'g'
        )),
        ' ',
        ' ' || to_hex(user_id) || '.' || to_hex((transaction_date - date '2000-01-01') / 32) || '.'
    )::tsvector
)) with (fastupdate = off);
comment on index data.transactions_words is
    'core.search_keys: words of one owner''s bookings in spans of 32 days';

create index transactions_pending
    on data.transactions (user_id, transaction_date desc, id desc)
    where is_pending;
comment on index data.transactions_pending is
    'core.ledger_page: the few bookings that are pending';

create index transactions_tagged
    on data.transactions (user_id, transaction_date desc, id desc)
    where tags <> '{}';
comment on index data.transactions_tagged is
    'core.ledger_page by tag: the bookings that have any';

-- core.search_keys reads the partition of one owner by its name: under the name of the whole, the
-- condition that chooses the partition would tempt the planner away from the words.
do $$
begin
    for part in 0..7 loop
        execute format(
            'create policy transactions_%s_is_stewarded on data.transactions_%s '
            'to steward using (true)',
            part, part
        );
    end loop;
end;
$$;
