"""`python -m bench`: every comparison in a form that ends within ten minutes, then the report."""

from __future__ import annotations

import time
from collections.abc import Callable
from types import ModuleType
from typing import Any

from bench import batch, forecast, functions, report
from bench.http import load, walls
from bench.server import seeded

USERS = 1000


def main() -> None:
    began = time.monotonic()
    with seeded(USERS) as database:
        parts: list[tuple[str, Callable[[], dict[str, Any]], ModuleType]] = [
            ("forecast", lambda: forecast.run(database, 5), forecast),
            ("functions", lambda: functions.run(database, 3), functions),
            ("http", lambda: load.run(database, 3, 3), load),
            ("walls", lambda: walls.run(database, 3, 2), walls),
            ("batch", lambda: batch.run(database, [1000, 10_000], 3), batch),
        ]
        for name, measure, room in parts:
            print(f"{name} …", flush=True)
            answer = measure()
            report.write(name, answer)
            print("\n".join(room.table(answer)), flush=True)
    report.main()
    print(f"{time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
