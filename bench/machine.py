"""What a number was measured on: without it a number is not published."""

from __future__ import annotations

import os
import platform
from importlib.metadata import version
from pathlib import Path

import psycopg


def processor() -> str:
    """Model name of the processor as the kernel tells it."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = (line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())


def memory_gib() -> float:
    """Memory of the machine in GiB."""
    return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1)


def machine(connection: psycopg.Connection | None = None) -> str:
    """One sentence: processor, cores, memory, system, Python, libraries, PostgreSQL."""
    parts = [
        f"{processor()}, {os.cpu_count()} cores, {memory_gib():g} GiB, {platform.system()}",
        f"Python {platform.python_version()}, aiohttp {version('aiohttp')}"
        f", psycopg {version('psycopg')}",
    ]
    if connection is not None:
        row = connection.execute(
            "select current_setting('server_version'), current_setting('shared_buffers'),"
            " current_setting('fsync'), current_setting('synchronous_commit')"
        ).fetchone()
        assert row is not None
        parts.append(
            f"PostgreSQL {row[0]} (shared_buffers {row[1]}, fsync {row[2]},"
            f" synchronous_commit {row[3]})"
        )
    return "; ".join(parts)
