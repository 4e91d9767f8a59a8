"""One connection of the fast lane: libpq in pipeline mode, one reader, one flush per batch.

Figures: docs/limits.md 2. What may share a sync, and why: docs/decisions/010.
"""

import asyncio
import math
import os
import select
from collections.abc import Sequence
from contextlib import suppress

import psycopg

from service.connection import CANCEL_TIMEOUT_S
from service.lane.call import Call, Flight, Limits, Owner
from service.lane.settle import Settler
from service.lane.statements import Statements

GRACE_S = 0.5  # beyond its timeout, until a server that says nothing is suspect
ABANDONED_S = 0.25  # a statement whose caller left may still end by itself


class Wire:
    """Sends batches of calls and hands each caller its own row."""

    def __init__(self, connection: psycopg.AsyncConnection, limits: Limits, owner: Owner) -> None:
        self._loop = asyncio.get_running_loop()
        self._connection = connection
        self._pgconn = connection.pgconn
        self._pgconn.notice_handler = None
        self._pgconn.nonblocking = 1
        self._pgconn.enter_pipeline_mode()
        # libpq closes its own descriptor when the connection breaks, under the loop's feet.
        self._fd = os.dup(self._pgconn.socket)
        self._broken = select.poll()
        self._broken.register(self._fd, 0)  # Asks for nothing: errors and the end are told anyway.
        self._limits = limits
        self._owner = owner
        self._flight = Flight()
        self._statements = Statements(self._pgconn, self._flight.sent.append, limits.statements)
        self._settler = Settler(self._pgconn, self._flight, self._statements, owner)
        self._uses_tls = bool(self._pgconn.ssl_in_use)
        self._is_writing = False
        self._canceller: asyncio.Task[None] | None = None
        self.ended = asyncio.Event()
        self._loop.add_reader(self._fd, self._on_readable)

    @property
    def places(self) -> int:
        """How many calls may be sent now."""
        if self.ended.is_set() or self._canceller:
            return 0
        return self._limits.depth - self._flight.load

    def send(self, calls: Sequence[Call], now: float) -> None:
        """Sends these with one flush: under one sync, except those that are likely to fail."""
        if not self._flight.sent:
            self._flight.heard_at = now
        touchy = self._statements.is_touchy
        alone = [call for call in calls if call.tries > 1 or touchy(call.statement, now)]
        shared = [call for call in calls if call not in alone] if alone else calls
        try:
            if shared:
                self._send_sync(shared)
            for call in alone:
                self._send_sync((call,))
            if self._pgconn.flush() and not self._is_writing:
                self._is_writing = True
                self._loop.add_writer(self._fd, self._on_writable)
        except psycopg.Error as error:
            sent = set(self._flight.calls())
            for call in reversed(calls):
                if call not in sent:
                    self._owner.again(call)
            self.drop(str(error))

    def watch(self, now: float) -> bool:
        """Ends what overstays. True when a live server would have answered by now.

        A read past its deadline gets TimeoutError, a write may have run. A statement that takes
        longer than its route allows is cancelled, as is one that nobody waits for.
        """
        for call in self._flight.calls():
            if now >= call.deadline and not call.answer.done():
                self._owner.overstayed(call)
                if call.is_read:
                    call.answer.set_exception(TimeoutError("the statement took too long"))
                else:
                    self._owner.unknown(call, "no answer in time")
        if self._uses_tls and self._flight.sent:
            self._nudge()
        # libuv calls once for a socket with an error, then forgets it: docs/decisions/011.
        while not self.ended.is_set() and self._broken.poll(0):
            self._on_readable()
        if self.ended.is_set() or not self._flight.sent:
            return False
        silent_s = now - self._flight.heard_at
        if silent_s > self._limits.statement_s * max(self._flight.load, 1) + 2 * GRACE_S:
            self.drop("silent for longer than all its statements may take")
            return True
        working = list(self._flight.first_sync())
        patience_s = min((call.timeout_s for call in working), default=self._limits.statement_s)
        has_left = bool(working) and working[0].answer.done() and silent_s > ABANDONED_S
        if silent_s > patience_s or has_left:
            self._cancel()
        return silent_s > patience_s + GRACE_S

    def drop(self, reason: str) -> None:
        """Ends the connection. What is repeatable goes back; another write may have run."""
        if self.ended.is_set():
            return
        self.ended.set()
        self._loop.remove_reader(self._fd)
        if self._is_writing:
            self._loop.remove_writer(self._fd)
        os.close(self._fd)
        if self._canceller:
            self._canceller.cancel()
        calls = list(self._flight.calls())
        self._flight.sent.clear()
        self._flight.held = None
        self._pgconn.finish()
        self._owner.lost(reason)
        for call in reversed(calls):
            if call.is_repeatable:
                self._owner.again(call)
            else:
                self._owner.unknown(call, reason)

    def _send_sync(self, calls: Sequence[Call]) -> None:
        pgconn, flight = self._pgconn, self._flight
        for call in calls:
            name = self._statements.name_of(call.statement)
            try:
                pgconn.send_query_prepared(name, call.arguments)
            except (TypeError, ValueError) as error:  # The arguments are no bytes: nothing is sent.
                call.answer.set_exception(error)
                continue
            flight.sent.append(call)
            flight.load += 1
        pgconn.pipeline_sync()
        flight.sent.append(None)

    def _on_writable(self) -> None:
        try:
            if not self._pgconn.flush():
                self._is_writing = False
                self._loop.remove_writer(self._fd)
        except psycopg.Error as error:
            self.drop(str(error))

    def _on_readable(self) -> None:
        end = ""
        try:
            self._pgconn.consume_input()
        except psycopg.Error as error:
            end = str(error)  # What came before the end is still to be read.
        try:
            end = self._settler.read() or end
        except Exception as error:  # Whatever it is: nobody may get a neighbour's answer.
            end = f"results out of step: {error!r}"
        if end:
            self.drop(end)
        elif self._flight.load < self._limits.depth:
            self._owner.free()

    def _nudge(self) -> None:
        """Reads without being called: TLS may hold bytes that the socket does not announce."""
        owed, heard_at = len(self._flight.sent), self._flight.heard_at
        self._on_readable()
        if len(self._flight.sent) == owed:
            self._flight.heard_at = heard_at

    def _cancel(self) -> None:
        """Cancels what runs; a neighbour that it hits is sent again. Nothing is sent meanwhile."""
        if self._canceller is None and not self._flight.doubtful:
            self._flight.doubtful = math.inf
            self._canceller = self._loop.create_task(self._ask_to_cancel())

    async def _ask_to_cancel(self) -> None:
        with suppress(psycopg.Error, OSError):
            await self._connection.cancel_safe(timeout=CANCEL_TIMEOUT_S)
        self._canceller = None
        self._flight.doubtful = self._flight.sent.count(None)
        self._owner.free()
