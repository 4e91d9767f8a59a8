"""The prepared statements of one connection: a bounded number, the longest unused makes room."""

from collections import OrderedDict
from collections.abc import Callable
from itertools import count

from psycopg import pq

from service.lane.call import Step

TOUCHY_S = 1.0  # what was refused so lately may be refused again, and shares no sync


class Statements:
    """Names by text. A name is never used twice, so a late answer cannot mean another statement."""

    def __init__(self, pgconn: pq.abc.PGconn, sent: Callable[[Step], None], limit: int) -> None:
        self._pgconn = pgconn
        self._sent = sent
        self._limit = limit
        self._name_by_text: OrderedDict[bytes, bytes] = OrderedDict()
        self._unwanted: list[bytes] = []
        self._numbers = count(1)
        self._touchy: dict[bytes, float] = {}

    def name_of(self, statement: bytes) -> bytes:
        """The name to execute; what has none is prepared in front of its first call."""
        name = self._name_by_text.get(statement)
        if name is not None:
            self._name_by_text.move_to_end(statement)
            return name
        if len(self._name_by_text) >= self._limit:
            self._unwanted.append(self._name_by_text.popitem(last=False)[1])
        while self._unwanted:
            self._pgconn.send_close_prepared(self._unwanted.pop())
            self._sent(Step(None))
        name = b"lane%d" % next(self._numbers)
        self._pgconn.send_prepare(name, statement)
        self._sent(Step(statement))
        self._name_by_text[statement] = name
        return name

    def forget(self, statement: bytes) -> None:
        """The next call prepares it anew: the server refused it or has lost it."""
        name = self._name_by_text.pop(statement, None)
        if name is not None:
            self._unwanted.append(name)

    def distrust(self, statement: bytes, now: float) -> None:
        """A call of it was refused: for a second its calls share no sync with others."""
        if len(self._touchy) >= self._limit:
            self._touchy.clear()
        self._touchy[statement] = now + TOUCHY_S

    def is_touchy(self, statement: bytes, now: float) -> bool:
        """True while a call of it is likely to be refused."""
        return bool(self._touchy) and self._touchy.get(statement, 0.0) > now
