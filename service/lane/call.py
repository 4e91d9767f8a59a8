"""What travels on the fast lane, and what a failed result means for it."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from psycopg import pq

from service.errors import DatabaseRefused

Row = tuple[bytes | None, ...]

FIELD = pq.DiagnosticField
STALE_PLAN = b"RevalidateCachedQuery"  # raises "cached plan must not change result type"


@dataclass(frozen=True, slots=True)
class LaneLost:
    """A connection of the lane broke."""

    reason: str


@dataclass(frozen=True, slots=True)
class LaneTaskUnexpected:
    """One of the lane's own tasks ended with an error: a bug, and a connection less."""

    reason: str


@dataclass(frozen=True, slots=True)
class LaneOverstayed:
    """A statement took longer than the fast lane allows: a bug, or a route for the pool."""

    statement: bytes


@dataclass(slots=True, eq=False)
class Call:
    """One statement on its way; answer is done when the caller has it or has left."""

    statement: bytes
    arguments: tuple[bytes | None, ...]
    is_read: bool
    is_repeatable: bool  # sent again when its connection broke: a read, or a write with a key
    answer: asyncio.Future[Row]
    enter_by: float  # loop time; not sent by then, it is dropped
    deadline: float  # loop time; the caller has an answer by then
    timeout_s: float  # for the statement alone; the server's own limit may be longer
    tries: int = 0


def fail(call: Call, error: Exception) -> None:
    """Tells the caller, unless it has left."""
    if not call.answer.done():
        call.answer.set_exception(error)


def tell_end(tell: Callable[[object], None], task: asyncio.Task[None]) -> None:
    """Tells of a task of the lane that ended by itself: they work as long as the lane."""
    if not task.cancelled() and (error := task.exception()) is not None:
        tell(LaneTaskUnexpected(f"{type(error).__name__}: {error}"))


@dataclass(slots=True, eq=False)
class Step:
    """A Parse ahead of the first call of its statement, or (None) a Close of an old one."""

    statement: bytes | None


@dataclass(slots=True)
class Flight:
    """What one connection owes, first in, first out; None in sent is the end of a sync."""

    sent: deque[Call | Step | None] = field(default_factory=deque)
    load: int = 0  # calls sent and not settled
    held: tuple[Call, Row] | None = None  # a write that ran and is not committed yet
    heard_at: float = 0.0  # loop time of the last bytes, or of sending when nothing was owed
    doubtful: float = 0  # syncs ahead in which a cancel may hit a neighbour; inf while it travels

    def first_sync(self) -> Iterator[Call]:
        """The calls that the server works on now; which of them it is cannot be seen from here."""
        if self.held:
            yield self.held[0]
        for sent in self.sent:
            if sent is None:
                return
            if isinstance(sent, Call):
                yield sent

    def calls(self) -> Iterator[Call]:
        """In the order of sending."""
        if self.held:
            yield self.held[0]
        yield from (sent for sent in self.sent if isinstance(sent, Call))


class Limits(NamedTuple):
    """Statements in flight, statements kept prepared, seconds of a statement."""

    depth: int
    statements: int
    statement_s: float


class Owner(NamedTuple):
    """What a wire tells its lane."""

    again: Callable[[Call], None]  # it did not run: send it once more
    unknown: Callable[[Call, str], None]  # it may have run
    free: Callable[[], None]  # there is room for more
    lost: Callable[[str], None]
    overstayed: Callable[[Call], None]


def sqlstate_of(result: pq.abc.PGresult) -> str:
    """The server's code; empty when libpq made the result itself because the connection broke."""
    return (result.error_field(FIELD.SQLSTATE) or b"").decode()


def is_farewell(result: pq.abc.PGresult) -> bool:
    """True when the server ends the connection with this error, so that nothing after it runs."""
    return result.error_field(FIELD.SEVERITY_NONLOCALIZED) in (b"FATAL", b"PANIC")


def is_unprepared(code: str, result: pq.abc.PGresult) -> bool:
    """True when the prepared statement is to blame, which shows before anything runs."""
    if code == "0A000":  # feature_not_supported
        return result.error_field(FIELD.SOURCE_FUNCTION) == STALE_PLAN
    return code == "26000"  # invalid_sql_statement_name


def refusal_of(code: str, result: pq.abc.PGresult) -> DatabaseRefused:
    """The error as the rest of the service knows it."""

    def text(field: pq.DiagnosticField) -> str | None:
        value = result.error_field(field)
        return None if value is None else value.decode("utf-8", "replace")

    return DatabaseRefused(
        code,
        text(FIELD.MESSAGE_PRIMARY) or "",
        text(FIELD.MESSAGE_DETAIL) or "",
        text(FIELD.COLUMN_NAME),
        text(FIELD.MESSAGE_HINT) or "",
    )
