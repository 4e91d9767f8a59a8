"""How the ledger should lie on disk: the same rows in five shapes, the same questions to each.

`python -m bench.storage DSN [--rows 10000000]` fills schema `storage` of an empty database, asks in
alternating rounds, prints a table and writes bench/results/storage.{json,md}. Times are of the
backend alone (a loop inside the server), medians over rounds; buffers are of one warm execution.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import time
from pathlib import Path
from typing import Any

import psycopg
from tqdm import tqdm

from bench.machine import machine

RESULTS = Path(__file__).parent / "results"
SEED = 20_250_101
ROWS_PER_USER = 200
HEAVY_USER = 7
HEAVY_ROWS = 10_103
PAGE = "user_id, transaction_date desc, id desc"
INCLUDED = (
    "account_id, amount, subcategory_id, recurring_item_id, transfer_id, is_pending, description, "
    "counterparty"
)
LISTED = f"id, transaction_date, {INCLUDED}"

# name -> (is it partitioned, the order of the heap, what the index includes)
SHAPES: dict[str, tuple[bool, str, str]] = {
    "heap in order of arrival": (False, "arrival", ""),
    "8 hash partitions": (True, "arrival", ""),
    "covering index": (False, "arrival", f" include ({INCLUDED})"),
    "8 hash partitions, covering": (True, "arrival", f" include ({INCLUDED})"),
    "heap clustered by user": (False, "user_id, transaction_date, arrival", ""),
}

# Question -> SQL over {table}; v_user is the owner asked for, v_heavy the owner of 10,103 rows.
QUESTIONS: dict[str, str] = {
    "first page of 20": f"""
        select count(amount), max(description) {{into}} from (
            select {LISTED} from {{table}} where user_id = v_user
            order by transaction_date desc, id desc limit 20) as page""",
    "keyset page in the middle": f"""
        select count(amount), max(description) {{into}} from (
            select {LISTED} from {{table}} where user_id = v_user
              and (transaction_date, id) < (date '2024-07-01', 0::bigint)
            order by transaction_date desc, id desc limit 20) as page""",
    "OFFSET 9,500 of the heavy user": f"""
        select count(amount), max(description) {{into}} from (
            select {LISTED} from {{table}} where user_id = v_heavy
            order by transaction_date desc, id desc limit 20 offset 9500) as page""",
    "keyset page equally deep": f"""
        select count(amount), max(description) {{into}} from (
            select {LISTED} from {{table}} where user_id = v_heavy
              and (transaction_date, id) < (date '2024-02-12', 0::bigint)
            order by transaction_date desc, id desc limit 20) as page""",
    "12 months by month": """
        select count(*), max(total)::text {into} from (
            select date_trunc('month', transaction_date::timestamp) as month, sum(amount) as total
            from {table} where user_id = v_user
              and transaction_date >= date '2024-12-31' - 365 and amount < 0
            group by 1) as months""",
    "12 months by month and category": """
        select count(*), max(total)::text {into} from (
            select date_trunc('month', transaction_date::timestamp) as month, subcategory_id,
                sum(amount) as total
            from {table} where user_id = v_user
              and transaction_date >= date '2024-12-31' - 365 and amount < 0
            group by 1, 2) as months""",
    "heavy user, everything by month": """
        select count(*), max(total)::text {into} from (
            select date_trunc('month', transaction_date::timestamp) as month, sum(amount) as total
            from {table} where user_id = v_heavy group by 1) as months""",
}


def table_of(shape: str) -> str:
    """Name of the table that holds a shape."""
    return f"storage.t{list(SHAPES).index(shape)}"


def fill(connection: psycopg.Connection, row_count: int) -> dict[str, float]:
    """Make the rows once in order of arrival (owners mixed), then each shape; seconds per shape."""
    user_count = row_count // ROWS_PER_USER
    connection.execute("drop schema if exists storage cascade")
    connection.execute("create schema storage")
    connection.execute(f"select setseed({SEED % 1000 / 1000})")
    connection.execute(
        """
        create unlogged table storage.source as
        select
            arrival,
            case when arrival %% %(every)s = 0 then %(heavy)s
                else 1 + (hashint8extended(arrival, 42) & 2147483647) %% %(users)s end as user_id,
            date '2024-01-01' + (arrival * 366 / %(rows)s)::integer as transaction_date,
            (round(random()::numeric * 300, 2) - 250) as amount,
            1 + (random() * 2)::bigint as account_id,
            1 + (random() * 24)::bigint as subcategory_id,
            'Card payment ' || md5(arrival::text)::varchar(12) as description,
            'Shop ' || (arrival %% 5000)::text as counterparty
        from generate_series(1::bigint, %(rows)s::bigint) as arrival
        """,
        {
            "rows": row_count,
            "users": user_count,
            "heavy": HEAVY_USER,
            "every": row_count // HEAVY_ROWS,
        },
    )
    seconds: dict[str, float] = {}
    for shape, (is_partitioned, order, included) in tqdm(SHAPES.items(), desc="shapes"):
        table = table_of(shape)
        began = time.perf_counter()
        connection.execute(
            f"create table {table} (user_id bigint not null, id bigint not null,"
            " transaction_date date not null, amount numeric(14, 2) not null,"
            " account_id bigint not null, subcategory_id bigint, recurring_item_id bigint,"
            " transfer_id bigint, is_pending boolean not null default false,"
            " description text not null, counterparty text, comment text, posted_at timestamptz,"
            " created_at timestamptz not null default now(),"
            " updated_at timestamptz not null default now())"
            + (" partition by hash (user_id)" if is_partitioned else "")
        )
        if is_partitioned:
            for part in range(8):
                connection.execute(
                    f"create table {table}_{part} partition of {table}"
                    f" for values with (modulus 8, remainder {part})"
                )
        connection.execute(
            f"insert into {table} (user_id, id, transaction_date, amount, account_id,"
            " subcategory_id, description, counterparty) select user_id, arrival,"
            " transaction_date, amount, account_id, subcategory_id, description, counterparty"
            f" from storage.source order by {order}"
        )
        connection.execute(f"alter table {table} add primary key (user_id, id)")
        connection.execute(f"create index on {table} ({PAGE}){included}")
        connection.execute(f"vacuum (analyze) {table}")
        seconds[shape] = time.perf_counter() - began
    return seconds


def sizes(connection: psycopg.Connection, shape: str) -> tuple[int, int]:
    """Bytes of heap and of indexes of a shape, its partitions included."""
    row = connection.execute(
        "select sum(pg_relation_size(part)), sum(pg_indexes_size(part)) from ("
        " select %s::regclass as part union select relid from pg_partition_tree(%s)) as parts",
        (table_of(shape), table_of(shape)),
    ).fetchone()
    assert row is not None
    return int(row[0]), int(row[1])


def install(connection: psycopg.Connection) -> None:
    """One loop per shape and question inside the server: (users) -> microseconds per question."""
    for shape in SHAPES:
        for number, question in enumerate(QUESTIONS.values()):
            body = question.format(table=table_of(shape), into="into v_count, v_text")
            connection.execute(
                f"create function {table_of(shape)}_q{number}(_users bigint[])"
                " returns double precision language plpgsql as $f$ declare"
                f" v_user bigint; v_heavy constant bigint := {HEAVY_USER}; v_count bigint;"
                " v_text text; v_began constant timestamptz := clock_timestamp();"
                f" begin foreach v_user in array _users loop {body}; end loop;"
                " return extract(epoch from clock_timestamp() - v_began) * 1e6"
                " / cardinality(_users); end $f$"
            )


def buffers(connection: psycopg.Connection, shape: str, question: str, user: int) -> int:
    """Shared buffers that one warm execution touches."""
    text = question.format(table=table_of(shape), into="")
    text = text.replace("v_user", str(user)).replace("v_heavy", str(HEAVY_USER))
    connection.execute(text)
    row = connection.execute(
        f"explain (analyze, buffers, timing off, format json) {text}"
    ).fetchone()
    assert row is not None
    plan = row[0][0]["Plan"]
    return int(plan["Shared Hit Blocks"] + plan["Shared Read Blocks"])


def ask(connection: psycopg.Connection, user_count: int, rounds: int) -> list[dict[str, object]]:
    """Median, least and most microseconds and the buffers of every question on every shape."""
    chance = random.Random(SEED)
    times: dict[tuple[str, str], list[float]] = {}
    for _ in tqdm(range(rounds), desc="rounds"):
        users = [chance.randint(1, user_count) for _ in range(400)]
        for number, name in enumerate(QUESTIONS):
            for shape in chance.sample(list(SHAPES), len(SHAPES)):
                asked = users[:20] if "heavy" in name or "deep" in name else users
                row = connection.execute(
                    f"select {table_of(shape)}_q{number}(%s)", (asked,)
                ).fetchone()
                assert row is not None
                times.setdefault((shape, name), []).append(row[0])
    probe = [chance.randint(1, user_count) for _ in range(9)]
    return [
        {
            "shape": shape,
            "question": name,
            "median_us": round(statistics.median(taken[1:]), 1),
            "least_us": round(min(taken[1:]), 1),
            "most_us": round(max(taken[1:]), 1),
            "buffers": statistics.median(
                buffers(connection, shape, QUESTIONS[name], user) for user in probe
            ),
        }
        for (shape, name), taken in times.items()
    ]


def ingest(connection: psycopg.Connection, row_count: int) -> list[dict[str, object]]:
    """Rows per second and bytes of WAL per row: random owners, or 100 rows of one a call."""
    answers: list[dict[str, object]] = []
    user_count = row_count // ROWS_PER_USER
    for shape in ("8 hash partitions", "8 hash partitions, covering"):
        for wal_compression in ("off", "pglz"):
            for way in ("random owners", "100 rows of one owner"):
                connection.execute("checkpoint")
                connection.execute(f"set wal_compression = {wal_compression}")
                before = connection.execute("select pg_current_wal_lsn()").fetchone()
                began = time.perf_counter()
                connection.execute(
                    f"insert into {table_of(shape)} (user_id, id, transaction_date, amount,"
                    " account_id, subcategory_id, description, counterparty)"
                    " select 1 + (hashint8extended(case when %s then row else row / 100 end, 7)"
                    " & 2147483647) %% %s, %s + row,"
                    " date '2025-01-01' + (row %% 28)::integer, -9.99, 1, 1, 'Card payment',"
                    " 'Shop' from generate_series(1::bigint, 50000) as row",
                    (way == "random owners", user_count, row_count + 50_000 * len(answers)),
                )
                took = time.perf_counter() - began
                after = connection.execute(
                    "select pg_current_wal_lsn() - %s::pg_lsn", before
                ).fetchone()
                assert after is not None
                answers.append(
                    {
                        "shape": shape,
                        "wal_compression": wal_compression,
                        "way": way,
                        "rows_per_s": round(50_000 / took),
                        "wal_bytes_per_row": round(float(after[0]) / 50_000),
                    }
                )
    return answers


def edits(connection: psycopg.Connection) -> list[dict[str, object]]:
    """Fill factor: share of heap-only updates and WAL per row when one row in 20 gets a comment."""
    answers: list[dict[str, object]] = []
    for fill_factor in (100, 95, 90):
        connection.execute("drop table if exists storage.edited")
        connection.execute(
            f"create table storage.edited (like {table_of('covering index')})"
            f" with (fillfactor = {fill_factor}, autovacuum_enabled = off)"
        )
        connection.execute(
            "insert into storage.edited"
            f" select * from {table_of('covering index')} where user_id between 1 and 5000"
        )
        connection.execute("alter table storage.edited add primary key (user_id, id)")
        connection.execute(f"create index on storage.edited ({PAGE}) include ({INCLUDED})")
        connection.execute("vacuum (analyze) storage.edited")
        connection.execute("checkpoint")
        before = connection.execute("select pg_current_wal_lsn()").fetchone()
        updated = connection.execute(
            "update storage.edited set comment = 'shared with a flatmate'"
            " where hashint8(id) %% 20 = 0".replace("%%", "%")
        ).rowcount
        after = connection.execute("select pg_current_wal_lsn() - %s::pg_lsn", before).fetchone()
        connection.execute("select pg_stat_force_next_flush()")
        row = connection.execute(
            "select n_tup_hot_upd, pg_relation_size(relid) from pg_stat_user_tables"
            " where relid = 'storage.edited'::regclass"
        ).fetchone()
        assert after is not None
        assert row is not None
        answers.append(
            {
                "fill_factor": fill_factor,
                "heap_only": round(row[0] / updated, 3),
                "wal_bytes_per_row": round(float(after[0]) / updated),
                "heap_mb": round(row[1] / 1e6),
            }
        )
    return answers


def table_text(answer: dict[str, Any]) -> str:
    """The published table: one line per question, one column per shape."""
    lines = [
        f"# The ledger in five shapes: {answer['rows']:,} rows",
        "",
        f"{answer['machine']}. Microseconds in the backend, median of {answer['rounds']}"
        " alternating rounds (least to most), then buffers."
        " `python -m bench.storage DSN` repeats it.",
        "",
        "| question | " + " | ".join(SHAPES) + " |",
        "|---" * (len(SHAPES) + 1) + "|",
    ]
    by_key = {(one["shape"], one["question"]): one for one in answer["questions"]}
    for name in QUESTIONS:
        cells = []
        for shape in SHAPES:
            one = by_key[shape, name]
            cells.append(
                f"{one['median_us']:g} ({one['least_us']:g} to {one['most_us']:g}), "
                f"{one['buffers']:g}"
            )
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    lines += [
        f"| {part}, MB | "
        + " | ".join(f"{answer['bytes'][shape][part] / 1e6:,.0f}" for shape in SHAPES)
        + " |"
        for part in ("heap", "indexes")
    ]
    lines += [
        "",
        "| shape | wal_compression | rows of | rows/s | WAL bytes a row |",
        "|---|---|---|---|---|",
        *(
            f"| {one['shape']} | {one['wal_compression']} | {one['way']} |"
            f" {one['rows_per_s']:,} | {one['wal_bytes_per_row']:,} |"
            for one in answer["ingest"]
        ),
        "",
        "| fill factor | heap-only updates | WAL bytes an edit | heap, MB |",
        "|---|---|---|---|",
        *(
            f"| {one['fill_factor']} | {one['heap_only']:.1%} | {one['wal_bytes_per_row']:,} |"
            f" {one['heap_mb']:,} |"
            for one in answer["edits"]
        ),
        "",
    ]
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("dsn", help="an empty database of one's own; schema storage is replaced")
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--rounds", type=int, default=8)
    parser.add_argument("--keep", action="store_true", help="ask the rows that an earlier run made")
    options = parser.parse_args()
    with psycopg.connect(options.dsn, autocommit=True) as connection:
        connection.execute("set max_parallel_workers_per_gather = 0")
        connection.execute("set jit = off")
        if not options.keep:
            fill(connection, options.rows)
            install(connection)
        user_count = options.rows // ROWS_PER_USER
        answer = {
            "machine": machine(connection),
            "rows": options.rows,
            "rounds": options.rounds - 1,
            "seed": SEED,
            "bytes": {
                shape: dict(zip(("heap", "indexes"), sizes(connection, shape), strict=True))
                for shape in SHAPES
            },
            "questions": ask(connection, user_count, options.rounds),
            "ingest": ingest(connection, options.rows),
            "edits": edits(connection),
        }
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "storage.json").write_text(json.dumps(answer, indent=1) + "\n")
    (RESULTS / "storage.md").write_text(table_text(answer))
    print(table_text(answer))


if __name__ == "__main__":
    main()
