"""How the embedded servers are set up: what they keep, what they tell, who gets in."""

import os
import stat
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from service import embedded
from service.embedded import Servers, housing
from tests.support.embedded import keep, value
from tests.support.server import free_port


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        ("data_checksums", "on"),
        ("fsync", "on"),
        ("full_page_writes", "on"),
        ("synchronous_commit", "on"),
        ("password_encryption", "scram-sha-256"),
        ("log_parameter_max_length", "0"),
        ("log_parameter_max_length_on_error", "0"),
        ("track_functions", "all"),
        ("listen_addresses", ""),
        ("server_encoding", "UTF8"),
    ],
)
def test_a_server_is_set_up_to_keep_what_it_takes_and_to_tell_nothing(
    every_setting: dict[str, str], setting: str, expected: str
) -> None:
    assert every_setting[setting] == expected


@pytest.fixture(scope="module")
def every_setting(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    home = tmp_path_factory.mktemp("settings") / "home"
    servers = embedded.start(home)
    with psycopg.connect(servers.database_url_direct) as connection:
        rows = connection.execute("select name, setting from pg_settings").fetchall()
    servers.stop()
    housing.leave(home)
    return dict(rows)


def test_passwords_and_sockets_are_for_our_eyes_only(
    start: Callable[..., Servers], home: Path
) -> None:
    start()
    house = housing.settle(home)
    assert stat.S_IMODE((house.folder / "pgpass").stat().st_mode) == 0o600
    assert stat.S_IMODE((house.folder / "servers.json").stat().st_mode) == 0o600
    assert stat.S_IMODE(house.run.stat().st_mode) == 0o700
    assert stat.S_IMODE((house.folder / "pg18").stat().st_mode) == 0o700


def test_a_login_without_its_password_is_refused(start: Callable[..., Servers]) -> None:
    url = start().database_url
    password = url.split(":")[2].split("@")[0]
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(url.replace(password, "wrong"))


def test_the_port_is_open_only_when_asked_for(start: Callable[..., Servers], home: Path) -> None:
    port = free_port()
    servers = start(port=port)
    with psycopg.connect(servers.database_url_direct, host="127.0.0.1") as connection:
        assert connection.info.port == port


def test_each_version_has_data_of_its_own(start: Callable[..., Servers], home: Path) -> None:
    for version in (18, 16):
        servers = start(version)
        assert int(str(value(servers, "show server_version_num"))) // 10000 == version
        keep(servers, version)
        servers.stop()
    for version in (18, 16):
        servers = start(version)
        assert value(servers, "select number from kept") == version
        servers.stop()


def test_a_home_has_one_master(start: Callable[..., Servers], home: Path) -> None:
    start()
    with pytest.raises(housing.HomeInUse, match=str(os.getpid())):
        embedded.start(home)


def test_a_home_on_a_long_path_has_its_sockets_on_a_short_one(tmp_path: Path) -> None:
    home = tmp_path.joinpath(*["a-folder-with-a-long-name"] * 6)
    assert len(str(home)) > housing.SOCKET_PATH_LIMIT
    servers = embedded.start(home)
    run = housing.settle(home).run
    try:
        assert value(servers, "select 1") == 1
        assert len(str(run)) < housing.SOCKET_PATH_LIMIT
    finally:
        servers.stop()
        housing.leave(home)
    assert not run.exists()
