"""One embedded server as a process: how PostgreSQL and Redis are called, set up and recognised."""

import os
import signal
import socket
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from service.embedded import housing, processes, programs
from service.embedded.housing import House
from service.embedded.processes import Account

# Fast shutdown (roll back what runs), then immediate (recover at the next start), as pg_ctl does.
POSTGRES_STEPS = ((signal.SIGINT, 15.0), (signal.SIGQUIT, 5.0))
REDIS_STEPS = ((signal.SIGTERM, 5.0),)
LOG_LIMIT_BYTES = 16 * 2**20  # a longer log is set aside at the next start
MEGABYTE = 2**20


@dataclass(slots=True)
class Guest:
    """A server of ours: program and folder tell it from a stranger who got its old process id."""

    name: str
    command: Sequence[str | Path]
    folder: Path
    log: Path
    traces: Sequence[Path]  # files that a killed server leaves and the next one stumbles over
    steps: Sequence[tuple[int, float]]
    account: Account | None
    child: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def start(self) -> None:
        """Starts the program; it is not ready yet."""
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT_BYTES:
            self.log.replace(self.log.with_suffix(".old"))
        with open(self.log, "ab") as output:
            self.child = processes.start(
                self.command,
                folder=self.folder,
                stop_signal=self.steps[0][0],
                account=self.account,
                output=output,
                environment=server_environment(),
            )

    def is_running(self) -> bool:
        """Whether the process that was started here still lives."""
        return self.child is not None and self.child.poll() is None

    def stop(self) -> None:
        """Ends the program the gentle way first; nothing when it does not run."""
        if self.is_running():
            assert self.child is not None
            processes.stop(self.child, self.steps)

    def clear(self) -> bool:
        """Ends what still runs in this folder and removes its traces; whether anything ran."""
        program = Path(self.command[0]).name
        was_running = processes.stop_left_over(self.folder, program, self.steps)
        for trace in self.traces:
            trace.unlink(missing_ok=True)
        return was_running


def postgres(
    house: House, folder: Path, version: int, port: int | None, settings: Mapping[str, str]
) -> Guest:
    """PostgreSQL with a configuration of its own beside the data folder, written at each start."""
    data = house.folder / f"pg{version}"
    access = house.folder / f"pg{version}.hba.conf"
    access.write_text("local all all scram-sha-256\nhost all all 127.0.0.1/32 scram-sha-256\n")
    configuration = house.folder / f"pg{version}.conf"
    named = house.run / f".s.PGSQL.{port or 5432}"
    in_force = {
        **_postgres_settings(),
        "hba_file": str(access),
        "listen_addresses": "127.0.0.1" if port else "",
        "port": str(port or 5432),
        "unix_socket_directories": str(house.run),
        **settings,
    }
    lines = (
        f"{name} = '{value.replace(chr(39), chr(39) * 2)}'\n" for name, value in in_force.items()
    )
    configuration.write_text(
        "# Written at each start; `alter system` keeps what you want otherwise.\n" + "".join(lines)
    )
    for file in (access, configuration):
        file.chmod(0o644)  # no secrets in them, and the server runs as somebody else under root
    return Guest(
        name=f"PostgreSQL {version}",
        command=[folder / "postgres", "-D", data, "-c", f"config_file={configuration}"],
        folder=data,
        log=house.folder / f"pg{version}.log",
        traces=(data / "postmaster.pid", named, named.with_name(f"{named.name}.lock")),
        steps=POSTGRES_STEPS,
        account=house.account,
    )


def redis(house: House) -> Guest:
    """Redis as a cache: nothing on disk, the least recently used goes first, no network."""
    folder = house.folder / "redis"
    housing.private_folder(folder, house.account)
    options = {
        "port": "0",
        "unixsocket": str(house.run / "redis.sock"),
        "unixsocketperm": "700",
        "dir": str(folder),
        "save": "",
        "appendonly": "no",
        "maxmemory": "64mb",
        "maxmemory-policy": "allkeys-lru",
    }
    words = [word for name, value in options.items() for word in (f"--{name}", value)]
    return Guest(
        name="Redis",
        command=[programs.redis_program(house.account), *words],
        folder=folder,
        log=house.folder / "redis.log",
        traces=(house.run / "redis.sock",),
        steps=REDIS_STEPS,
        account=house.account,
    )


def run(command: Sequence[str | Path], folder: Path, log: Path, account: Account | None) -> int:
    """The exit code of a program that prepares something for a server."""
    with open(log, "ab") as output:
        child = processes.start(
            command,
            folder=folder,
            stop_signal=signal.SIGTERM,
            account=account,
            output=output,
            environment=server_environment(),
        )
    try:
        return child.wait()
    finally:
        if child.poll() is None:
            processes.stop(child, ((signal.SIGTERM, 5.0),))


def redis_answers(path: str | Path) -> bool:
    """Whether a Redis behind this Unix socket says PONG."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(1.0)
        try:
            connection.connect(str(path))
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
        except OSError:
            return False


def server_environment() -> dict[str, str]:
    """Nothing of ours: a stray PGDATA or PGPORT would speak louder than the configuration."""
    return {"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC"}


def last_line(log: Path) -> str:
    """What a program said last."""
    lines = log.read_text(errors="replace").splitlines() if log.exists() else []
    return lines[-1] if lines else "its log is empty"


def _postgres_settings() -> dict[str, str]:
    # An eighth of the memory for its own pages, within what a small and a large machine bear.
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // MEGABYTE
    return {
        "shared_buffers": f"{max(64, min(512, memory // 8))}MB",
        "effective_cache_size": f"{max(128, memory // 2)}MB",
        "maintenance_work_mem": f"{max(32, min(256, memory // 16))}MB",
        "work_mem": "8MB",
        "max_connections": "100",
        "max_wal_size": "1GB",
        "random_page_cost": "1.1",
        "jit": "off",
        "fsync": "on",
        "full_page_writes": "on",
        "synchronous_commit": "on",
        "track_functions": "all",
        "track_io_timing": "on",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "log_line_prefix": "%m [%p] %q%u@%d ",
        "log_min_duration_statement": "500ms",
        "log_lock_waits": "on",
        # Well before the service's lock_timeout of 1 s, so that a deadlock is seen and tried again.
        "deadlock_timeout": "200ms",
        # Parameters are people's amounts and tokens: they never reach a log.
        "log_parameter_max_length": "0",
        "log_parameter_max_length_on_error": "0",
    }
