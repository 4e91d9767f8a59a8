-- The words of every message. Edit them here and run `make apply`: no Python knows them.
-- {name} stands for a value of that name; a message whose value is missing is refused.

-- One row per template and language, unordered: channel, subject (mails alone), text, whether it
-- carries a secret, and for how long it is worth sending. Every template is there in en.
create or replace function core.template_rows()
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
    values
        (
            'email_verification', 'en', 'mail', true, interval '1 day',
            'Confirm your e-mail address',
'Hello,

somebody signed up for Tideline with this address. If it was you, confirm it here:

    {page}/#verify={token}

If it was not you, do nothing: without it the address is never used.'
        ),
        (
            'already_registered', 'en', 'mail', false, interval '1 day',
            'You already have an account',
'Hello,

somebody tried to sign up for Tideline with this address, which has an account already. If it was
you, log in, or ask for a new password. If it was not you, nothing has changed.'
        ),
        (
            'password_reset', 'en', 'mail', true, interval '1 hour',
            'Choose a new password',
'Hello,

somebody asked for a new password for this address. If it was you, choose one here; the link works
once, and not for long:

    {page}/#reset={token}

If it was not you, do nothing: your password stays as it is.'
        ),
        (
            'password_changed', 'en', 'mail', false, interval '1 day',
            'Your password was changed',
'Hello,

the password of your account was changed, and every other device was logged out. If it was not you,
ask for a new password now.'
        ),
        (
            'new_login', 'en', 'mail', false, interval '1 day',
            'A new log-in to your account',
'Hello,

somebody logged in to your account from an address that we did not know:

    address   {client_ip}
    browser   {user_agent}

If it was not you, change your password: that logs out every other device.'
        ),
        (
            'verification_code', 'en', 'sms', true, interval '5 minutes',
            null,
'Your Tideline code is {code}. Give it to nobody; we never ask for it.'
        ),
        (
            'grant_added', 'en', 'mail', false, interval '1 day',
            'You may read somebody''s plans',
'Hello,

{name} lets you read on Tideline: {scope}. It begins once your address is confirmed and you are a
coach there, and ends when {name} takes it back.'
        ),
        (
            'account_deleted', 'en', 'mail', false, interval '1 day',
            'Your account was deleted',
'Hello,

your account and everything in it was deleted. This is the last that you hear from us.'
        ),
        (
            'email_verification', 'de', 'mail', true, interval '1 day',
            'Bestätige deine E-Mail-Adresse',
'Hallo,

jemand hat sich mit dieser Adresse bei Tideline angemeldet. Wenn du es warst, bestätige sie hier:

    {page}/#verify={token}

Wenn nicht, tu nichts: ohne Bestätigung wird die Adresse nie benutzt.'
        ),
        (
            'password_reset', 'de', 'mail', true, interval '1 hour',
            'Wähle ein neues Passwort',
'Hallo,

jemand hat für diese Adresse um ein neues Passwort gebeten. Wenn du es warst, wähle es hier; der
Link gilt einmal und nicht lange:

    {page}/#reset={token}

Wenn nicht, tu nichts: dein Passwort bleibt, wie es ist.'
        ),
        (
            'verification_code', 'de', 'sms', true, interval '5 minutes',
            null,
'Dein Code für Tideline ist {code}. Gib ihn niemandem; wir fragen nie danach.'
        );
$$;

-- The template in the language of a locale (de-AT: de), else in English; no row when there is none.
create or replace function core.template_find(_template text, _locale text)
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
        words.template, words.locale, words.channel, words.has_secret, words.useful_for,
        words.subject, words.body
    from (
        select * from core.template_rows()
        union all
        select * from core.notice_rows()
    ) as words
    where words.template = _template
      and words.locale in ('en', lower(split_part(_locale, '-', 1)))
    order by words.locale = 'en'
    limit 1;
$$;

-- One value as it may stand in a message: on one line, at most 200 characters, without what turns
-- the direction of writing. Errors: PT500 it is missing.
create or replace function core.template_value(_values jsonb, _name text)
returns text
language plpgsql immutable parallel safe
as $$
begin
    if _values ->> _name is null then
        raise exception 'the message has no value for {%}', _name using errcode = 'PT500';
    end if;
    return left(
        regexp_replace(
            _values ->> _name, '[\u0001-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]+', ' ', 'g'
        ),
        200
    );
end;
$$;

-- A text with its values in place. One pass: a value that looks like {name} stays what it is.
create or replace function core.template_filled(_text text, _values jsonb)
returns text
language sql immutable parallel safe
as $$
    select string_agg(
        piece[1] || case
            when piece[2] is null then ''
            else core.template_value(_values, piece[2])
        end,
        '' order by place
    )
    from regexp_matches(_text, '([^{]*)(?:\{([a-z_]+)\})?', 'g')
        with ordinality as pieces (piece, place);
$$;
