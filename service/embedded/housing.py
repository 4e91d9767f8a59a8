"""Where the embedded servers live and as whom they run.

PostgreSQL refuses to run as root, so root hands the servers to `nobody`; a folder that nobody
cannot enter (a clone under /root, a 0700 folder) is left as it is, and they live under /var/lib.
"""

import fcntl
import hashlib
import os
import pwd
import secrets
import shutil
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from service.embedded.processes import Account

OUTSIDE = Path("/var/lib/tideline")
SOCKET_PATH_LIMIT = 107  # bytes of sockaddr_un.sun_path without its closing zero (unix(7))
LONGEST_SOCKET = ".s.PGSQL.65535"


class EmbeddedError(Exception):
    """The embedded servers cannot do what was asked; the message is a sentence for the user."""


class HomeInUse(EmbeddedError):
    """Another run holds this home."""


@dataclass(frozen=True, slots=True)
class House:
    """folder holds data, settings, passwords and logs; run holds the sockets, on a short path."""

    folder: Path
    run: Path
    account: Account | None


def hold(path: Path) -> IO[str]:
    """The lock file, locked until it is closed or we die; its text says who holds it.

    Errors: HomeInUse with that text.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = open(path, "a+")  # noqa: SIM115 - stays open for as long as the lock is held
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.seek(0)
        holder = lock.read().strip()
        lock.close()
        raise HomeInUse(holder) from None
    lock.truncate(0)
    lock.write(f"{os.getpid()}\n")
    lock.flush()
    return lock


def settle(home: Path) -> House:
    """The house that belongs to this home, made when it is new."""
    home = home.absolute()
    home.mkdir(parents=True, exist_ok=True)
    account = _server_account()
    folder = _folder(home, account)
    run = folder / "run"
    if len(os.fsencode(run / LONGEST_SOCKET)) > SOCKET_PATH_LIMIT:
        run = _short_folder(folder, account)
    else:
        private_folder(run, account)
    return House(folder, run, account)


def leave_strays() -> list[str]:
    """Removes what lies under /var/lib for homes that are gone, a removed clone's; their paths."""
    gone = []
    for folder in OUTSIDE.glob("home-*") if os.geteuid() == 0 else ():
        home = Path((folder / "belongs_to").read_text().strip())
        if _recorded_outside(home) == folder:
            continue
        try:
            hold(folder / "servers.lock").close()
        except HomeInUse:
            continue
        shutil.rmtree(folder)
        gone.append(str(home))
    return gone


def write_private(path: Path, text: str) -> None:
    """All of the text or none of it, for our eyes only."""
    unfinished = path.with_name(f"{path.name}.new")
    unfinished.unlink(missing_ok=True)
    unfinished.touch(mode=0o600)
    unfinished.write_text(text)
    unfinished.replace(path)


def private_folder(path: Path, account: Account | None) -> None:
    """A folder that only the servers may enter."""
    path.mkdir(mode=0o700, exist_ok=True)
    give(path, account)


def give(path: Path, account: Account | None) -> None:
    """Makes the account under which servers run the owner of what we made for them."""
    if account is not None:
        os.chown(path, account.uid, account.gid)


def leave(home: Path) -> None:
    """Removes everything that the servers of this home have kept, inside the home or outside it.

    Errors: HomeInUse while they run.
    """
    home = home.absolute()
    folder = _recorded_outside(home) or home
    hold(folder / "servers.lock").close()
    if folder == home:
        for pattern in ("pg1[68]*", "pgpass", "redis*", "run", "servers.lock"):
            for path in home.glob(pattern):
                shutil.rmtree(path) if path.is_dir() else path.unlink()
    else:
        shutil.rmtree(folder, ignore_errors=True)
        (home / "outside").unlink()


def _server_account() -> Account | None:
    if os.geteuid() != 0:
        return None
    nobody = pwd.getpwnam("nobody")
    return Account(nobody.pw_uid, nobody.pw_gid)


def _folder(home: Path, account: Account | None) -> Path:
    if account is None:
        return home
    outside = _recorded_outside(home)
    if outside is not None:
        return outside
    if not (home / "outside").exists() and may_enter(home, account):
        return home
    # The random part keeps a new clone on an old path from waking up with the old one's data.
    address = hashlib.sha256(os.fsencode(home)).hexdigest()[:12]
    outside = OUTSIDE / f"home-{address}-{secrets.token_hex(4)}"
    open_folder(OUTSIDE)
    open_folder(outside)
    (outside / "belongs_to").write_text(f"{home}\n")
    (home / "outside").write_text(f"{outside}\n")
    return outside


def _recorded_outside(home: Path) -> Path | None:
    """The house under /var/lib that an earlier run made for this home and wrote down in it."""
    try:
        outside = Path((home / "outside").read_text().strip())
    except OSError:
        return None
    return outside if outside.parent == OUTSIDE and outside.is_dir() else None


def open_folder(path: Path) -> None:
    """A folder of ours that others may pass through but not list."""
    path.mkdir(exist_ok=True)
    path.chmod(0o711)


def may_enter(path: Path, account: Account) -> bool:
    """Whether this account may reach path through every folder above it."""
    for folder in (path, *path.parents):
        found = folder.stat()
        if found.st_uid == account.uid:
            needed = stat.S_IXUSR
        elif found.st_gid == account.gid:
            needed = stat.S_IXGRP
        else:
            needed = stat.S_IXOTH
        if not found.st_mode & needed:
            return False
    return True


def _short_folder(folder: Path, account: Account | None) -> Path:
    """A 0700 folder on a short path for the sockets of a folder whose own path is too long."""
    name = hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]
    if account is not None:
        open_folder(OUTSIDE)
        run = OUTSIDE / f"run-{name}"
    else:
        run = Path("/tmp") / f"tideline-{os.geteuid()}-{name}"  # noqa: S108 # nosec B108 - checked below
    private_folder(run, account)
    found = run.lstat()
    owner = account.uid if account else os.geteuid()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner or found.st_mode & 0o077:
        raise EmbeddedError(f"{run} is not a private folder of ours; remove it and start again.")
    return run
