"""The fast lane over TLS, whose library may hold bytes that the socket no longer announces."""

import asyncio
import ssl
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from tests.faults.proxy import proxied
from tests.support.lane import MARK, READ, note, open_lane, prepare_database
from tests.support.server import Server


@pytest.fixture(scope="module")
def name(logins: Server, new_database: Any) -> Iterator[str]:
    made = new_database(empty=True)
    prepare_database(logins.dsn(made))
    yield made
    new_database.drop(made)


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> ssl.SSLContext:
    """A server's side with a certificate of its own."""
    folder: Path = tmp_path_factory.mktemp("tls")
    key, certificate = str(folder / "key"), str(folder / "certificate")
    command = "openssl req -x509 -nodes -newkey rsa:2048 -days 2 -subj /CN=localhost"
    files = ["-keyout", key, "-out", certificate]
    subprocess.run([*command.split(), *files], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context


async def test_answers_of_any_size_arrive(logins: Server, name: str, tls: ssl.SSLContext) -> None:
    login = logins.login_dsn(name)
    parts = conninfo_to_dict(login)
    async with proxied(str(parts.get("host")), int(parts.get("port") or 5432), tls) as proxy:
        dsn = make_conninfo(login, host="127.0.0.1", port=proxy.port, sslmode="require")
        async with open_lane(dsn) as lane:
            assert await asyncio.gather(*(lane.read(READ, b"%d" % n) for n in range(1, 101))) == [
                note(n) for n in range(1, 101)
            ]
            random = Random(1)
            sizes = [random.randint(1, 50_000) for _ in range(1500)] + [1_000_000]
            while sizes:
                texts = [b"x" * sizes.pop() for _ in range(random.randint(1, 9)) if sizes]
                began = time.monotonic()
                calls = [lane.read(b"select $1::text", text) for text in texts]
                assert await asyncio.gather(*calls) == texts
                # Left in the library, they would lie there until the statement is cancelled, 2 s.
                assert time.monotonic() - began < 1.9, "bytes were left in the library"
            await lane.write(MARK, b"1")
            proxy.reset()
            assert await lane.read(READ, b"7") == note(7)
