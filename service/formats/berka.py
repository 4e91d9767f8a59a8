"""The files of the Berka bank (PKDD'99): which files a folder holds, and their rows as written.

Cells are divided by semicolons, quoted or not, the first line names them; a name ends in .asc or
.csv, and in .xz behind that when it is packed.
"""

import csv
import io
import lzma
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

# What a file holds, by the beginning of its name; other files of the bank are not read.
KINDS = {"account": "account", "disp": "owner", "order": "order", "trans": "booking"}
ENDINGS = (".asc", ".csv")


@dataclass(frozen=True, slots=True)
class Source:
    """One file of the folder; kind is account, owner, order or booking."""

    path: Path
    kind: str

    @property
    def size(self) -> int:
        """Bytes on disk."""
        return self.path.stat().st_size


@dataclass(frozen=True, slots=True)
class Row:
    """One row as written: its place in the file, and how many bytes of it were read by then."""

    line: int
    cells: list[str]
    bytes_read: int


def sources_of(folder: Path) -> tuple[list[Source], list[str]]:
    """The files to read (account, owner, order, booking), and the names of the others."""
    found, left = [], []
    for path in sorted(folder.iterdir()):
        plain = path.name.removesuffix(".xz")
        kind = next((KINDS[start] for start in KINDS if plain.startswith(start)), None)
        if kind is not None and plain.endswith(ENDINGS) and path.is_file():
            found.append(Source(path, kind))
        else:
            left.append(path.name)
    order = list(KINDS.values())
    return sorted(found, key=lambda source: (order.index(source.kind), source.path.name)), left


def rows_of(source: Source) -> Iterator[Row]:
    """Rows behind the line of names, in the order of the file. Errors: OSError, lzma.LZMAError."""
    with source.path.open("rb") as packed, _opened(packed, source.path) as text:
        reader = csv.reader(text, delimiter=";")
        next(reader, None)
        for cells in reader:
            if cells:
                yield Row(reader.line_num, cells, packed.tell())


def _opened(packed: IO[bytes], path: Path) -> io.TextIOWrapper:
    plain = lzma.LZMAFile(packed) if path.suffix == ".xz" else packed  # noqa: SIM115 - the text owns it
    return io.TextIOWrapper(plain, encoding="utf-8", errors="replace", newline="")
