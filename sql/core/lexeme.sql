-- Words of bookings as the index transactions_words has them.

-- The words of a text as the index has them, each once, at most ten.
create or replace function core.lexeme_words(_text text)
returns text[]
language sql immutable parallel safe
as $$
    select array(
        select distinct word
        from regexp_split_to_table(
            lower(
                left(
                    normalize(
                        regexp_replace(normalize(_text, nfd), '[\u0300-\u036f]+', '', 'g'), nfc
                    ),
                    500
                )
            ),
            '[^a-z0-9\u00c0-\u1fff\u2070-\u2fff\u3040-\U0010ffff]+'
        ) as word
        where word <> ''
        order by word
        limit 10
    );
$$;

-- The expression of the index transactions_words over a relation named booking, as text: it must
-- be written into a query as it stands in the step, or the index is not found.
create or replace function core.lexeme_text()
returns text
language sql immutable parallel safe
as $$
    select replace($text$
        replace(
            ' ' || btrim(regexp_replace(
                lower(
                    case
                        when octet_length(@) = length(@) then @
                        else left(
                            normalize(
                                regexp_replace(
                                    normalize(@, nfd), '[\u0300-\u036f]+', '', 'g'
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
            ' ' || to_hex(booking.user_id) || '.'
            || to_hex((booking.transaction_date - date '2000-01-01') / 32) || '.'
        )::tsvector
    $text$, '@', $text$
        (left(booking.description, 300) || ' ' || coalesce(booking.counterparty, '') || ' '
        || coalesce(left(booking.comment, 300), ''))
    $text$);
$$;
