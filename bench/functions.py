"""The hot functions under pgbench, in alternation: bench/sql/<function>.sql, one script each.

`python -m bench.functions [--users 1000] [--rounds 3]` writes bench/results/functions.json.
"""

from __future__ import annotations

import argparse
import re
import subprocess
from functools import partial
from pathlib import Path
from typing import Any

import psycopg

from bench.clock import Spread, alternate
from bench.machine import machine
from bench.report import write
from bench.server import BENCH, Seeded, program, seeded

SCRIPTS = sorted((BENCH / "sql").glob("*.sql"))


def calls_per_s(
    dsn: str, script: Path, users: int, clients: int, seconds: float, seed: int = 7
) -> float:
    """Transactions per second of one pgbench script, connection time left out."""
    done = subprocess.run(
        [
            program("pgbench"), dsn, "-n", "-M", "prepared", "-f", str(script), "-c", str(clients),
            "-j", str(min(clients, 2)), "-T", str(int(seconds)), "-D", f"users={users}",
            "--random-seed", str(seed),
        ],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    found = re.search(r"tps = ([0-9.]+)", done.stdout)
    if found is None:
        raise RuntimeError(f"{script.name} printed no rate: {done.stdout} {done.stderr}")
    return float(found[1])


def run(database: Seeded, rounds: int, clients: int = 2, seconds: float = 2) -> dict[str, Any]:
    """Calls per second of each script with a few clients."""
    taken = alternate(
        {
            script.stem: partial(
                calls_per_s, database.dsn, script, database.users, clients, seconds
            )
            for script in SCRIPTS
        },
        rounds,
    )
    with psycopg.connect(database.dsn) as connection:
        about = machine(connection)
    return {
        "machine": about,
        "users": database.users,
        "rounds": rounds,
        "clients": clients,
        "calls_per_s": {name: one.json() for name, one in taken.items()},
    }


def table(answer: dict[str, Any]) -> list[str]:
    """One line per function: calls per second and microseconds of a client's wait."""
    lines = [
        f"| function, {answer['clients']} clients | calls/s (least to most) |"
        " µs a call and client |",
        "|---|---|---|",
    ]
    for name, taken in sorted(
        answer["calls_per_s"].items(), key=lambda item: item[1]["median"], reverse=True
    ):
        wait = answer["clients"] / taken["median"] * 1e6
        lines.append(f"| {name} | {Spread(**taken).text(4)} | {wait:.0f} |")
    return lines


def pictures(answer: dict[str, Any]) -> list[tuple[str, str, dict[str, dict[str, float]]]]:
    """Calls per second by function."""
    return [("functions", f"calls per second, {answer['clients']} clients", answer["calls_per_s"])]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--users", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with seeded(options.users) as database:
        answer = run(database, options.rounds)
    write("functions", answer)
    print("\n".join(table(answer)))


if __name__ == "__main__":
    main()
