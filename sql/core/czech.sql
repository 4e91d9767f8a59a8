-- How the Czech bank of the PKDD'99 files writes: words, days, counterparties.

-- What the words of the files mean, in Czech and in the English of the second file: one row a word,
-- with the direction of a type (1 in, -1 out) and the template subcategory of a symbol.
create or replace function core.czech_words()
returns table (part text, word text, meaning text, direction integer, subcategory text)
language sql immutable parallel safe
as $$
    values
        ('type', 'PRIJEM', 'Credit', 1, null),
        ('type', 'credit', 'Credit', 1, null),
        ('type', 'VYDAJ', 'Withdrawal', -1, null),
        ('type', 'withdrawal', 'Withdrawal', -1, null),
        ('type', 'VYBER', 'Withdrawal in cash', -1, null),
        ('type', 'withdrawal in cash', 'Withdrawal in cash', -1, null),
        ('operation', 'VKLAD', 'Credit in cash', null, 'Cash deposit'),
        ('operation', 'credit in cash', 'Credit in cash', null, 'Cash deposit'),
        ('operation', 'VYBER', 'Withdrawal in cash', null, 'Cash withdrawal'),
        ('operation', 'withdrawal in cash', 'Withdrawal in cash', null, 'Cash withdrawal'),
        ('operation', 'VYBER KARTOU', 'Card withdrawal', null, 'Cash withdrawal'),
        ('operation', 'credit card withdrawal', 'Card withdrawal', null, 'Cash withdrawal'),
        ('operation', 'PREVOD NA UCET', 'Remittance to another bank', null, null),
        ('operation', 'remittance to another bank', 'Remittance to another bank', null, null),
        ('operation', 'PREVOD Z UCTU', 'Collection from another bank', null, null),
        ('operation', 'collection from another bank', 'Collection from another bank', null, null),
        ('symbol', 'UROK', 'Interest', null, 'Interest'),
        ('symbol', 'interest credited', 'Interest', null, 'Interest'),
        ('symbol', 'SANKC. UROK', 'Penalty interest', null, 'Fees'),
        ('symbol', 'sanction interest if negative balance', 'Penalty interest', null, 'Fees'),
        ('symbol', 'SLUZBY', 'Payment for statement', null, 'Fees'),
        ('symbol', 'payment for statement', 'Payment for statement', null, 'Fees'),
        ('symbol', 'SIPO', 'Household payment', null, 'Household payments'),
        ('symbol', 'household', 'Household payment', null, 'Household payments'),
        ('symbol', 'DUCHOD', 'Old-age pension', null, 'Pension'),
        ('symbol', 'old-age pension', 'Old-age pension', null, 'Pension'),
        ('symbol', 'POJISTNE', 'Insurance payment', null, 'Other insurance'),
        ('symbol', 'insurrance payment', 'Insurance payment', null, 'Other insurance'),
        ('symbol', 'UVER', 'Loan payment', null, 'Loan payments'),
        ('symbol', 'loan payment', 'Loan payment', null, 'Loan payments'),
        ('symbol', 'LEASING', 'Leasing', null, 'Leasing'),
        ('symbol', 'leasing', 'Leasing', null, 'Leasing');
$$;

-- A date of the files, YYMMDD in the 1900s; null when there is no such day.
create or replace function core.czech_day(_cell text)
returns date
language sql stable parallel safe
as $$
    select case
        when _cell ~ '^[0-9]{6}$' and pg_input_is_valid('19' || _cell, 'date')
            then ('19' || _cell)::date
    end;
$$;

-- Who the bank calls by this bank code and account number; null when both cells say nobody: the
-- account 0 of no bank, as cash withdrawals have it, is nobody's.
create or replace function core.czech_counterparty(_bank text, _account text)
returns text
language sql immutable parallel safe
as $$
    select nullif(
        nullif(concat_ws(' ', nullif(btrim(_bank), ''), nullif(btrim(_account), '')), '0'), ''
    );
$$;

-- True when the files may use this word in this part: type, operation or symbol.
create or replace function core.czech_knows(_part text, _word text)
returns boolean
language sql immutable parallel safe
as $$
    select exists (
        select from core.czech_words() as known where known.part = _part and known.word = _word
    );
$$;

-- The signed amount of an order or a booking whose cells can be read: an order always pays.
create or replace function core.czech_amount(_kind text, _cells text[])
returns numeric
language sql immutable parallel safe
as $$
    select case _kind
        when 'order' then -_cells[5]::numeric(14, 2)
        else _cells[6]::numeric(14, 2) * (
            select direction from core.czech_words() where part = 'type' and word = _cells[4]
        )
    end;
$$;
