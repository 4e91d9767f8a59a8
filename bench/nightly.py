"""A night for everybody, and the refit behind it: how time, memory and rows grow with users.

`python -m bench.nightly [--scales 1000,10000,100000] [--rounds 1]` writes
bench/results/nightly.json. Both are called as the job runner calls them: one batch, one
transaction, until there is nothing more to do; all on one connection, so one core at most.
"""

from __future__ import annotations

import argparse
import itertools
import math
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from bench.clock import Spread, backend_cpu_s
from bench.machine import machine
from bench.report import write
from bench.server import AS_OF, Seeded, seed, seeded

# name -> one call of it; {batch} is filled in
CALLS = {
    "refit": "select core.expectation_refit(date '{as_of}', null, 500)",
    "night": "select core.run_night(date '{as_of}', null, {batch})",
}
TABLES = (
    "accounts",
    "transactions",
    "recurring_items",
    "forecast_runs",
)
SIZE = """
select count(*), (
    select sum(pg_total_relation_size(part.relid))
    from pg_partition_tree('data.forecast_runs') as part
)
from data.forecast_runs
"""


@dataclass
class Watch:
    """The most memory of its own that a backend held, in MiB, looked at every 20 ms.

    Shared buffers are not counted: they are the server's, whatever the query.
    """

    pid: int
    most_mib: float = 0.0
    ends: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Watch:
        self.thread = threading.Thread(target=self._look)
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.ends.set()
        self.thread.join()

    def _look(self) -> None:
        status = Path(f"/proc/{self.pid}/status")
        while not self.ends.wait(0.02):
            lines = status.read_text().splitlines()
            held = next(line for line in lines if line.startswith("RssAnon:"))
            self.most_mib = max(self.most_mib, int(held.split()[1]) / 1024)


def run_one(dsn: str, call: str) -> dict[str, Any]:
    """Calls until is_done, on a fresh connection: seconds, CPU, memory, batches, rows."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("set statement_timeout = 0")
        longest, count, batches, wal = 0.0, 0, 0, wal_bytes(connection)
        cpu, began = backend_cpu_s(connection), time.perf_counter()
        with Watch(connection.info.backend_pid) as watch:
            is_done = False
            while not is_done:
                start = time.perf_counter()
                row = connection.execute(call.encode()).fetchone()
                assert row is not None
                longest = max(longest, time.perf_counter() - start)
                count += row[0].get("count") or 0
                is_done = row[0].get("is_done", True)
                batches += 1
        return {
            "wall_s": time.perf_counter() - began,
            "cpu_s": backend_cpu_s(connection) - cpu,
            "longest_batch_s": longest,
            "batches": batches,
            "count": count,
            "memory_mib": watch.most_mib,
            "wal_mib": (wal_bytes(connection) - wal) / 2**20,
        }


def wal_bytes(connection: psycopg.Connection) -> int:
    """How much log the server has written so far."""
    row = connection.execute("select pg_current_wal_lsn() - '0/0'::pg_lsn").fetchone()
    assert row is not None
    return int(row[0])


def at_scale(database: Seeded, users: int, rounds: int, batch: int) -> dict[str, Any]:
    """Everything of one scale, seeded afresh: each round forgets what the one before stored."""
    seed(database.dsn, users)
    taken: dict[str, list[dict[str, Any]]] = {name: [] for name in CALLS}
    with psycopg.connect(database.dsn, autocommit=True) as connection:
        for table in TABLES:
            connection.execute(f"vacuum (analyze) data.{table}".encode())
        for _ in range(rounds):
            connection.execute("truncate data.forecast_runs, data.forecast_nights")
            for name, call in CALLS.items():
                taken[name].append(run_one(database.dsn, call.format(as_of=AS_OF, batch=batch)))
                print(users, name, taken[name][-1], flush=True)
        row = connection.execute(SIZE).fetchone()
        assert row is not None
        found = {
            name: {what: Spread.of([one[what] for one in many]).json() for what in many[0]}
            for name, many in taken.items()
        }
        return found | {"stored_rows": row[0], "bytes_per_run": float(row[1]) / max(row[0], 1)}


def growth(by_scale: dict[str, dict[str, Any]]) -> dict[str, dict[str, float]]:
    """Between two scales, by what power of the users seconds of CPU grow: 1 is in proportion."""
    scales = list(by_scale)
    return {
        f"{low} to {high}": {
            name: math.log(
                by_scale[high][name]["cpu_s"]["median"] / by_scale[low][name]["cpu_s"]["median"]
            )
            / math.log(int(high) / int(low))
            for name in CALLS
        }
        for low, high in itertools.pairwise(scales)
    }


def table(answer: dict[str, Any]) -> list[str]:
    """One line per scale and job."""
    lines = [
        "| users | job | seconds (least to most) | ms of CPU a user | batches | longest batch, s |"
        " most memory, MiB | WAL, MiB | rows |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for scale, found in answer["by_scale"].items():
        for name in CALLS:
            one = found[name]
            lines.append(
                f"| {int(scale):,} | {name} | {Spread(**one['wall_s']).text()} |"
                f" {one['cpu_s']['median'] / int(scale) * 1e3:.3g} |"
                f" {one['batches']['median']:,.0f} | {one['longest_batch_s']['median']:.2f} |"
                f" {one['memory_mib']['median']:,.0f} | {one['wal_mib']['median']:,.0f} |"
                f" {one['count']['median']:,.0f} |"
            )
    lines += ["", "| from … to users | " + " | ".join(CALLS) + " |", "|---|" + "---|" * len(CALLS)]
    for step, powers in answer["growth"].items():
        lines.append(f"| {step} | " + " | ".join(f"{powers[name]:.2f}" for name in CALLS) + " |")
    size = list(answer["by_scale"].values())[-1]["bytes_per_run"]
    lines += ["", f"A stored run takes {size:,.0f} bytes with its indexes. Growth: power of users."]
    return lines


def pictures(answer: dict[str, Any]) -> list[tuple[str, str, dict[str, dict[str, float]]]]:
    """None: growth is a table."""
    return []


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scales", default="1000,10000,100000")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--batch", type=int, default=100)
    options = parser.parse_args()
    scales = [int(scale) for scale in options.scales.split(",")]
    with seeded(scales[0]) as database:
        with psycopg.connect(database.dsn) as connection:
            where = machine(connection)
        by_scale = {
            str(scale): at_scale(database, scale, options.rounds, options.batch) for scale in scales
        }
    answer = {
        "machine": where,
        "users": max(scales),
        "rounds": options.rounds,
        "batch": options.batch,
        "by_scale": by_scale,
        "growth": growth(by_scale),
    }
    write("nightly", answer)
    print("\n".join(table(answer)))


if __name__ == "__main__":
    main()
