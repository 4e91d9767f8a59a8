select plan(8);

select results_eq(
    $$ select template from core.notice_words() where locale = 'en' order by template $$,
    $$ values ('alert_bill'), ('alert_booking'), ('alert_day'), ('alert_dip'), ('alert_dip_again'),
        ('alert_month') $$,
    'every alert has words in English'
);
select is_empty(
    $$ select locale from core.notice_words() group by locale
       having array_agg(template order by template) <> (
           select array_agg(template order by template)
           from core.notice_words() where locale = 'en'
       ) $$,
    'and in every other language'
);
select is(
    (
        select count(*)::integer from core.notice_rows()
        where (channel = 'mail') <> (subject is not null)
           or (channel = 'sms') <> (template ~ '_sms$')
           or regexp_replace(concat(subject, body), '\{[a-z_]+\}', '', 'g') ~ '[{}]'
    ),
    0, 'mails have a subject, and every brace holds a name'
);
select is(
    (select max(length(body))::integer <= 160 from core.notice_rows() where channel = 'sms'),
    true, 'a text message is short'
);
select is(
    (select body from core.template_find('alert_day_sms', 'de-AT')),
    'Am {day} hast du {amount} ausgegeben, {times}-mal so viel wie üblich ({usual}).',
    'they are found as every template is'
);
select results_eq(
    $$ select core.notice_money(amount, 'EUR', locale)
       from (
           values (-1234567.5, 'en-US'), (1234.5, 'de-DE'), (0, 'en')
       ) as said (amount, locale) $$,
    $$ values ('-1,234,567.50 EUR'), ('1.234,50 EUR'), ('0.00 EUR') $$,
    'amounts in the writing of a language'
);
select is(
    core.notice_day('2026-03-05', 'en-GB'), '5 Mar 2026', 'a day that nobody reads as another'
);
select is(core.notice_day('2026-03-05', 'de-AT'), '05.03.2026', 'and in German');

select * from finish();
