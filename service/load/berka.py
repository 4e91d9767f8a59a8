"""`tideline load berka PATH`: COPY into a waiting table, then the set-based steps of core.

All of it is one transaction: a load that is killed leaves nothing, a repeated one adds nothing.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from tqdm import tqdm  # type: ignore[import-untyped]

from service.formats.berka import Source, rows_of, sources_of

Tell = Callable[[str], None]

STEPS = (
    ("checking rows", "select core.berka_check()"),
    ("opening accounts", "select core.berka_people()"),
    ("booking", "select core.booking_take()"),
    ("taking orders", "select core.standing_take()"),
)


@dataclass(frozen=True, slots=True)
class Refused:
    """Rows of one file that were left out for one reason; examples show the first three."""

    file: str
    reason: str
    count: int
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FileReport:
    """What became of the rows of one file: read = loaded + known + refused."""

    file: str
    kind: str
    loaded: int = 0
    known: int = 0
    refused: int = 0

    @property
    def read(self) -> int:
        """Rows behind the line of names."""
        return self.loaded + self.known + self.refused


@dataclass(frozen=True, slots=True)
class Differences:
    """The bank's rounded balances against the sum of the bookings, by day and account."""

    days: int
    differing: int
    over_one: int
    largest: str
    account: str
    on_day: str


@dataclass(frozen=True, slots=True)
class BerkaReport:
    """What one load did. wrong_balances counts accounts that are not the sum of their bookings."""

    files: tuple[FileReport, ...]
    refused: tuple[Refused, ...]
    left: tuple[str, ...]
    accounts: int
    wrong_balances: int
    differences: Differences | None = field(default=None)

    def lines(self) -> list[str]:
        """The report for people."""
        lines = [f"{'file':<34}{'read':>8}{'loaded':>8}{'known':>8}{'refused':>9}"]
        lines += [
            f"{one.file:<34}{one.read:>8}{one.loaded:>8}{one.known:>8}{one.refused:>9}"
            for one in self.files
        ]
        for reason in self.refused:
            lines.append(f"refused {reason.count} of {reason.file}: {reason.reason}")
            lines += [f"    {example}" for example in reason.examples]
        if self.left:
            lines.append(f"not read: {', '.join(self.left)}")
        lines.append(
            f"{self.accounts} accounts; {self.wrong_balances} of all accounts differ from "
            "opening balance plus the sum of their bookings"
        )
        if self.differences is not None:
            lines.append(_said(self.differences))
        return lines


def load(dsn: str, folder: Path, tell: Tell) -> BerkaReport:
    """Loads the folder and tells the report. Errors: OSError, lzma.LZMAError, psycopg.Error."""
    if not folder.is_dir():
        raise FileNotFoundError(f"{folder} is no folder")
    sources, left = sources_of(folder)
    if not any(source.kind == "account" for source in sources):
        raise FileNotFoundError(f"{folder} holds no account.asc or account.asc.xz")
    with psycopg.connect(dsn) as connection:
        connection.execute("set local role owner")
        connection.execute("set local search_path = ''")
        connection.execute("truncate data.berka_rows")  # also keeps a second load waiting
        _copy(connection, sources)
        with tqdm(STEPS, unit="step", disable=None) as steps:
            for words, statement in steps:
                steps.set_description(words)
                connection.execute(statement)
        report = _report(connection, left)
        connection.execute("truncate data.berka_rows")
    for line in report.lines():
        tell(line)
    return report


def _copy(connection: psycopg.Connection, sources: Sequence[Source]) -> None:
    """Every row of every file as it stands into data.berka_rows."""
    statement = "copy data.berka_rows (kind, file, line, cells) from stdin"
    total = sum(source.size for source in sources)
    with (
        connection.cursor() as cursor,
        cursor.copy(statement) as copy,
        tqdm(total=total, unit="B", unit_scale=True, desc="reading", disable=None) as bar,
    ):
        done = 0
        for source in sources:
            for row in rows_of(source):
                # A NUL is damage that no text column takes; the cell will be refused as what it is.
                cells = [cell.replace("\0", "\ufffd") for cell in row.cells]
                copy.write_row((source.kind, source.path.name, row.line, cells))
                bar.update(done + row.bytes_read - bar.n)
            done += source.size
        bar.update(total - bar.n)


def _report(connection: psycopg.Connection, left: list[str]) -> BerkaReport:
    files: dict[str, FileReport] = {}
    refused: list[Refused] = []
    rows = connection.execute(
        "select file, kind, outcome, row_count, examples from core.outcome_report()"
    ).fetchall()
    for file, kind, outcome, count, examples in rows:
        one = files.get(file) or FileReport(file, kind)
        loaded = one.loaded + (count if outcome == "loaded" else 0)
        known = one.known + (count if outcome == "known" else 0)
        is_refused = outcome not in ("loaded", "known")
        if is_refused:
            refused.append(Refused(file, outcome, count, tuple(examples)))
        files[file] = FileReport(
            file, kind, loaded, known, one.refused + (count if is_refused else 0)
        )
    accounts, wrong = connection.execute(
        """
        select count(*), (select count(*) from core.balance_faults())
        from data.berka_rows
        where kind = 'account' and outcome in ('loaded', 'known')
        """
    ).fetchone() or (0, 0)
    difference = connection.execute(
        """
        select day_count, differing_count, over_one_count, largest::text, account, on_day::text
        from core.outcome_differences()
        """
    ).fetchone()
    return BerkaReport(
        tuple(files.values()),
        tuple(refused),
        tuple(left),
        accounts,
        wrong,
        Differences(*difference) if difference is not None and difference[0] else None,
    )


def _said(found: Differences) -> str:
    return (
        f"the bank rounds its balances to 0.10: of {found.days} account days {found.differing} "
        f"differ from the sum of the bookings, {found.over_one} by more than 1.00; the largest "
        f"difference is {found.largest} (account {found.account}, {found.on_day})"
    )
