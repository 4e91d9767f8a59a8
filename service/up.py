"""`tideline up`: from a bare checkout to a page that answers, and nothing left running afterwards.

First the home and the port are taken, so that a refusal comes at once; then servers, schema, demo
household, workers. .tideline/up.json is there exactly while /ready has answered.
"""

import json
import os
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from service import embedded, keys, load, schema, token, workers
from service.config import Config
from service.embedded import housing, processes

READY_WITHIN_S = 60.0
ASK_READY_S = 0.05
FAILURES_AT_START = 3  # workers that die this often in a row will not do better the next time
# What asks ourselves is never sent through a proxy of the environment.
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the command line asked for; None leaves it to the environment."""

    home: Path
    version: int
    port: int | None
    workers: int | None


def up(wishes: Wishes, environ: Mapping[str, str]) -> int:
    """Runs until a signal ends it; the exit status. Errors: commands.EXPECTED lists them."""
    began = time.monotonic()
    environment = workers.chosen(environ, wishes.port, wishes.workers)
    environment.setdefault("LOG_LEVEL", "warning")  # a line for each request would bury the address
    config = Config.from_env(environment)
    if config.environment == "production":
        raise workers.CannotServe(
            "TIDELINE_ENV must not be production here: `up` makes a demo household and prints its "
            "token. Use migrate, apply and serve."
        )
    note = wishes.home / "up.json"
    try:
        with processes.stopped_by_signals(), ExitStack() as stack:
            stack.enter_context(_held(wishes.home, note))
            old_token = token.left_in(note)
            note.unlink(missing_ok=True)
            listening = stack.enter_context(_bound(config))
            servers = _servers(wishes, environment)
            if servers is not None:
                stack.callback(servers.stop)
            if not config.secret_key:
                environment["SECRET_KEY"] = secret_in(wishes.home / "secret_key")
            config = Config.from_env(environment)
            user_id, public_id = _prepared(config)
            if old_token is not None:
                token.revoked(config.direct_url, old_token)
            new_token = token.issued(config.direct_url, user_id)
            stack.callback(token.revoked, config.direct_url, new_token)
            crew = workers.Workers(
                config.workers, listening, environment, config.shutdown_timeout_s, _tell
            )
            stack.callback(crew.stop)
            crew.start()
            url = f"http://{_shown(config.host)}:{config.port}"
            _wait_until_ready(url, crew)
            stack.callback(note.unlink, missing_ok=True)
            content = {"url": url, "token": new_token, "user_id": public_id, "pid": os.getpid()}
            housing.write_private(note, json.dumps(content) + "\n")
            _greet(url, new_token, time.monotonic() - began)
            while True:
                time.sleep(workers.LOOK_S)
                crew.keep()
                for name in servers.revive() if servers is not None else ():
                    _tell(f"{name} had ended and was started again")
    except processes.Stopped:
        _tell("stopped; the data stay for the next start")
    return 0


def _held(home: Path, note: Path) -> ExitStack:
    """The home's lock. Errors: CannotServe when another run has it."""
    held = ExitStack()
    try:
        held.enter_context(housing.hold(home / "up.lock"))
    except housing.HomeInUse as reason:
        try:
            where = f" at {json.loads(note.read_text())['url']}"
        except (OSError, ValueError, KeyError):
            where = ""  # it is still starting
        raise workers.CannotServe(
            f"Tideline already runs from {home}{where} (process {reason}). "
            f"Use it, or stop it first: kill {reason}"
        ) from None
    return held


def _bound(config: Config) -> socket.socket:
    """The port. Errors: CannotServe, with a port that is free."""
    try:
        return workers.bind(config.host, config.port)
    except workers.PortTaken as reason:
        free = workers.free_port(config.host, config.port)
        raise workers.CannotServe(
            f"{reason} Choose another one, for example: make up PORT={free}"
        ) from None


def _servers(wishes: Wishes, environment: dict[str, str]) -> embedded.Servers | None:
    """Starts what the environment does not name, and names it there; None when it names both."""
    wanted = embedded.Wanted(
        postgres="DATABASE_URL" not in environment, redis="CACHE_REDIS_URL" not in environment
    )
    if not (wanted.postgres or wanted.redis):
        return None
    port = _pg_port(environment.get("PG_PORT"))
    servers = embedded.start(wishes.home, wishes.version, wanted=wanted, port=port, progress=_tell)
    environment.update(servers.environment())
    return servers


def _pg_port(text: str | None) -> int | None:
    if text is None:
        return None
    if not (text.isdecimal() and 1 <= int(text[:6]) <= 65535):
        raise workers.CannotServe("PG_PORT must be a port, a number between 1 and 65535.")
    return int(text)


def _prepared(config: Config) -> tuple[int, str]:
    """Brings the database to this checkout; the demo user's id and public id."""
    dsn = config.direct_url
    schema.migrate(dsn, _tell)
    report = schema.apply(dsn, _tell)
    schema.keep(dsn)
    _tell(f"applied {report.functions} functions and {report.routes} routes")
    return load.demo(dsn, _tell)


def secret_in(path: Path) -> str:
    """The key of this home: made once, so that what it signed holds after a restart."""
    if not path.exists():
        housing.write_private(path, keys.fresh_secret() + "\n")
    return path.read_text(encoding="ascii").strip()


def _wait_until_ready(url: str, crew: workers.Workers) -> None:
    deadline = time.monotonic() + READY_WITHIN_S
    while not _is_ready(url):
        crew.keep()
        if crew.failures() >= FAILURES_AT_START:
            raise workers.CannotServe("The service ends again and again; the lines above say why.")
        if time.monotonic() > deadline:
            raise workers.CannotServe(
                f"{url}/ready did not answer 200 within {READY_WITHIN_S:.0f} s."
            )
        time.sleep(ASK_READY_S)


def _is_ready(url: str) -> bool:
    try:
        with _DIRECT.open(f"{url}/ready", timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _shown(host: str) -> str:
    """The address to open for the address that we listen on."""
    if host in ("0.0.0.0", "::"):  # noqa: S104 # nosec B104 - compared
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host


def _greet(url: str, token: str, took_s: float) -> None:
    print(
        f"""
Tideline is ready after {took_s:.1f} s.

  Open   {url}/#token={token}
  API    {url}/docs
  Token  {token}
  Try    curl -s -H 'Authorization: Bearer {token}' \\
           '{url}/api/v2/users/me/forecast?days=30'
  Stop   Ctrl-C
""",
        flush=True,
    )


def _tell(line: str) -> None:
    print(f"tideline: {line}", flush=True)
