"""The time of now as answers and log lines write it: ISO 8601 in UTC, to the millisecond."""

import time
from datetime import UTC, datetime
from functools import lru_cache


def moment() -> bytes:
    """`2026-01-15T12:00:00.123Z`; a fifth of the cost of datetime.isoformat."""
    now = time.time()
    second = int(now)
    return b"%b.%03dZ" % (_second(second), (now - second) * 1000)


@lru_cache(maxsize=1)
def _second(second: int) -> bytes:
    """What every moment of this second begins with."""
    return datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%dT%H:%M:%S").encode()
