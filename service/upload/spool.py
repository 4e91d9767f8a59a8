"""The body of a request -> a file without a name, its hash, and the fields of a form beside it."""

import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from service.config import Config
from service.dispatch.intake import invite, too_large
from service.errors import Problem
from service.exchange import Exchange
from service.routes.table import Match
from service.upload.arrival import Pace, Spooled, Writer
from service.upload.form import FORM_BYTES, read_form


@asynccontextmanager
async def spool(exchange: Exchange, match: Match, config: Config) -> AsyncIterator[Spooled]:
    """The file of a request, until the block ends. Errors: Problem 400, 408, 413, 415, 422, 507."""
    route, request = match.route, exchange.request
    most = min(route.max_file_bytes or 0, config.upload_max_bytes)
    kind = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    is_form = kind == "multipart/form-data"
    began = time.perf_counter()
    with tempfile.TemporaryFile(buffering=0, dir=config.upload_folder or None) as file:
        spooled = Spooled(file)
        writer = Writer(spooled, most)
        pace = Pace(config.body_timeout_ms / 1000, config.upload_floor_bytes_s)
        if request.can_read_body:
            try:
                await invite(exchange, most + (FORM_BYTES if is_form else 0))
            except Problem as refusal:
                raise too_large(most) if refusal.status == 413 else refusal from None
            if is_form:
                await read_form(exchange, match, spooled, writer, pace)
            else:
                while chunk := await pace.of(request.content.readany()):
                    pace.took(len(chunk))
                    await writer.take(chunk)
        await writer.end()
        if not spooled.size:
            raise Problem(
                422, "empty_file", "The file is empty.", field="file",
                errors=[("file", "The file is empty.")],
            )  # fmt: skip
        exchange.waited_s = time.perf_counter() - began
        yield spooled
