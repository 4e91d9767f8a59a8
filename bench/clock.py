"""Rounds in alternation, medians and spread: the only way in which two things are compared here."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import psycopg


@dataclass(frozen=True, slots=True)
class Spread:
    """Median, least and most of the rounds, in the unit of what was measured."""

    median: float
    least: float
    most: float

    @classmethod
    def of(cls, values: list[float]) -> Spread:
        return cls(statistics.median(values), min(values), max(values))

    def text(self, digits: int = 3) -> str:
        def one(value: float) -> str:
            return f"{value:,.0f}" if value >= 1000 else f"{value:.{digits}g}"

        return f"{one(self.median)} ({one(self.least)} to {one(self.most)})"

    def json(self) -> dict[str, float]:
        return asdict(self)


def backend_cpu_s(connection: psycopg.Connection) -> float:
    """Seconds of CPU that the server process behind a connection has used so far."""
    taken = Path(f"/proc/{connection.info.backend_pid}/schedstat").read_text().split()[0]
    return int(taken) / 1e9


def alternate(
    things: Mapping[str, Callable[[], float]], rounds: int, seed: int = 1
) -> dict[str, Spread]:
    """Run every thing once a round, in a shuffled order; what each returned, as a spread.

    One round more than asked is run first and thrown away: it warms plans and caches.
    """
    chance = random.Random(seed)
    taken: dict[str, list[float]] = {name: [] for name in things}
    for number in range(rounds + 1):
        for name in chance.sample(list(things), len(things)):
            value = things[name]()
            if number:
                taken[name].append(value)
    return {name: Spread.of(values) for name, values in taken.items()}


def wall_us(work: Callable[[int], object], times: int, users: int) -> float:
    """Microseconds per call of `work`, called `times` times with users 1, 2, … over and over."""
    began = time.perf_counter()
    for number in range(times):
        work(number % users + 1)
    return (time.perf_counter() - began) / times * 1e6
