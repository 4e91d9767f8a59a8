"""Fixtures of the laws."""

from typing import Any

import psycopg
import pytest

from tests.support.planning import close_days
from tests.support.rule_sets import HOLIDAYS


@pytest.fixture
def plans(transaction: psycopg.Connection[Any]) -> psycopg.Connection[Any]:
    """A transaction that knows the odd calendar of rule_sets and keeps its query plans."""
    transaction.execute("set local plan_cache_mode = force_generic_plan")
    close_days(transaction, "ODD", HOLIDAYS)
    return transaction
