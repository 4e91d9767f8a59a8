"""Somebody who owns one of everything, what they own, and whether anybody has touched it."""

import re
import secrets
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import psycopg
from psycopg import sql

from tests.support.asking import TABLE_BY_ID, Client, Reply
from tests.support.identity import STORED, plant_mails, said_by
from tests.support.service import Service, User

CANARY = "zq7canary"
# The day of a stored run; a run is addressed by its day.
PLANTED_RUN = "2026-10-04"

# One of every kind of recurrence, and each way for one to end.
RULES: tuple[dict[str, Any], ...] = (
    {"frequency": "once"},
    {"frequency": "daily", "every_n": 3, "occurrences": 7},
    {"frequency": "weekly", "weekday": 5, "roll": "next"},
    {"frequency": "biweekly", "ends_on": "2027-03-01"},
    {"frequency": "semimonthly", "month_days": [1, 15], "roll": "previous"},
    {"frequency": "monthly", "weekday": 1, "nth": -1, "occurrences": 5},
    {"frequency": "quarterly", "month_days": [-1], "roll": "skip"},
    {"frequency": "yearly", "anchor_on": "2024-02-29"},
)


# Which one own_ids() names where it is not the newest: so that a plain request means something.
PICKED = {
    "to_account_id": "min(id)",
    "transfer_id": "max(transfer_id)",
    "arriving_id": "max(id) filter (where amount > 0 and transfer_id is null)",
}


def settle(
    service: Service, word: str = CANARY, amount: float = 7391.11, *, role: str = "user"
) -> User:
    """A person with one of everything: accounts, bookings, rules, an exception; all say word."""
    address = f"{word}.{secrets.token_hex(4)}@example.org"
    user = service.new_user(address, full_name=f"{word} Doe", role=role, password_hash=STORED)
    plant_mails(service.dsn, user)

    with Client(service.url, user.token) as client:

        def add(path: str, **body: Any) -> int:
            reply = client.ask("POST", f"/api/v2/users/me{path}", body)
            assert reply.status == 201, (path, reply.status, reply.body)
            return int(reply.data["id"])

        checking = add("/accounts", name=f"{word} checking", opening_balance=round(amount * 10, 2))
        savings = add("/accounts", name=f"{word} savings", type="savings")
        add("/accounts", name=f"{word} spare", type="cash")
        rule = {"frequency": "monthly", "anchor_on": "2026-01-20", "account_id": checking}
        saving = {"kind": "transfer", "amount": amount, "to_account_id": savings}
        add("/recurring-items", name=f"{word} saving", **rule, **saving)
        for more in RULES:
            add(
                "/recurring-items",
                name=f"{word} rule",
                kind="income",
                amount=amount,
                **(rule | more),
            )
        rent = add("/recurring-items", name=f"{word} rent", kind="expense", amount=-amount, **rule)
        add(f"/recurring-items/{rent}/exceptions", occurrence_on="2026-12-20", action="skip")
        add(
            "/transfers",
            from_account_id=checking,
            to_account_id=savings,
            amount=round(amount / 50, 2),
            transaction_date="2026-09-30",
            description=f"{word} aside",
        )
        spent = round(amount / 100, 2)
        # Two things that come again, one of which is not to be proposed.
        for place, payee in enumerate(("club", "paper")):
            for days in (78, 50, 22):
                add(
                    "/transactions",
                    account_id=checking,
                    amount=-spent - place,
                    transaction_date=str(date.today() - timedelta(days)),
                    description=f"{word} {payee}",
                    counterparty=f"{word} {payee}",
                )
        proposed = client.ask("GET", "/api/v2/users/me/recurring-proposals").data["items"]
        paper = next(one["fingerprint"] for one in proposed if one["name"] == f"{word} paper")
        dismissed = client.ask("POST", f"/api/v2/users/me/recurring-proposals/{paper}/dismiss", {})
        assert dismissed.status == 200, dismissed
        add(
            "/transactions",
            account_id=savings,
            amount=spent,
            transaction_date="2026-10-03",
            description=f"{word} back",
        )
        for day in range(1, 6):
            booked = add(
                "/transactions",
                account_id=checking,
                amount=-spent,
                transaction_date=f"2026-10-{day:02d}",
                description=f"{word} shop {day}",
                is_pending=day == 5,
            )
        add(f"/transactions/{booked}/notes", note=f"{word} note")
        add("/transaction-rules", name=f"{word} rule", texts=[f"{word} shop"], add_tags=["shop"])
        ran = client.ask("POST", "/api/v2/users/me/transaction-rules/apply", {})
        assert ran.data["changed_count"] == 5, ran
        plan_money(client, add, word, amount, checking)
        add("/scenarios", name=f"{word} scenario", balance=amount)
        add("/api-keys", name=f"{word} key")
        coach = f"coach.{secrets.token_hex(4)}@example.org"
        add("/access-grants", email=coach, scopes=["forecast"])
    plant_verification(service.dsn, user)
    plant_import(service.dsn, user, checking, word)
    plant_alert(service.dsn, user, rent, amount, word)
    plant_run(service.dsn, user, amount)
    return user


