"""Starting a process that cannot outlive us, and stopping one that an earlier run left behind.

A pid alone proves nothing, it may belong to somebody else by now: a process is ours when it runs
our program in our folder, and it is signalled through a handle that cannot change hands (pidfd).
"""

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

PR_SET_PDEATHSIG = 1  # linux/prctl.h: the signal this process gets when its parent's thread ends
LOOK_AGAIN_S = 0.02

# Asked for before any fork: between fork and exec nothing may be imported or looked up.
_prctl = getattr(ctypes.CDLL(None), "prctl", None)


@dataclass(frozen=True, slots=True)
class Account:
    """Whom a server runs as when we are root."""

    uid: int
    gid: int


def tied_to_parent(signum: int) -> Callable[[], None]:
    """What a child runs between fork and exec so that it gets signum when we are gone.

    Linux forgets the wish when credentials change, and subprocess changes them before it runs this.
    """
    parent = os.getpid()

    def tie() -> None:
        if _prctl is not None:
            _prctl(PR_SET_PDEATHSIG, signum)
        if os.getppid() != parent:
            os._exit(1)  # we died before the wish was heard

    return tie


def stop_with_parent(parent: int | None) -> bool:
    """Asks for SIGTERM when our parent ends; False when the parent named is already gone."""
    if _prctl is not None:
        _prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    return parent in (None, os.getppid())


def start(
    command: Sequence[str | Path],
    *,
    folder: Path,
    stop_signal: int,
    account: Account | None = None,
    output: IO[bytes] | int | None = None,
    environment: Mapping[str, str] | None = None,
    keep_open: Sequence[int] = (),
) -> subprocess.Popen[bytes]:
    """A child in a session of its own, where Ctrl-C does not reach; it ends with our thread."""
    return subprocess.Popen(
        [str(word) for word in command],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        env=environment,
        pass_fds=keep_open,
        start_new_session=True,
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
        preexec_fn=tied_to_parent(stop_signal),
    )


def stop(child: subprocess.Popen[bytes], steps: Sequence[tuple[int, float]]) -> None:
    """Sends each signal in turn and waits its seconds until the child is gone; SIGKILL is last."""
    for signum, wait_s in (*steps, (signal.SIGKILL, 10.0)):
        child.send_signal(signum)
        try:
            child.wait(wait_s)
        except subprocess.TimeoutExpired:
            continue
        return


def running_in(folder: Path, program: str) -> dict[int, int]:
    """Process id -> parent's id of everything that runs program with folder as its directory."""
    here = str(folder.resolve())
    found = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdecimal():
            continue
        try:
            if os.readlink(entry / "cwd") != here:
                continue
            executable = os.readlink(entry / "exe").removesuffix(" (deleted)")
            # The name may hold spaces and brackets; what follows its last bracket is state, parent.
            parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
        except (OSError, ValueError):  # gone meanwhile, or not ours to look at
            continue
        if Path(executable).name == program:
            found[int(entry.name)] = parent
    return found


def runs_from(folder: Path) -> Iterator[int]:
    """Process ids of those whose program lies below folder, as far as we may look."""
    for entry in Path("/proc").iterdir():
        with suppress(OSError):
            if entry.name.isdecimal() and Path(os.readlink(entry / "exe")).is_relative_to(folder):
                yield int(entry.name)


def stop_left_over(folder: Path, program: str, steps: Sequence[tuple[int, float]]) -> bool:
    """Ends what an earlier run left behind in folder; whether there was anything.

    Signals go to the eldest only: the backends of PostgreSQL end with their postmaster, or alone
    when it was killed. Errors: TimeoutError when something does not even heed SIGKILL.
    """
    if not running_in(folder, program):
        return False
    for signum, wait_s in (*steps, (signal.SIGKILL, 10.0)):
        family = running_in(folder, program)
        for pid in (pid for pid, parent in family.items() if parent not in family):
            _signal(pid, folder, program, signum)
        deadline = time.monotonic() + wait_s
        while time.monotonic() < deadline:
            if not running_in(folder, program):
                return True
            time.sleep(LOOK_AGAIN_S)
    raise TimeoutError(f"A {program} of an earlier run in {folder} does not end.")


def _signal(pid: int, folder: Path, program: str, signum: int) -> None:
    """Sends signum to pid if it still is what we think."""
    with suppress(ProcessLookupError):
        handle = os.pidfd_open(pid)
        try:
            if pid in running_in(folder, program):
                signal.pidfd_send_signal(handle, signum)
        finally:
            os.close(handle)


class Stopped(BaseException):
    """SIGTERM, SIGINT or SIGHUP arrived."""


@contextmanager
def stopped_by_signals() -> Iterator[None]:
    """Inside, the first signal raises Stopped; the next ones do not disturb the cleaning up."""

    def stop(signum: int, frame: object) -> None:
        for each in signals:
            signal.signal(each, signal.SIG_IGN)
        raise Stopped

    signals = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
    for signum in signals:
        signal.signal(signum, stop)
    try:
        yield
    finally:
        for signum in signals:
            signal.signal(signum, signal.SIG_DFL)
