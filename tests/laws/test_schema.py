"""The schema of a checkout is one thing: applying twice, going down and up change nothing."""

from service import schema


def test_status_after_migrate_is_applied(database: str) -> None:
    assert {row.state for row in schema.status(database)} == {"applied"}
