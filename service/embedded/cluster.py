"""The data folder of the embedded PostgreSQL: how it is made, who may log in and with what."""

import secrets
import shutil
from pathlib import Path

import psycopg
from psycopg import sql

from service.embedded import guests, housing
from service.embedded.guests import Guest
from service.embedded.housing import EmbeddedError, House

LOGINS = ("postgres", "service")


def passwords(file: Path) -> dict[str, str]:
    """A password for each login, kept in libpq's own format: PGPASSFILE can point at the file."""
    if not file.exists():
        lines = (f"*:*:*:{login}:{secrets.token_urlsafe(24)}\n" for login in LOGINS)
        housing.write_private(file, "".join(lines))
    known = (line.split(":") for line in file.read_text().splitlines())
    return {fields[3]: fields[4] for fields in known}


def make_data(house: House, programs: Path, postgres: Guest, password: str) -> None:
    """A data folder for this server. Errors: EmbeddedError with what initdb said last."""
    # Made beside its place and moved there when complete: initdb may be killed half-way.
    data = postgres.folder
    unfinished = data.with_name(f"{data.name}.new")
    shutil.rmtree(unfinished, ignore_errors=True)
    housing.private_folder(unfinished, house.account)
    pwfile = house.run / "password"
    housing.write_private(pwfile, password)
    housing.give(pwfile, house.account)
    command: list[str | Path] = [
        *(programs / "initdb", "-D", unfinished, "-U", "postgres", "-E", "UTF8"),
        *("--locale=C.UTF-8", "--data-checksums", "--auth=scram-sha-256"),
        f"--pwfile={pwfile}",
    ]
    log = postgres.log
    try:
        code = guests.run(command, unfinished, log, house.account)
    finally:
        pwfile.unlink()
    if code != 0:
        raise EmbeddedError(f"initdb failed: {guests.last_line(log)} (all of it is in {log})")
    unfinished.rename(data)


def make_database(connection: psycopg.Connection, name: str, password: str) -> None:
    """The database, and the login of migration 0001 before it, because ours has a password."""
    made = connection.execute(
        "select exists (select from pg_catalog.pg_roles where rolname = 'service'),"
        " exists (select from pg_catalog.pg_database where datname = %s)",
        [name],
    ).fetchone()
    assert made is not None
    has_login, has_database = made
    if not has_login:
        # The verifier instead of the password: statements may end in a log.
        verifier = connection.pgconn.encrypt_password(
            password.encode(), b"service", b"scram-sha-256"
        )
        connection.execute(
            sql.SQL(
                "create role service login nosuperuser nocreatedb nocreaterole noinherit"
                " nobypassrls password {}"
            ).format(sql.Literal(verifier.decode()))
        )
    # A refusal quotes the value that it refuses; the client is told, the log need not be.
    connection.execute("alter role service set log_min_messages = 'log'")
    if not has_database:
        connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
