"""A whole list as one answer: page after page of its route, each a statement of its own.

Between two pages nothing is held but the cursor: no connection, no transaction. A slow client
waits with its own bytes; one that leaves ends its stream.
"""

import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

from service.config import Config
from service.errors import Problem
from service.exchange import Answer, Exchange
from service.moment import moment
from service.routes import Route
from service.stream.forms import form_of
from service.stream.pages import Page, page_of

Fetch = Callable[[str | None], Awaitable[bytes]]  # the page that begins at a cursor
COST = 5  # of a stream, in requests of its route: docs/decisions/114
_SHARE = 4  # of the places in a worker one caller has one part in so many
_AGAIN_S = "10"
PAGE_ROWS = 200  # the most that a page of this API has
_MOST_PAGES = 1_000_000  # a cursor that goes round in a circle ends somewhere


@dataclass(frozen=True, slots=True)
class StreamEnded:
    """A streamed answer is over: whole, cut (a page failed, or it took too long), or left."""

    route: str
    outcome: str
    rows: int
    took_s: float


class Stream:
    """One streamed answer: its bytes, once, and its place among those that are open."""

    def __init__(self, room: "Streams", exchange: Exchange, name: str) -> None:
        self._room = room
        self._exchange = exchange
        self._who = who_of(exchange)
        self._is_open = True
        self.form = form_of(name)
        self.rows = 0
        room.open[self._who] += 1

    async def chunks(self, first: Page, fetch: Fetch) -> AsyncIterator[bytes]:
        """The bytes of all pages. Errors: what a page was refused with."""
        page = first
        yield self.form.begin(page)
        for _ in range(_MOST_PAGES):
            self.rows += len(page.items)
            yield self.form.add(page)
            if page.next_cursor is None:
                yield self.form.end(self.rows)
                return
            page = page_of(await fetch(page.next_cursor))
        raise RuntimeError("a list without an end")

    def close(self, outcome: str) -> None:
        """Gives the place back and tells how it went; a second time does nothing."""
        if self._is_open:
            self._is_open = False
            self._room.open[self._who] -= 1
            self._room.open += Counter()  # forgets whom nothing is left of
            took_s = time.perf_counter() - self._exchange.started
            self._room.tell(StreamEnded(self._exchange.label, outcome, self.rows, took_s))

    def __del__(self) -> None:
        self.close("left")  # refused on its way out, before a byte of it


class Streams:
    """The streams of a worker: so many at once and of one caller, others are told to come back."""

    def __init__(self, config: Config, tell: Callable[[object], None]) -> None:
        self._most = config.stream_count
        self._of_one = max(1, config.stream_count // _SHARE)
        self.tell = tell
        self.open: Counter[int | str | None] = Counter()

    async def answer(self, exchange: Exchange, route: Route, name: str, fetch: Fetch) -> Answer:
        """The first page is read before anything is said, so a refusal is one like any other.

        Errors: Problem 429 one's own are open, 503 too many are, and those of the page.
        """
        if self.open[who_of(exchange)] >= self._of_one:
            detail = f"{self._of_one} lists are on their way to you already: wait for one of them."
            headers = {"Retry-After": _AGAIN_S}
            raise Problem(429, "too_many_lists", detail, headers=headers)
        if self.open.total() >= self._most:
            raise Problem(503, "busy", "Too many lists are on their way. Try again.")
        stream = Stream(self, exchange, name)
        try:
            first = page_of(await fetch(None))
        except BaseException:
            stream.close("refused")
            raise
        word = [part for part in route.path.split("/") if part and part[0] != "{"][-1]
        day = moment()[:10].decode()
        file_name = f"{word}-{day}.{stream.form.suffix}"
        headers = {
            "Content-Type": stream.form.content_type,
            "Content-Disposition": f'attachment; filename="{file_name}"',
            "Cache-Control": "no-store",
        }
        answer = Answer(200, b"", headers)
        answer.stream = stream
        answer.chunks = stream.chunks(first, fetch)
        return answer


def who_of(exchange: Exchange) -> int | str | None:
    """Who is asking: a caller, or an address."""
    return exchange.caller.id if exchange.caller else exchange.client_ip