def plant_alert(dsn: str, user: User, item_id: int, amount: float, word: str) -> None:
    """A bill without funds that waits to be told, and the settings that say so."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("insert into data.alert_settings (user_id) values (%s)", (user.user_id,))
        connection.execute(
            """
            insert into data.alerts (
                user_id, kind, scope, subject, on_day, until_on, account_id, recurring_item_id,
                currency, amount, shortfall, facts, told_on_day, told_amount, raised_on
            )
            select
                user_id, 'bill_unfunded', 'bill', 'planted', current_date, current_date,
                account_id, id, 'USD', -%(amount)s, %(amount)s,
                jsonb_build_object('name', name, 'account', %(word)s::text, 'balance', 0.00),
                current_date, -%(amount)s, current_date
            from data.recurring_items
            where user_id = %(user_id)s and id = %(item_id)s
            """,
            {"user_id": user.user_id, "item_id": item_id, "amount": amount, "word": word},
        )


def plant_run(dsn: str, user: User, amount: float) -> None:
    """What was expected on a day, as the night of that day would have stored it."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(
            """
            insert into data.forecast_runs (
                user_id, as_of, days, currency, account_ids, basis, reserve_cents, opening_cents,
                risk_7, plan_cents, p10_cents, p50_cents, p90_cents, below_permille
            )
            select
                %(user_id)s, %(as_of)s, 7, 'USD',
                array(select id from data.accounts where user_id = %(user_id)s order by id),
                'pooled', 0, cents, 0.125, path, path, path, path,
                array_fill(5::smallint, '{7}')
            from (
                select cents, array_fill(cents, '{7}') as path
                from (select (%(amount)s * 100)::bigint as cents) as said
            ) as flat
            """,
            {"user_id": user.user_id, "as_of": PLANTED_RUN, "amount": amount},
        )


def plant_import(dsn: str, user: User, account_id: int, word: str) -> None:
    """A file that was previewed and can be booked, and how the next one is to be read."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(
            "insert into data.statement_imports (user_id, account_id, file_name, format, status)"
            " values (%s, %s, %s, 'csv', 'previewed')",
            (user.user_id, account_id, f"{word}.csv"),
        )
        connection.execute(
            "insert into data.statement_mappings (user_id, account_id, mapping)"
            " select user_id, id, jsonb_build_object('date', %s::text)"
            " from data.accounts where user_id = %s",
            (word, user.user_id),
        )


def plan_money(
    client: Client, add: Callable[..., int], word: str, amount: float, account_id: int
) -> None:
    """A budget of ten years around today with an envelope, a free period, a source of income."""
    decade = {"kind": "custom", "starts_on": "2020-01-01", "ends_on": "2029-12-31"}
    budget = add(
        "/budgets", name=f"{word} budget", budget_period_id=add("/budget-periods", **decade)
    )
    first = client.ask("GET", "/api/v2/users/me/categories").data["items"][0]["subcategories"][0]
    add(f"/budgets/{budget}/allocations", subcategory_id=first["id"], amount=amount)
    add("/budget-periods", kind="yearly", starts_on="2016-01-01")
    lessons = {"frequency": "weekly", "next_on": "2026-01-06", "account_id": account_id}
    add("/income-sources", name=f"{word} lessons", amount=amount, **lessons)
    add("/debts", name=f"{word} loan", balance=amount, apr=0.12, minimum_payment=200)
    part = {"amount": round(amount / 50, 2), "note": f"{word} first"}
    goal = add("/financial-goals", name=f"{word} roof", target_amount=amount, monthly=25)
    add(f"/financial-goals/{goal}/contributions", **part)


def plant_verification(dsn: str, user: User) -> None:
    """A telephone number on its way to be proved, with a code that nobody knows."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(
            """
            insert into data.phone_verification (
                user_id, phone_number, verification_code_hash, salt, code_expires_at
            )
            values (
                %s, '+420600' || lpad((random() * 999999)::integer::text, 6, '0'),
                sha256('nobody'), sha256('knows'), now() + interval '10 minutes'
            )
            """,
            (user.user_id,),
        )


