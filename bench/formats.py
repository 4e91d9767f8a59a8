"""`python -m bench.formats`: rows per second of each reader of bank files, and its memory.

The process of service/formats/worker.py over files made here: wall and CPU of 3 runs each, and the
peak of its memory for 10 and for 100 MB of a table. Writes bench/results/formats.json.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, NamedTuple

from bench.machine import machine

ROOT = Path(__file__).resolve().parents[1]
RESULT = ROOT / "bench" / "results" / "formats.json"
ROWS, RUNS = 100_000, 3
_OFX = (
    "<STMTTRN><TRNTYPE>DEBIT<DTPOSTED>202401{0:02}120000<TRNAMT>-{1}.{0:02}<FITID>F{1}"
    "<NAME>Shop {1}<MEMO>CARD 1234 SHOP {1}</STMTTRN>\n"
)
_CAMT = (
    '<Ntry><Amt Ccy="EUR">{1}.{0:02}</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>'
    "<BookgDt><Dt>2024-01-{0:02}</Dt></BookgDt><AcctSvcrRef>R{1}</AcctSvcrRef><NtryDtls><TxDtls>"
    "<RltdPties><Cdtr><Pty><Nm>Shop {1}</Nm></Pty></Cdtr></RltdPties><RmtInf><Ustrd>Card {1}"
    "</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>\n"
)
# Format -> beginning, one booking for its number, end.
FILES: dict[str, tuple[str, str, str]] = {
    "csv": (
        "Date,Description,Amount,Balance\n", "2024-01-{0:02},Shop {1} card,-{1}.{0:02},1\n", "",
    ),
    "csv, quoted": (
        "Datum;Text;Betrag\n", '"{0:02}.01.2024";"Shop {1}; card";"-{1},{0:02}"\n', "",
    ),
    "ofx": (
        "OFXHEADER:100\n\n<OFX><STMTRS><CURDEF>EUR<BANKACCTFROM><ACCTID>1</BANKACCTFROM>"
        "<BANKTRANLIST>", _OFX, "</BANKTRANLIST></STMTRS></OFX>",
    ),
    "qif": ("!Type:Bank\n", "D{0:02}/01/2024\nT-{1}.{0:02}\nPShop {1}\nMCard\n^\n", ""),
    "camt": (
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><Stmt>',
        _CAMT, "</Stmt></BkToCstmrStmt></Document>",
    ),
    "mt940": (
        ":20:A\n:25:1\n:60F:C240101EUR0,\n",
        ":61:2401{0:02}0101D{1},{0:02}NTRFNONREF//B{1}\n:86:Shop {1} card\n", ":62F:C240131EUR1,\n",
    ),
}  # fmt: skip


class Run(NamedTuple):
    """One reading."""

    rows: int
    wall_s: float
    cpu_s: float
    peak_mib: float


def write(file: BinaryIO, name: str, rows: int) -> int:
    """Bytes of a file with so many bookings."""
    start, one, end = FILES[name]
    file.write(start.encode())
    for number in range(rows):
        file.write(one.format(number % 28 + 1, number % 9973).encode())
    file.write(end.encode())
    file.flush()
    return file.tell()


def read(file: BinaryIO) -> Run:
    """What the process needs for a file."""
    began = time.perf_counter()
    number = file.fileno()
    process = subprocess.Popen(
        [sys.executable, "-m", "service.formats.worker", str(number), "512", "600"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, pass_fds=(number,), cwd=ROOT,
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(b'{"part_rows": 2000}\nnull\n')
    process.stdin.close()
    about = {}
    while line := process.stdout.readline():
        _, told, rows = line.split()
        about = json.loads(process.stdout.read(int(told)))
        process.stdout.read(int(rows))
    _, status, used = os.wait4(process.pid, 0)
    assert status == 0
    assert about["fault"] is None, about
    assert about["fault_count"] == 0, about
    wall_s = time.perf_counter() - began
    return Run(about["row_count"], wall_s, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def measure(name: str, rows: int, runs: int) -> dict[str, float | list[float]]:
    """Medians, with least and most."""
    with tempfile.TemporaryFile() as file:
        size = write(file, name, rows)
        found = [read(file) for _ in range(runs)]
    assert {run.rows for run in found} == {rows}

    def spread(pick: Callable[[Run], float]) -> list[float]:
        values = [pick(run) for run in found]
        return [round(each) for each in (statistics.median(values), min(values), max(values))]

    return {
        "mib": round(size / 1048576, 1),
        "rows": rows,
        "rows_per_wall_s": spread(lambda run: rows / run.wall_s),
        "rows_per_cpu_s": spread(lambda run: rows / run.cpu_s),
        "peak_mib": spread(lambda run: run.peak_mib),
    }


def main() -> int:
    """Measures every format, then the memory of two sizes."""
    result: dict[str, object] = {"machine": machine(), "load": list(os.getloadavg())}
    result["formats"] = {name: measure(name, ROWS, RUNS) for name in FILES}
    for mib in (10, 100):
        result[f"csv of {mib} MB"] = measure("csv", mib * 1_000_000 // 36, 1)
    RESULT.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(result, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
