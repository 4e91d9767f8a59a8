-- E-mail addresses: one spelling each, and whose they are.

-- The one spelling of an e-mail that is stored and looked up: compatibility forms folded, lower
-- case.
-- Folded twice, because lower() can leave a letter that normalize() folds again.
create or replace function core.email_folded(_email text)
returns text
language sql immutable parallel safe
as $$
    select lower(normalize(lower(normalize(btrim(_email), nfkc)), nfkc));
$$;

-- Key of the user with this e-mail, however it is spelled, or null.
create or replace function core.email_owner(_email text)
returns bigint
language sql stable parallel safe
as $$
    select user_id from data.user_emails where email = core.email_folded(_email);
$$;
