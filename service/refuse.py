"""Whatever goes wrong on the way in becomes one problem here; what nobody foresaw is masked."""

import traceback
from collections.abc import Callable
from dataclasses import dataclass

from service.errors import (
    AWAY,
    INTERNAL,
    PROBLEM_TYPE,
    TOO_SLOW,
    UNKNOWN,
    DatabaseAway,
    DatabaseRefused,
    Problem,
    problem,
    problem_of,
)
from service.exchange import Answer, Exchange, Handler


@dataclass(frozen=True, slots=True)
class RequestUnexpected:
    """Something that should not happen did; the client's answer carries the same id."""

    request_id: str
    route: str
    kind: str
    place: str


@dataclass(frozen=True, slots=True)
class DatabaseMissed:
    """A request was refused because the database was away."""

    request_id: str
    reason: str


def refuse(tell: Callable[[object], None], inner: Handler) -> Handler:
    """Answers with a problem where the rooms behind it raise."""

    async def refused(exchange: Exchange) -> Answer:
        try:
            return await inner(exchange)
        except Problem as refusal:
            return answer_of(refusal, exchange)
        except DatabaseRefused as error:
            found = problem_of(error)
            # A missing right looks like nothing there to the client; to us it is a missing grant.
            if found.status == INTERNAL.status or error.sqlstate == "42501":
                place = f"SQLSTATE {error.sqlstate}: {error.message}"
                tell(RequestUnexpected(exchange.request_id, exchange.label, "SQL", place))
            return answer_of(found, exchange)
        except DatabaseAway as away:
            tell(DatabaseMissed(exchange.request_id, away.reason))
            return answer_of(problem(UNKNOWN if away.is_outcome_unknown else AWAY), exchange)
        except TimeoutError:
            return answer_of(problem(TOO_SLOW), exchange)
        except Exception as error:  # The last wall: nothing of it reaches the client.
            kind, place = type(error).__name__, place_of(error)
            tell(RequestUnexpected(exchange.request_id, exchange.label, kind, place))
            return answer_of(problem(INTERNAL), exchange)

    return refused


def answer_of(found: Problem, exchange: Exchange) -> Answer:
    """The problem as an answer; nobody may keep it."""
    headers = {"Content-Type": PROBLEM_TYPE, "Cache-Control": "no-store", **found.headers}
    return Answer(found.status, found.body(exchange.request_id), headers)


def place_of(error: BaseException) -> str:
    """Where it happened, innermost last; without values, which may be somebody's secrets."""
    frames = traceback.extract_tb(error.__traceback__)[-6:]
    return " > ".join(
        f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in frames
    )