def own_ids(dsn: str, user: User) -> dict[str, Any]:
    """One id of everything that a user owns, by the name it has on the wire: the newest one."""
    found: dict[str, Any] = {"user_id": user.public_id, **said_by(dsn, user)}
    found["free_day"] = "2101-01-01"  # no period of settle() holds it
    found["job"] = "job_history"  # nobody's: for admins
    found["as_of"] = PLANTED_RUN
    with psycopg.connect(dsn, autocommit=True) as connection:
        for name, table in TABLE_BY_ID.items():
            query = sql.SQL("select {} from data.{} where user_id = %s").format(
                sql.SQL(PICKED.get(name, "max(id)")), sql.Identifier(table)
            )
            row = connection.execute(query, (user.user_id,)).fetchone()
            assert row is not None
            found[name] = row[0]
        rules = connection.execute(
            "select id from data.transaction_rules where user_id = %s order by position, id",
            (user.user_id,),
        ).fetchall()
        proposed = connection.execute(
            "select fingerprint from core.offer_rows(%s, core.user_today(%s)) where is_open",
            (user.user_id, user.user_id),
        ).fetchone()
        found["fingerprint"] = proposed[0] if proposed else "f" * 32
    found["transaction_ids"] = [found["transaction_id"]] if found["transaction_id"] else [1]
    found |= {
        "no_splits": [],
        "owed": 1000,
        "rule_ids": [key for (key,) in rules],
        "direction": "out",
    }
    return found


def belongings(dsn: str, user: User) -> dict[str, str]:
    """A fingerprint of every row of a user, by table: equal when nothing of theirs has changed."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        tables = connection.execute(
            """
            select relation.relname
            from pg_catalog.pg_class as relation
            join pg_catalog.pg_attribute as owner
              on owner.attrelid = relation.oid and owner.attname = 'user_id'
            where relation.relnamespace = 'data'::regnamespace
              and relation.relkind in ('r', 'p') and not relation.relispartition
              and relation.relname <> 'messages' -- the courier is at them all the time
            """
        ).fetchall()
        prints = {}
        for table, column in [(name, "user_id") for (name,) in tables] + [("users", "id")]:
            query = sql.SQL(
                "select coalesce(md5(string_agg(r::text, '|' order by r::text)), '')"
                " from data.{} as r where {} = %s"
            ).format(sql.Identifier(table), sql.Identifier(column))
            row = connection.execute(query, (user.user_id,)).fetchone()
            assert row is not None
            prints[table] = row[0]
        return prints


def check_silent(reply: Reply, words: str) -> None:
    """No word of the owner, no trace of the machinery."""
    text = reply.body.decode() + str(reply.headers)
    for secret in (CANARY, "Traceback", "psycopg", "select ", "data."):
        assert secret not in text, f"{words}: {secret!r} in {text}"
    # As an amount begins, not within the fraction of a second.
    assert not re.search(r"(?<![\d.])7391", text), f"{words}: an amount of the owner in {text}"
