"""Money is stored exactly as it was sent, or refused: nothing is ever rounded on the way.

The type in bulk (a million amounts with TIDELINE_NIGHTLY=1), the wire by samples. Oracle: Python's
Decimal. TIDELINE_SEED repeats a run.
"""

import os
import random
import re
import secrets
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.asking import Client
from tests.support.household import settle
from tests.support.service import Service

LEAST_TOO_LARGE = Decimal(10) ** 12
IS_FULL = os.environ.get("TIDELINE_NIGHTLY") == "1"
BULK = 1_000_000 if IS_FULL else 50_000
WIRE = 2_000 if IS_FULL else 150
SEED = int(os.environ.get("TIDELINE_SEED", secrets.randbits(32)))
ACCOUNTS = "/api/v2/users/me/accounts"

# Number texts as JSON writes them: plain, with exponents, with too many digits.
PLAIN = st.decimals(
    min_value=-LEAST_TOO_LARGE, max_value=LEAST_TOO_LARGE, places=2, allow_nan=False
).map(str)
ODD = st.from_regex(r"-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,5})?([eE][+-]?[0-9]{1,2})?", fullmatch=True)
HOSTILE = (
    "NaN",
    "Infinity",
    "-Infinity",
    "1e400",
    "1e-400",
    "0.005",
    "1e100000",
    '"12.30"',
    "-0.00",
    "0E18",
    "0e-18",
    "0E19",
    "0.00e20",
)


def fits(text: str) -> bool:
    """Whether a number may be money: at most two decimals, within twelve digits."""
    value = Decimal(text)
    return abs(value) < LEAST_TOO_LARGE and value == round(value, 2)


def is_read(text: str) -> bool:
    """Whether a body may hold this number: its exponent is within JSON_EXPONENT, 0E18 is 0."""
    parts = re.fullmatch(r"-?[0-9.]+(?:[eE]([+-]?[0-9]+))?", text)
    return parts is not None and abs(int(parts[1] or 0)) <= 18


def exact(text: str) -> str:
    """How the wire writes this amount back."""
    return f"{Decimal(text) + 0:.2f}"


def samples() -> Iterator[str]:
    chance = random.Random(SEED)
    for _ in range(BULK):
        digits = chance.randint(1, 14)
        places = chance.choice((0, 1, 2, 2, 2, 3, 4, 6))
        number = Decimal(chance.randint(-(10**digits), 10**digits)).scaleb(-places)
        yield format(number, "f")


@pytest.mark.timeout(900)
def test_the_type_keeps_an_amount_as_it_is_or_refuses_it(
    transaction: psycopg.Connection[Any],
) -> None:
    transaction.execute(
        """
        create function pg_temp.kept(_text text) returns text language plpgsql as $$
        begin
            return (_text::api.money)::numeric(14, 2)::text;
        exception when check_violation or numeric_value_out_of_range then return null;
        end; $$
        """
    )
    texts = list(samples())
    rows = transaction.execute(
        "select pg_temp.kept(text) from unnest(%s::text[]) with ordinality as given (text, place)"
        " order by place",
        (texts,),
    ).fetchall()
    wrong = [
        (text, kept)
        for text, (kept,) in zip(texts, rows, strict=True)
        if kept != (exact(text) if fits(text) else None)
    ]
    kept = sum(row[0] is not None for row in rows)
    print(f"TIDELINE_SEED={SEED}: {kept} of {BULK} amounts kept as sent, {BULK - kept} refused")
    assert not wrong, wrong[:5]
    assert 0.2 * BULK < kept < 0.9 * BULK


@pytest.mark.parametrize("text", ["NaN", "Infinity", "-Infinity"])
@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("accounts", "opening_balance"),
        ("transactions", "amount"),
        ("recurring_items", "amount"),
        ("recurring_exceptions", "amount"),
        ("users", "reserve"),
    ],
)
def test_no_table_takes_what_is_no_number(
    service: Service, table: str, column: str, text: str
) -> None:
    user = settle(service)
    owner = "id" if table == "users" else "user_id"
    refused = (psycopg.IntegrityError, psycopg.DataError, psycopg.NotSupportedError)
    with psycopg.connect(service.dsn) as connection, pytest.raises(refused):
        connection.execute(
            f"update data.{table} set {column} = %s::numeric where {owner} = %s",
            (text, user.user_id),
        )


@pytest.mark.timeout(300)
def test_what_the_wire_takes_it_gives_back_digit_by_digit(service: Service) -> None:
    user = service.new_user()
    with Client(service.url, user.token) as client:
        made = client.ask("POST", ACCOUNTS, {"name": "purse"})
        address = f"{ACCOUNTS}/{made.data['id']}"

        def check(text: str) -> None:
            before = balance()
            reply = client.ask("PATCH", address, f'{{"opening_balance": {text}}}'.encode())
            if is_read(text) and fits(text):
                assert reply.status == 200, (text, reply)
                assert balance() == exact(text), text
            else:
                assert reply.status in (400, 422), (text, reply)
                assert balance() == before, text

        def balance() -> str:
            body = client.ask("GET", address).body.decode()
            found = re.search(r'"opening_balance" ?: ?(-?[0-9.]+)', body)
            assert found, body
            return found[1]

        @settings(max_examples=WIRE, deadline=None, database=None)
        @given(st.one_of(PLAIN, ODD))
        def law(text: str) -> None:
            check(text)

        for text in HOSTILE:
            check(text)
        law()
