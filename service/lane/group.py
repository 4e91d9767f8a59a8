"""The connections of one kind and the calls that wait for them, first in, first out."""

from collections import deque

from service.errors import DatabaseAway
from service.lane.call import Call, Limits, fail
from service.lane.wire import Wire


class Group:
    """Reads or writes: a queue in front of a few wires."""

    def __init__(self, dsn: str, limits: Limits) -> None:
        self.dsn = dsn
        self.limits = limits
        self.wires: list[Wire] = []
        self.queue: deque[Call] = deque()

    def take(self, places: int, now: float) -> list[Call]:
        """The next calls, one a place; who left or waited too long is passed over."""
        batch: list[Call] = []
        queue = self.queue
        while queue and len(batch) < places:
            call = queue.popleft()
            if now >= call.enter_by:
                fail(call, DatabaseAway("waited too long for the database"))
            elif not call.answer.done():
                batch.append(call)
        return batch

    def sweep(self, now: float, reason: str) -> None:
        """Answers those whose time to enter is over, and forgets those who left."""
        queue = self.queue
        if not any(now >= call.enter_by or call.answer.done() for call in queue):
            return
        for _ in range(len(queue)):
            call = queue.popleft()
            if now >= call.enter_by:
                fail(call, DatabaseAway(f"waited too long for the database: {reason}"))
            elif not call.answer.done():
                queue.append(call)

    def empty(self, reason: str) -> None:
        """Sends everybody away."""
        while self.queue:
            fail(self.queue.popleft(), DatabaseAway(reason))
