"""The process that reads a file: frames come out of it, and it ends with the block.

A process and not a thread: memory, time and whatever a hostile file does to them end with it.
"""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

from service.config import Config
from service.upload.arrival import Spooled

PART_ROWS = 2000
_MODULE = "service.formats.worker"
_ROOT = Path(__file__).resolve().parents[2]
_BUFFERED = 1 << 20  # of a part that waits for the database; the process waits with it
_LONGEST = 1 << 28
BROKEN = {
    "line": None,
    "column": None,
    "reason": "The file cannot be read within the memory and time there is for one.",
    "code": "broken_file",
    "field": "file",
}


class Frame(NamedTuple):
    """open, rows, last or refused; what is known of the file, and its rows as JSON."""

    kind: str
    about: dict[str, Any]
    rows: bytes


class Frames:
    """What the process says, one frame after the other."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def next(self) -> Frame:
        """The next frame; a process that died has refused the file."""
        out = self._process.stdout
        assert out is not None
        try:
            kind, about, rows = (await out.readuntil(b"\n")).split()
            told = json.loads(await out.readexactly(min(int(about), _LONGEST)))
            return Frame(kind.decode(), told, await out.readexactly(min(int(rows), _LONGEST)))
        except (asyncio.IncompleteReadError, ValueError):
            return Frame("refused", dict(BROKEN), b"[]")

    async def say(self, told: Any) -> None:
        """A line of JSON for it."""
        into = self._process.stdin
        assert into is not None
        with suppress(ConnectionError):
            into.write(json.dumps(told).encode() + b"\n")
            await into.drain()


@asynccontextmanager
async def reading(config: Config, file: Spooled, asked: dict[str, Any]) -> AsyncIterator[Frames]:
    """A process that reads this file, killed at the end of the block."""
    number = file.file.fileno()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", _MODULE,
        str(number), str(config.upload_parser_mib), str(config.upload_timeout_s),
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL, limit=_BUFFERED, pass_fds=(number,), cwd=_ROOT,
        env={"PATH": os.environ.get("PATH", ""), "LANG": "C.UTF-8"},
    )  # fmt: skip
    try:
        frames = Frames(process)
        await frames.say({**asked, "part_rows": PART_ROWS})
        yield frames
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        waiting = asyncio.ensure_future(process.wait())
        with suppress(asyncio.CancelledError):
            await asyncio.shield(waiting)
