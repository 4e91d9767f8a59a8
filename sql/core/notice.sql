-- Notices: the words of alerts, with the numbers that explain them, and when they are sent.

-- Sentences by template and language: subject and text of the mail, and the text message, which is
-- what the list of alerts says too. Every template is there in en; names in braces as in
-- core.template_rows, values from core.notice_values.
create or replace function core.notice_words()
returns table (template text, locale text, subject text, mail text, sms text)
language sql immutable parallel safe
as $$
    values
        (
            'alert_dip', 'en', 'Your balance may fall below your reserve',
'your balance may fall below your reserve of {reserve}, from {day} to {until}. The chance of it is
{chance} %. Most likely the lowest balance is {amount}, on {lowest_day}; it may be {least}.',
'From {day} your balance may fall below {reserve}: chance {chance} %, likely low {amount}.'
        ),
        (
            'alert_dip_again', 'en', 'Your balance looks worse than we said',
'what we said of your balance has become worse: it may fall below your reserve of {reserve} from
{day} to {until}. The chance of it is {chance} %. Most likely the lowest balance is {amount}, on
{lowest_day}; it may be {least}.',
'Worse than we said: from {day} your balance may fall below {reserve}: chance {chance} %, likely '
'low {amount}.'
        ),
        (
            'alert_bill', 'en', 'A bill is due without funds',
'{name} of {amount} is due on {day}. Its account, {account}, will have about {balance} before it:
{shortfall} is missing.',
'{name} of {amount} is due on {day}: {account} has about {balance}, {shortfall} is missing.'
        ),
        (
            'alert_booking', 'en', 'Unusual spending',
'{amount} on {day} ({name}) is {times} times what is usual for {label}: {usual}, as learnt from
{count} bookings. Above {edge} we call it unusual.',
'{amount} on {day} ({name}) is {times} times what is usual for {label}, {usual}.'
        ),
        (
            'alert_day', 'en', 'A day of unusual spending',
'you spent {amount} on {day}, which is {times} times a usual day of {usual}, as learnt from {count}
days with spending. Above {edge} we call it unusual.',
'You spent {amount} on {day}, {times} times a usual day of {usual}.'
        ),
        (
            'alert_month', 'en', 'A month of unusual spending',
'you spent {amount} on {label} this month up to {day}, which is {times} times a usual month of
{usual}, as learnt from {count} months. Above {edge} we call it unusual.',
'You spent {amount} on {label} up to {day}, {times} times a usual month of {usual}.'
        ),
        (
            'alert_dip', 'de', 'Dein Kontostand könnte unter deine Reserve fallen',
'dein Kontostand könnte vom {day} bis {until} unter deine Reserve von {reserve} fallen. Die
Wahrscheinlichkeit ist {chance} %. Am tiefsten ist er wahrscheinlich am {lowest_day} mit {amount};
es können auch {least} sein.',
'Ab {day} könnte dein Kontostand unter {reserve} fallen: zu {chance} %, wohl bis {amount}.'
        ),
        (
            'alert_dip_again', 'de', 'Dein Kontostand sieht schlechter aus als gesagt',
'es ist schlechter geworden als gesagt: dein Kontostand könnte vom {day} bis {until} unter deine
Reserve von {reserve} fallen. Die Wahrscheinlichkeit ist {chance} %. Am tiefsten ist er
wahrscheinlich am {lowest_day} mit {amount}; es können auch {least} sein.',
'Schlechter als gesagt: ab {day} könnte dein Kontostand unter {reserve} fallen: zu {chance} %, '
'wohl bis {amount}.'
        ),
        (
            'alert_bill', 'de', 'Eine Rechnung ist nicht gedeckt',
'{name} über {amount} ist am {day} fällig. Auf {account} sind davor etwa {balance}: es fehlen
{shortfall}.',
'{name} über {amount} ist am {day} fällig: auf {account} sind etwa {balance}, es fehlen '
'{shortfall}.'
        ),
        (
            'alert_booking', 'de', 'Eine ungewöhnliche Ausgabe',
'{amount} am {day} ({name}) ist {times}-mal so viel wie üblich für {label}: {usual}, aus {count}
Buchungen gelernt. Ungewöhnlich nennen wir es ab {edge}.',
'{amount} am {day} ({name}): {times}-mal so viel wie üblich für {label}, {usual}.'
        ),
        (
            'alert_day', 'de', 'Ein Tag mit ungewöhnlichen Ausgaben',
'am {day} hast du {amount} ausgegeben, {times}-mal so viel wie an einem üblichen Tag mit {usual},
aus {count} Tagen gelernt. Ungewöhnlich nennen wir es ab {edge}.',
'Am {day} hast du {amount} ausgegeben, {times}-mal so viel wie üblich ({usual}).'
        ),
        (
            'alert_month', 'de', 'Ein Monat mit ungewöhnlichen Ausgaben',
'bis zum {day} hast du diesen Monat {amount} für {label} ausgegeben, {times}-mal so viel wie in
einem üblichen Monat mit {usual}, aus {count} Monaten gelernt. Ungewöhnlich nennen wir es ab
{edge}.',
'Bis {day} hast du {amount} für {label} ausgegeben, {times}-mal so viel wie üblich ({usual}).'
        );
$$;

-- The same as templates of messages: each sentence as a mail and, under its name with _sms, as a
-- text message. Worth sending for a day. Shape as core.template_rows.
create or replace function core.notice_rows()
returns table (
    template text,
    locale text,
    channel text,
    has_secret boolean,
    useful_for interval,
    subject text,
    body text
)
language sql immutable parallel safe
as $$
    select
        words.template || form.ending,
        words.locale,
        form.channel,
        false,
        interval '1 day',
        case form.channel when 'mail' then words.subject end,
        case
            when form.channel = 'sms' then words.sms
            when words.locale = 'de' then concat(
                e'Hallo,\n\n', words.mail,
                e'\n\nWas dir gesagt wird und ab wann, stellst du hier ein:\n\n    {page}'
            )
            else concat(
                e'Hello,\n\n', words.mail,
                e'\n\nWhat you are told, and from when on, is yours to set:\n\n    {page}'
            )
        end
    from core.notice_words() as words
    cross join (values ('mail', ''), ('sms', '_sms')) as form (channel, ending);
$$;

-- An amount as people read it in a language: 1,234.50 USD, in German 1.234,50 EUR.
create or replace function core.notice_money(_amount numeric, _currency text, _locale text)
returns text
language sql immutable parallel safe
as $$
    select concat(
        case
            when _locale ~ '^de' then translate(plain, ',.', '.,')
            else plain
        end,
        ' ', _currency
    )
    from (select to_char(_amount, 'FM999,999,999,999,990.00') as plain) as plains;
$$;

-- A day as people read it in a language: 24 Dec 2026, in German 24.12.2026.
create or replace function core.notice_day(_day date, _locale text)
returns text
language sql immutable parallel safe
as $$
    select to_char(
        _day::timestamp, case when _locale ~ '^de' then 'DD.MM.YYYY' else 'FMDD Mon YYYY' end
    );
$$;
