"""Summaries over many users, made anew: the database knows which there are."""

import psycopg

REFRESH = (
    "select relation || ': ' || outcome"
    " || coalesce(format(', %s rows in %s ms', row_count, took_ms), '')"
    " from core.mart_refresh()"
    " union all select 'first payments: ' || core.prior_learn(current_date) || ' kinds learnt'"
)


def refresh(dsn: str) -> list[str]:
    """One line per summary: made anew, or busy because somebody is at it already."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("set role owner")
        return [str(line) for (line,) in connection.execute(REFRESH)]
