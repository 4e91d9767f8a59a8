"""Goals are reached on the days that a plain loop over months finds, and take what it takes."""

import calendar
import os
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import psycopg
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

AS_OF = date(2026, 2, 28)
SURPLUS = 240_000
LAW = settings(
    max_examples=int(os.environ.get("TIDELINE_FUZZ", 25)) * 4,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@dataclass(frozen=True)
class Goal:
    """What is saved for; amounts in cents."""

    target: int
    saved: int
    monthly: int
    next_on: date
    target_on: date | None
    priority: int


goals = st.lists(
    st.builds(
        Goal,
        st.integers(1, 900_000),
        st.integers(0, 500_000),
        st.integers(0, 60_000) | st.just(0),
        st.dates(date(2024, 1, 1), date(2028, 12, 31)),
        st.none() | st.dates(date(2025, 1, 1), date(2032, 12, 31)),
        st.integers(1, 3),
    ),
    min_size=1,
    max_size=5,
)


def days_after(first: date, as_of: date, count: int) -> list[date]:
    """The next days of a monthly rhythm, each counted from the first one."""
    found: list[date] = []
    number = 0
    while len(found) < count:
        months = first.year * 12 + first.month - 1 + number
        year, month = divmod(months, 12)
        day = date(year, month + 1, min(first.day, calendar.monthrange(year, month + 1)[1]))
        if day > as_of:
            found.append(day)
        number += 1
    return found


def put_aside(goal: Goal) -> list[tuple[date, int]]:
    """What is put aside, day by day, until the target; within a hundred years."""
    left = max(0, goal.target - goal.saved)
    if not goal.monthly or left > goal.monthly * 1200:
        return []
    moves = []
    for day in days_after(goal.next_on, AS_OF, -(-left // goal.monthly)):
        moves.append((day, min(left, goal.monthly)))
        left -= moves[-1][1]
    return moves


@LAW
@given(goals=goals)
def test_goals_are_those_of_the_plain_loop(
    transaction: psycopg.Connection[Any], goals: list[Goal]
) -> None:
    transaction.execute("insert into data.users (id) values (-1) on conflict do nothing")
    transaction.execute("delete from data.financial_goals where user_id = -1")
    with transaction.cursor() as cursor:
        cursor.executemany(
            "insert into data.financial_goals (user_id, id, name, target_amount, saved, currency,"
            " monthly, next_on, target_on, priority)"
            " values (-1, %s, 'G', %s / 100.0, %s / 100.0, 'USD', %s / 100.0, %s, %s, %s)",
            [
                (key, one.target, one.saved, one.monthly, one.next_on, one.target_on, one.priority)
                for key, one in enumerate(goals, 1)
            ],
        )
    rows = transaction.execute(
        "select id, left_cents, monthly_count, monthly_on, ahead_cents, pace_on, needed_count,"
        " needed_cents from core.pace_rows(-1, %s, %s)",
        [AS_OF, SURPLUS],
    ).fetchall()
    places = sorted(range(len(goals)), key=lambda place: (goals[place].priority, place))
    assert [row[0] for row in rows] == [place + 1 for place in places]

    ahead = 0
    for place, (_, left, count, on, before, pace_on, times, needed) in zip(
        places, rows, strict=True
    ):
        goal = goals[place]
        moves = put_aside(goal)
        assert left == max(0, goal.target - goal.saved)
        assert before == ahead
        ahead += left
        if left == 0:
            assert (count, on, pace_on) == (0, AS_OF, AS_OF)
        else:
            assert (count, on) == ((len(moves), moves[-1][0]) if moves else (None, None))
            assert pace_on == AS_OF + timedelta(-(-ahead * 365 // SURPLUS))
        if goal.target_on is None:
            assert times is None
        else:
            until = [day for day in days_after(goal.next_on, AS_OF, 90) if day <= goal.target_on]
            assert times == len(until)
            if left and until:
                assert needed * len(until) >= left > (needed - 1) * len(until)
            else:
                assert needed == (None if left else 0)

        to = AS_OF + timedelta(700)
        taken = transaction.execute(
            "select on_day, -cents from core.goal_moves(-1, %s, %s, %s) order by on_day",
            [place + 1, AS_OF, to],
        ).fetchall()
        if moves or not left or not goal.monthly:
            assert taken == [move for move in moves if move[0] <= to]
