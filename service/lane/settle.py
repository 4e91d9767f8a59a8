"""From results to callers: each gets its own row or its own error, or is sent once more.

Why a write counts at its sync only, and what is safe to send again: docs/decisions/011.
"""

import asyncio

from psycopg import pq

from service.lane.call import (
    Call,
    Flight,
    Owner,
    Row,
    Step,
    is_farewell,
    is_unprepared,
    refusal_of,
    sqlstate_of,
)
from service.lane.statements import Statements

# Plain integers: comparing with a member of an enum costs more than the comparison itself.
TUPLES_OK = int(pq.ExecStatus.TUPLES_OK)
COMMAND_OK = int(pq.ExecStatus.COMMAND_OK)
FATAL_ERROR = int(pq.ExecStatus.FATAL_ERROR)
ABORTED = int(pq.ExecStatus.PIPELINE_ABORTED)
SYNC = int(pq.ExecStatus.PIPELINE_SYNC)


class Settler:
    """Reads one connection's results in the order in which their commands were sent."""

    def __init__(
        self, pgconn: pq.abc.PGconn, flight: Flight, statements: Statements, owner: Owner
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self._pgconn = pgconn
        self._flight = flight
        self._statements = statements
        self._owner = owner
        self._silent_s = 0.0  # before the results that are being read
        self._refused_step: pq.abc.PGresult | None = None

    def read(self) -> str:
        """Settles all that has arrived. A text is the reason to end the connection."""
        pgconn, flight = self._pgconn, self._flight
        now = self._loop.time()
        self._silent_s, flight.heard_at = now - flight.heard_at, now
        while flight.sent and not pgconn.is_busy():
            result = pgconn.get_result()
            if result is None:
                return "a command had no result"
            status = result.status
            sent = flight.sent[0]
            if status == SYNC:
                if sent is not None:
                    return "a sync came before its commands were settled"
                flight.sent.popleft()
                self._synced()
                continue
            if status == FATAL_ERROR:
                if not sqlstate_of(result):
                    return result.get_error_message()
                if is_farewell(result):
                    return self._farewell(result)
            pgconn.get_result()  # The null that ends the results of one command.
            if sent is None:
                self._commit_refused(result)
                continue
            flight.sent.popleft()
            if isinstance(sent, Step):
                self._stepped(sent, status, result)
            elif status in (TUPLES_OK, COMMAND_OK):
                self._ran(sent, result)
            elif status == FATAL_ERROR:
                flight.load -= sent.is_read
                self._refused(sent, result)
            elif status == ABORTED:
                flight.load -= sent.is_read
                self._aborted(sent)
            else:
                flight.sent.appendleft(sent)
                return f"a command ended in status {status}"
        return ""

    def _ran(self, call: Call, result: pq.abc.PGresult) -> None:
        row: Row = (None,) * result.nfields
        if result.ntuples:
            row = tuple([result.get_value(0, column) for column in range(result.nfields)])
        if not call.is_read:
            self._flight.held = call, row  # The commit comes with the sync.
            return
        self._flight.load -= 1
        if not call.answer.done():
            call.answer.set_result(row)

    def _synced(self) -> None:
        flight = self._flight
        if flight.doubtful:
            flight.doubtful -= 1
        if flight.held:
            (call, row), flight.held = flight.held, None
            if not call.answer.done():
                call.answer.set_result(row)
        if not flight.sent:
            flight.load = 0

    def _stepped(self, step: Step, status: int, result: pq.abc.PGresult) -> None:
        if status == COMMAND_OK or step.statement is None:
            return
        self._statements.forget(step.statement)
        self._refused_step = result if status == FATAL_ERROR else None

    def _aborted(self, call: Call) -> None:
        """Never ran. If its own Parse failed that is its answer, otherwise a neighbour failed."""
        result, self._refused_step = self._refused_step, None
        if result is None:
            self._owner.again(call)
        else:
            self._refused(call, result)

    def _commit_refused(self, result: pq.abc.PGresult) -> None:
        """A deferred rule broke at the sync: the write ran and was rolled back."""
        if self._flight.held:
            (call, _), self._flight.held = self._flight.held, None
            self._refused(call, result)

    def _refused(self, call: Call, result: pq.abc.PGresult) -> None:
        """An SQL error rolls its sync back, so that sending it again never doubles anything."""
        if call.answer.done():
            return
        code = sqlstate_of(result)
        if is_unprepared(code, result):
            self._statements.forget(call.statement)
            self._owner.again(call)
        elif code == "57014" and self._flight.doubtful and self._silent_s < call.timeout_s:
            call.tries += 1  # The cancel was meant for a neighbour: this one goes alone next time.
            self._owner.again(call)
        else:
            if code == "57014":
                self._owner.overstayed(call)
            self._statements.distrust(call.statement, self._loop.time())
            call.answer.set_exception(refusal_of(code, result))

    def _farewell(self, result: pq.abc.PGresult) -> str:
        """The server ends the connection in place of a result: nothing from here on has run."""
        calls = [sent for sent in self._flight.sent if isinstance(sent, Call)]
        self._flight.sent.clear()
        for call in reversed(calls):
            self._owner.again(call)
        return f"{sqlstate_of(result)} {result.get_error_message()}"
