"""A file of 100,000 rows in the database: by part, booked, and the same file again, beside COPY.

`python -m bench.imports [--rows 100000] [--rounds 2] [--versions 18,16]` writes
bench/results/imports.json. Seconds are CPU seconds of the backend, so that neighbours on the
machine count little; COPY brings the same rows into the same table, with its indexes and keys.
"""

from __future__ import annotations

import argparse
import json
import random
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import psycopg

from bench.clock import Spread, backend_cpu_s
from bench.machine import machine
from bench.report import RESULTS, write
from bench.server import Seeded, seeded

PART = 2000  # rows, as the upload room sends them
COLUMNS = (
    "user_id, account_id, amount, transaction_date, posted_at, description, counterparty,"
    " external_id"
)


def lines_of(count: int) -> list[dict[str, Any]]:
    """Rows as a parsed file has them: ten years, each with the bank's id."""
    chance = random.Random(1)
    first = date(2015, 1, 1)
    return [
        {
            "line": number + 2,
            "account": None,
            "currency": "USD",
            "external_id": f"B{number}",
            "amount": f"{chance.randint(-99999, 99999) / 100:.2f}",
            "transaction_date": str(first + timedelta(days=number * 3650 // count)),
            "description": f"Card payment {chance.randint(1, 3000)} Main Street",
            "counterparty": f"Shop {chance.randint(1, 3000)}",
            "is_pending": False,
            "fault": None,
        }
        for number in range(count)
    ]


def memory_kib(connection: psycopg.Connection) -> int:
    """Memory of the backend's own that it has now: resident without what is shared."""
    path = Path(f"/proc/{connection.info.backend_pid}/status")
    fields = dict(line.split(":", 1) for line in path.read_text().splitlines())
    return int(fields["RssAnon"].split()[0])


def new_owner(connection: psycopg.Connection) -> tuple[int, int]:
    """An owner with one account; the connection speaks for them."""
    made = connection.execute("insert into data.users (currency) values ('USD') returning id")
    user_id = made.fetchone()[0]  # type: ignore[index]
    connection.execute("select set_config('app.user_id', %s, false)", [str(user_id)])
    opened = connection.execute("select core.account_add(%s, 'A')", [user_id])
    return user_id, opened.fetchone()[0]  # type: ignore[index]


def send(connection: psycopg.Connection, owner: tuple[int, int], parts: list[str]) -> list[float]:
    """CPU seconds of each part; the last one books."""
    call = "select api.import_add(%s, %s, %s::jsonb, %s)"
    file: dict[str, Any] = {"upload_id": None, "part": 0, "is_last": False, "format": "csv"}
    opened = connection.execute(call, [owner[0], json.dumps(file), "[]", owner[1]])
    file["upload_id"] = opened.fetchone()[0]["upload_id"]  # type: ignore[index]
    taken = []
    for number, part in enumerate(parts, 1):
        file |= {"part": number, "is_last": number == len(parts)}
        before = backend_cpu_s(connection)
        connection.execute(call, [owner[0], json.dumps(file), part, owner[1]])
        taken.append(backend_cpu_s(connection) - before)
    return taken


def copy(connection: psycopg.Connection, owner: tuple[int, int], text: str) -> float:
    """CPU seconds of COPY."""
    before = backend_cpu_s(connection)
    with connection.cursor().copy(f"copy data.transactions ({COLUMNS}) from stdin") as target:
        target.write(text)
    return backend_cpu_s(connection) - before


def run(database: Seeded, rows: int, rounds: int) -> dict[str, Any]:
    """CPU seconds of each step, by round, COPY and import in turns."""
    lines = lines_of(rows)
    parts = [json.dumps(lines[start : start + PART]) for start in range(0, rows, PART)]
    taken: dict[str, list[float]] = {}
    with psycopg.connect(database.dsn, autocommit=True) as connection:
        connection.execute("set statement_timeout = 0")
        answer: dict[str, Any] = {"rows": rows, "rounds": rounds, "machine": machine(connection)}
        for _ in range(rounds):
            user_id, account_id = new_owner(connection)
            text = "".join(
                f"{user_id}\t{account_id}\t{one['amount']}\t{one['transaction_date']}\t2026-01-01\t"
                f"{one['description']}\t{one['counterparty']}\t{one['external_id']}\n"
                for one in lines
            )
            taken.setdefault("COPY", []).append(copy(connection, (user_id, account_id), text))
            owner = new_owner(connection)
            memory = memory_kib(connection)
            first = send(connection, owner, parts)
            answer["backend_grew_kib"] = memory_kib(connection) - memory
            again = send(connection, owner, parts)
            taken.setdefault("parts, staged", []).append(sum(first[:-1]))
            taken.setdefault("last part: checked and booked", []).append(first[-1])
            taken.setdefault("import", []).append(sum(first))
            taken.setdefault("the same file again", []).append(sum(again))
    answer["cpu_s"] = {name: Spread.of(values).json() for name, values in taken.items()}
    return answer


def table(answer: dict[str, Any]) -> list[str]:
    """One line per PostgreSQL and step."""
    lines = [
        "| PostgreSQL | step | CPU seconds (least to most) | rows per second | ratio to COPY |",
        "|---|---|---|---|---|",
    ]
    for version, one in answer.items():
        for name, taken in one["cpu_s"].items():
            ratio = taken["median"] / one["cpu_s"]["COPY"]["median"]
            lines.append(
                f"| {version} | {name} | {Spread(**taken).text()} |"
                f" {one['rows'] / taken['median']:,.0f} | {ratio:.2f} |"
            )
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--versions", default="18,16")
    options = parser.parse_args()
    answer: dict[str, Any] = {}
    for version in options.versions.split(","):
        with seeded(10, int(version)) as database:
            answer[version] = run(database, options.rows, options.rounds)
        write("imports", answer)
    text = [
        "# A file of 100,000 rows",
        "",
        *(f"{one['machine']}; {one['rows']:,} rows." for one in answer.values()),
        "The machine was shared with other runs: ratios count.",
        "",
        *table(answer),
        "",
    ]
    (RESULTS / "imports.md").write_text("\n".join(text))
    print("\n".join(text))


if __name__ == "__main__":
    main()
