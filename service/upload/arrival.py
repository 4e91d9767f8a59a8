"""What has arrived of a file, how fast it comes, and how it gets to the disk.

A body may come slowly, but not slower than the floor: a window of BODY_TIMEOUT_MS in which too
little came is the last one.
"""

import asyncio
import errno
import hashlib
import time
from collections.abc import Awaitable
from dataclasses import dataclass, field
from typing import Any, BinaryIO, TypeVar

from service.dispatch.intake import LAST, too_large
from service.errors import Problem

_WRITE_BYTES = 1 << 18
_FULL = (errno.ENOSPC, errno.EDQUOT)
T = TypeVar("T")


@dataclass(slots=True)
class Spooled:
    """A file that has arrived as a whole."""

    file: BinaryIO
    size: int = 0
    digest: bytes = b""
    name: str | None = None
    fields: dict[str, Any] = field(default_factory=dict)

    def told(self, asked: dict[str, Any]) -> dict[str, Any]:
        """What the function is told of it in every call."""
        return {
            "name": asked.get("name") or self.name,
            "asked": {name: said for name, said in asked.items() if name != "name"},
            "bytes_total": self.size,
            "sha256": self.digest.hex(),
        }


class Pace:
    """How much came in this window; nobody waits longer than for its end."""

    def __init__(self, window_s: float, floor_bytes_s: int) -> None:
        self._window_s = window_s
        self._least = window_s * floor_bytes_s
        self._began = time.monotonic()
        self._bytes = 0

    async def of(self, coming: Awaitable[T]) -> T:
        """What comes, in time. Errors: Problem 408."""
        try:
            async with asyncio.timeout(self._began + self._window_s - time.monotonic()):
                return await coming
        except TimeoutError:
            raise _slow() from None

    def took(self, size: int) -> None:
        """Notes what came. Errors: Problem 408 when it was too little for too long."""
        self._bytes += size
        if self._bytes >= self._least:  # the next window begins as soon as this one is earned
            self._began, self._bytes = time.monotonic(), 0


class Writer:
    """Gathers chunks and writes them in a thread; the loop goes on meanwhile."""

    def __init__(self, spooled: Spooled, most: int) -> None:
        self._spooled = spooled
        self._most = most
        self._waiting: list[bytes] = []
        self._held = 0
        self._hash = hashlib.sha256()

    async def take(self, chunk: bytes) -> None:
        """Keeps a chunk. Errors: Problem 413, and 507 when the disk is full."""
        self._spooled.size += len(chunk)
        if self._spooled.size > self._most:
            raise too_large(self._most)
        self._waiting.append(chunk)
        self._held += len(chunk)
        if self._held >= _WRITE_BYTES:
            await self._write()

    async def end(self) -> None:
        """Everything is in the file. Errors: Problem 507."""
        await self._write()
        self._spooled.digest = self._hash.digest()

    async def _write(self) -> None:
        data, self._waiting, self._held = b"".join(self._waiting), [], 0
        try:
            await asyncio.to_thread(self._store, data)
        except OSError as error:
            if error.errno in _FULL:
                raise _no_room() from None
            raise

    def _store(self, data: bytes) -> None:
        self._hash.update(data)
        left = memoryview(data)
        while left:  # unbuffered: what a full disk did not take is not tried again at the end
            left = left[self._spooled.file.write(left) :]


def _slow() -> Problem:
    return Problem(408, "slow_body", "The file did not arrive.", headers=LAST)


def _no_room() -> Problem:
    return Problem(507, "storage_full", "There is no room to store this.", headers=LAST)
