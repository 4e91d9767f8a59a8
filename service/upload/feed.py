"""Frames -> calls: opens, gives part after part, and tells the function when it breaks off."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Any

from service.errors import (
    NOT_FOUND,
    REFUSED,
    DatabaseAway,
    DatabaseRefused,
    Problem,
    problem,
    refusal_in,
)
from service.exchange import Answer, Exchange, Executor
from service.routes import Route
from service.routes.binding import Once
from service.upload.parser import Frame, Frames

Call = Callable[..., Awaitable[Sequence[bytes | None]]]
_LEFT = "The client left before the end."
_LATE = "There was no more time for it."
_BROKEN_OFF = "It was broken off."
_REPLAYED = "The same request was answered meanwhile."


class Feed:
    """One file on its way into one function."""

    def __init__(
        self,
        exchange: Exchange,
        route: Route,
        executor: Executor,
        values: dict[str, Any],
        told: dict[str, Any],
        call: Call,
    ) -> None:
        self._exchange = exchange
        self._route = route
        self._executor = executor
        self._values = values
        self._told = told
        self._call = call
        self._identity = b"" if exchange.owner_id is None else b"%d" % exchange.owner_id
        self._about: dict[str, Any] = {}
        self._upload_id: Any = None
        self._part = 0
        self._is_answered = True
        self.is_open = False  # the function knows of the file, and not yet how it ends

    async def through(self, frames: Frames, once: Once | None) -> Answer:
        """The answer to the last part. Errors: Problem 422 no row can be read; those of SQL."""
        frame = await frames.next()
        if frame.kind == "refused":
            raise unreadable(frame.about)
        opened = _object(_data(await self._give(frame, is_last=False)))
        self._upload_id = opened.get("upload_id")
        self.is_open = True
        mapping = opened.get("mapping")
        await frames.say(mapping if isinstance(mapping, dict) else None)
        while True:
            frame = await frames.next()
            if frame.kind == "refused":  # it died on the way: what it knew last is what is known
                frame = Frame("last", {**self._about, "fault": frame.about}, b"[]")
            self._part += 1
            is_last = frame.kind == "last"
            fault = frame.about["fault"]
            row = await self._give(
                frame, is_last=is_last, once=once if is_last and fault is None else None
            )
            if is_last:
                break
            _data(row)
        self.is_open = False
        if fault is not None and not frame.about["row_count"]:
            raise unreadable(fault)
        data = _data(row)
        if once is None or fault is not None:
            return Answer(self._route.status, data, is_data=True)
        if row[2] != b"t":
            return Answer(int(row[1] or self._route.status), data, is_data=True)
        self._part -= 1  # another answered in its place: the function never saw the last part
        await self.end(Problem(409, "replayed", _REPLAYED))
        headers = {"Idempotency-Replayed": "true"}
        return Answer(int(row[1] or self._route.status), data, headers, is_data=True)

    async def end(self, error: BaseException) -> None:
        """Tells the function that nothing follows, and why; whether it hears it or not."""
        reason = _BROKEN_OFF
        if isinstance(error, asyncio.CancelledError):
            reason = _LEFT
        elif isinstance(error, TimeoutError):
            reason = _LATE
        elif isinstance(error, Problem):
            reason = error.detail
        elif isinstance(error, DatabaseRefused) and error.sqlstate.startswith("PT"):
            reason = error.message
        fault = {"line": None, "column": None, "reason": reason}
        last = Frame("last", {**self._about, "fault": fault}, b"[]")
        # Of a part without an answer nobody knows whether it was taken: first as that part, then as
        # the next. The one that does not fit has no effect.
        first = self._part + 1 if self._is_answered else self._part
        for part in range(first, self._part + 2):
            self._part = part
            with suppress(DatabaseRefused, DatabaseAway, TimeoutError, Problem):
                await self._give(last, is_last=True)  # else it shows as an import without an end

    async def _give(
        self, frame: Frame, *, is_last: bool, once: Once | None = None
    ) -> Sequence[bytes | None]:
        self._about = frame.about
        fault = frame.about["fault"]
        file = {
            "upload_id": self._upload_id,
            "part": self._part,
            "is_last": is_last,
            **self._told,
            **frame.about,
            "fault": fault and {name: fault[name] for name in ("line", "column", "reason")},
        }
        self._values["file"] = json.dumps(file, ensure_ascii=False).encode("utf-8", "replace")
        self._values["rows"] = frame.rows
        statement, arguments = self._route.binding.call(self._values, self._identity, once)
        self._is_answered = False
        row = await self._call(
            self._exchange,
            self._route,
            self._executor,
            statement,
            arguments,
            is_once=once is not None,
        )
        self._is_answered = True
        return row


def unreadable(told: dict[str, Any]) -> Problem:
    """422 with what the reader says of the file."""
    place = f" (line {told['line']})" if told.get("line") else ""
    field, detail = told["field"], f"{told['reason']}{place}"
    return Problem(422, told["code"], detail, field=field, errors=[(field, detail)])


def _data(row: Sequence[bytes | None]) -> bytes:
    """The answer of a call. Errors: Problem, it refuses."""
    data = row[0] if row else None
    if data is None:
        raise problem(NOT_FOUND)
    if data.startswith(REFUSED):
        raise refusal_in(data)
    return data


def _object(data: bytes) -> dict[str, Any]:
    told = json.loads(data)
    return told if isinstance(told, dict) else {}
