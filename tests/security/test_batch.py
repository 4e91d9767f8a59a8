"""A batch tells nothing of others: foreign ids in any mix look like ids that nobody has.

In full with TIDELINE_NIGHTLY=1: 10,000 batches, and 2,000 answers of either kind are told apart by
their time no better than by a coin (AUC at most 0.55).
"""

import os
import random
import secrets
import time
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from tests.support.asking import MISSING_ID, Client
from tests.support.household import belongings, check_silent, own_ids, settle
from tests.support.matrix import seen
from tests.support.service import Service, User

IS_FULL = os.environ.get("TIDELINE_NIGHTLY") == "1"
BATCHES = 10_000 if IS_FULL else 250
TIMED = 2_000 if IS_FULL else 150
BEST_AUC = 0.55  # RELIABILITY.md, I2
PATH = "/api/v2/users/me/transactions/batch"
IDS = ("account_id", "subcategory_id", "recurring_item_id")


@pytest.fixture(scope="module")
def house(service_factory: Callable[..., Service]) -> Service:
    return service_factory()


@pytest.fixture(scope="module")
def owner(house: Service) -> User:
    return settle(house)


@pytest.fixture(scope="module")
def other(house: Service) -> User:
    return settle(house, word="stranger", amount=55.0)


def items_of(
    kinds: Sequence[dict[str, str]], ids: dict[str, dict[str, int]]
) -> list[dict[str, Any]]:
    """The rows of a batch: kinds says of each id whether it is own, foreign or missing."""
    return [
        {"amount": -1, "transaction_date": "2026-10-01", "description": "a row"}
        | {name: ids[kind][name] for name, kind in row.items()}
        for row in kinds
    ]


def auc(one: Sequence[float], two: Sequence[float]) -> float:
    """Chance that a guess by time alone tells the two apart; 0.5 is a coin, 1.0 is certainty."""
    ranked = sorted(two)
    wins = sum(bisect_left(ranked, value) + bisect_right(ranked, value) for value in one)
    share = wins / (2 * len(one) * len(two))
    return max(share, 1 - share)


def test_foreign_and_missing_ids_in_any_mix_have_one_answer(
    house: Service, owner: User, other: User
) -> None:
    """Each batch is asked twice: with the owner's ids, and with ids that nobody has instead."""
    seed = secrets.randbits(32)
    chance = random.Random(seed)
    mine, theirs = own_ids(house.dsn, other), own_ids(house.dsn, owner)
    ids = {"own": mine, "foreign": theirs, "missing": dict.fromkeys(IDS, MISSING_ID)}
    before = belongings(house.dsn, owner)
    compared = 0
    with Client(house.url, other.token) as client:
        for number in range(BATCHES):
            kinds = [
                {
                    name: chance.choices(("own", "foreign", "missing"), (4, 1, 1))[0]
                    for name in ("account_id", *(one for one in IDS[1:] if chance.random() < 0.4))
                }
                for _ in range(chance.randint(1, 6))
            ]
            hidden = [
                {name: "missing" if kind == "foreign" else kind for name, kind in row.items()}
                for row in kinds
            ]
            if hidden == kinds:
                continue
            replies = [
                client.ask("POST", PATH, {"items": items_of(one, ids)}) for one in (kinds, hidden)
            ]
            where = f"seed {seed}, batch {number}: {kinds}"
            assert replies[0].status == 404, f"{where}: {replies[0]}"
            assert seen(replies[0]) == seen(replies[1]), where
            check_silent(replies[0], where)
            compared += 1
    assert belongings(house.dsn, owner) == before
    print(f"\n{BATCHES} batches, {compared} with foreign ids, 0 told from missing; seed {seed}")
    assert compared > BATCHES / 4


def test_foreign_and_missing_take_the_same_time(house: Service, owner: User, other: User) -> None:
    seed = secrets.randbits(32)
    chance = random.Random(seed)
    theirs = own_ids(house.dsn, owner)
    ids = {"foreign": theirs, "missing": dict.fromkeys(IDS, MISSING_ID)}
    taken: dict[str, list[float]] = {"foreign": [], "missing": []}
    with Client(house.url, other.token) as client:
        for _ in range(TIMED):
            for kind in chance.sample(("foreign", "missing"), 2):
                body = {"items": items_of([{"account_id": kind}], ids)}
                began = time.perf_counter()
                reply = client.ask("POST", PATH, body)
                taken[kind].append(time.perf_counter() - began)
                assert reply.status == 404
    found = auc(taken["foreign"], taken["missing"])
    print(f"\nAUC {found:.3f} over {TIMED} interleaved pairs; seed {seed}")
    if IS_FULL:
        assert found <= BEST_AUC


def test_a_gap_in_time_would_be_seen() -> None:
    """The measure itself: the same times are a coin, other times are not."""
    chance = random.Random(1)
    same = [[chance.gauss(1, 0.1) for _ in range(2000)] for _ in range(2)]
    assert auc(*same) < BEST_AUC
    assert auc(same[0], [value + 0.05 for value in same[1]]) > BEST_AUC
