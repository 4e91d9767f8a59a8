select plan(13);

select results_eq(
    $$ select template from core.template_rows() where locale = 'en' order by template $$,
    $$ values ('account_deleted'), ('already_registered'), ('email_verification'), ('grant_added'),
        ('new_login'), ('password_changed'), ('password_reset'), ('verification_code') $$,
    'every message is there in English'
);
select is(
    (
        select count(*)::integer from core.template_rows() as words
        where not exists (
            select from core.template_rows() as english
            where english.locale = 'en'
              and english.template = words.template
              and english.channel = words.channel
              and english.has_secret = words.has_secret
              and english.useful_for = words.useful_for
        )
    ),
    0, 'a translation says the same on the same channel'
);
select is(
    (
        select count(*)::integer from core.template_rows()
        where (channel = 'mail') <> (subject is not null)
           or regexp_replace(concat(subject, body), '\{[a-z_]+\}', '', 'g') ~ '[{}]'
    ),
    0, 'mails have a subject, and every brace holds a name'
);
select is(
    (select max(length(body))::integer <= 160 from core.template_rows() where channel = 'sms'),
    true, 'a text message fits one message'
);

select is(
    (select locale from core.template_find('password_reset', 'de-AT')), 'de',
    'the language of the user, whatever the country'
);
select is(
    (select locale from core.template_find('password_reset', 'fr-FR')), 'en',
    'English where there is no translation'
);
select is(
    (select count(*)::integer from core.template_find('poem', 'en')), 0,
    'an unknown template is none'
);

select is(
    core.template_filled('{a} and {b}, {a}', '{"a": "one", "b": 2}'), 'one and 2, one',
    'values stand where their names were'
);
select is(
    core.template_filled('Hello {a}.', '{"a": "{b}", "b": "secret"}'), 'Hello {b}.',
    'a value that looks like a name stays what it is'
);
select is(core.template_filled(null, '{}'), null, 'no text, no text');
select is(
    core.template_value(
        jsonb_build_object('a', e'x\r\nBcc: all@example.org\t' || u&'\202Ey'), 'a'
    ),
    'x Bcc: all@example.org y', 'a value is on one line and turns no direction'
);
select is(
    length(core.template_value(jsonb_build_object('a', repeat('x', 1000)), 'a')), 200,
    'a value is short'
);
select throws_ok(
    $$ select core.template_filled('Hello {a}', '{"b": 1}') $$, 'PT500', null,
    'a message without its value is refused'
);

select * from finish();
