"""What a production start asks of its database before anybody is let in.

Who our logins are there, whether what is acknowledged is safe on disk, and whether the server's
log keeps values to itself. service/production.py asks the settings; this asks the other side.
"""

import time
from collections.abc import Callable, Iterator
from typing import NamedTuple

import psycopg

from service.config import Config
from service.knob import WrongSetting

PATIENCE_S = 2  # for one attempt; libpq takes no less
AGAIN_S = 0.5
# A login that is refused will be refused again; a server that is away may come back.
_REFUSED = ("28", "3D", "42")

_ASK = """
select
    login.rolsuper,
    login.rolbypassrls,
    login.rolcreaterole or login.rolcreatedb or login.rolreplication,
    exists (
        select from pg_catalog.pg_roles as other
        where other.rolname in ('owner', 'steward')
          and pg_catalog.pg_has_role(login.oid, other.oid, 'member')
    ) or exists (
        select from pg_catalog.pg_class as relation
        inner join pg_catalog.pg_namespace as namespace on namespace.oid = relation.relnamespace
        where relation.relowner = login.oid
          and namespace.nspname in ('data', 'mart', 'core', 'api')
    ),
    pg_catalog.current_setting('fsync') = 'on',
    pg_catalog.current_setting('full_page_writes') = 'on',
    pg_catalog.current_setting('synchronous_commit') not in ('off', 'local'),
    pg_catalog.current_setting('log_parameter_max_length') = '0',
    pg_catalog.current_setting('log_parameter_max_length_on_error') = '0',
    pg_catalog.current_setting('log_min_messages') in ('log', 'fatal', 'panic')
from pg_catalog.pg_roles as login
where login.rolname = session_user
"""


class Answer(NamedTuple):
    """What the database says of a login and of itself."""

    is_superuser: bool
    bypasses_rows: bool
    makes_roles: bool
    is_owner: bool
    syncs: bool
    writes_pages: bool
    commits_safely: bool
    logs_no_parameters: bool
    logs_no_parameters_of_errors: bool
    logs_no_refusals: bool


def insist(config: Config, tell: Callable[[str], None]) -> None:
    """Returns once the database will do; waits while it is away. Errors: WrongSetting.

    Only production asks. It serves nobody before it was answered.
    """
    if config.environment != "production":
        return
    for name, dsn in logins(config):
        for refused in faults(name, _answered(name, dsn, tell)):
            raise WrongSetting(f"{refused} in production.")


def logins(config: Config) -> Iterator[tuple[str, str]]:
    """Each way to the database that the workers know, by its setting."""
    yield "DATABASE_URL", config.database_url
    if config.database_url_direct:
        yield "DATABASE_URL_DIRECT", config.database_url_direct


def faults(name: str, answer: Answer) -> Iterator[str]:
    """What will not do, as sentences without their end; name is the setting of the login."""
    if answer.is_superuser:
        yield f"{name} must not log in as a superuser"
    if answer.bypasses_rows:
        yield f"{name} must not log in as a role that bypasses row security"
    if answer.makes_roles:
        yield f"{name} must not log in as a role that makes roles or databases, or replicates"
    if answer.is_owner:
        yield f"{name} must not log in as a role that owns, or is a member of owner or steward,"
    for is_fine, setting, value in (
        (answer.syncs, "fsync", "on"),
        (answer.writes_pages, "full_page_writes", "on"),
        (answer.commits_safely, "synchronous_commit", "on"),
        (answer.logs_no_parameters, "log_parameter_max_length", "0"),
        (answer.logs_no_parameters_of_errors, "log_parameter_max_length_on_error", "0"),
        (answer.logs_no_refusals, "log_min_messages", "log"),
    ):
        if not is_fine:
            yield f"{setting} of the database must be {value} for the login of {name}"


def ask(dsn: str) -> Answer:
    """One question on a connection of its own. Errors: psycopg.Error."""
    with psycopg.connect(
        dsn, autocommit=True, connect_timeout=PATIENCE_S, prepare_threshold=None
    ) as connection:
        row = connection.execute(_ASK).fetchone()
    assert row is not None
    return Answer(*row)


def _answered(name: str, dsn: str, tell: Callable[[str], None]) -> Answer:
    is_told = False
    while True:
        try:
            return ask(dsn)
        except psycopg.Error as reason:
            words = str(reason)
            if (reason.sqlstate or "").startswith(_REFUSED) or "authentication failed" in words:
                raise WrongSetting(f"{name} is not let in by the database.") from None
            if not is_told:
                tell(f"waiting for the database of {name}; nobody is served before it has answered")
                is_told = True
        time.sleep(AGAIN_S)
