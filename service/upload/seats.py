"""How many files are received at once, of all callers and of each: nobody fills the disk alone."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from service.dispatch.intake import LAST
from service.errors import Problem

_AGAIN_S = "10"


class Seats:
    """Counts who is sending a file to this worker."""

    def __init__(self, at_once: int, of_one: int) -> None:
        self._at_once = at_once
        self._of_one = of_one
        self._by_owner: Counter[int | None] = Counter()

    @contextmanager
    def taken(self, owner_id: int | None) -> Iterator[None]:
        """A seat until the block ends. Errors: Problem 429 one's own are taken, 503 all are."""
        headers = {**LAST, "Retry-After": _AGAIN_S}
        if self._by_owner[owner_id] >= self._of_one:
            detail = f"You are sending {self._of_one} files already: wait for one of them."
            raise Problem(429, "too_many_files", detail, headers=headers)
        if self._by_owner.total() >= self._at_once:
            raise Problem(503, "busy", "Too many files are being read. Try again.", headers=headers)
        self._by_owner[owner_id] += 1
        try:
            yield
        finally:
            self._by_owner[owner_id] -= 1
            self._by_owner += Counter()  # forgets whom nothing is left of
