"""An entry of a CAMT statement -> one row, or one for each payment of a batch that adds up."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from service.formats.amounts import written
from service.formats.days import day_of
from service.formats.row import Fault, Row, Statement, fault_of, plain, row_of

_DETAILS = 100000  # payments of one entry
_VALUES = 200  # of one of them
_UNTOLD = frozenset({"NOTPROVIDED", "NONREF", "NOTAVAILABLE", "NOT PROVIDED"})
_PENDING = frozenset({"PDNG", "INFO", "FUTR"})
_REFERENCES = ("Refs/AcctSvcrRef", "Refs/TxId", "Refs/InstrId", "Refs/EndToEndId")


@dataclass(slots=True)
class Entry:
    """Values of an entry by their path below it, and those of its payments."""

    line: int
    values: dict[str, str] = field(default_factory=dict)
    details: list[dict[str, str]] = field(default_factory=list)

    def begin_details(self) -> bool:
        """Another payment begins; False when there are too many."""
        self.details.append({})
        return len(self.details) <= _DETAILS

    def keep(self, path: str, text: str, is_details: bool) -> None:
        """A value; what comes more than once is put together with spaces."""
        values = self.details[-1] if is_details else self.values
        if path in values:
            if path.endswith(("Ustrd", "AddtlRmtInf")) and len(values[path]) < 2000:
                values[path] += f" {text}"
        elif len(values) < _VALUES:
            values[path] = text


def rows_of(entry: Entry, statement: Statement) -> list[Row]:
    """The rows of an entry: its payments when there are several whose amounts add up to it."""
    amount, fault = _signed(entry.values, entry.values, statement)
    if len(entry.details) > 1 and amount is not None:
        parts = [_signed(one, entry.values, statement)[0] for one in entry.details]
        if all(parts) and sum(Decimal(part) for part in parts if part) == Decimal(amount):
            return [
                _row(entry, one, part, fault, statement, number)
                for number, (one, part) in enumerate(zip(entry.details, parts, strict=True), 1)
            ]
    first = entry.details[0] if len(entry.details) == 1 else {}
    if len(entry.details) > 1:
        texts = [_purpose(one) for one in entry.details[:5]]
        joined = "; ".join(text for text in texts if text)
        first = {"RmtInf/Ustrd": joined} if joined else {}
    return [_row(entry, first, amount, fault, statement, 0)]


def _row(
    entry: Entry,
    details: Mapping[str, str],
    amount: str | None,
    fault: Fault | None,
    statement: Statement,
    number: int,
) -> Row:
    values = entry.values
    booked = values.get("BookgDt/Dt") or values.get("BookgDt/DtTm") or ""
    given = booked or values.get("ValDt/Dt") or values.get("ValDt/DtTm") or ""
    day = day_of(given[:10], "ymd")
    if fault is None and day is None:
        reason = "This is not a day." if given else "There is not a day."
        fault = fault_of("BookgDt", reason, given)
    is_in = amount is not None and not amount.startswith("-")
    other = _party(details, ("Dbtr", "UltmtDbtr") if is_in else ("Cdtr", "UltmtCdtr"))
    additional = plain(details.get("AddtlTxInf")) or plain(values.get("AddtlNtryInf"))
    purpose = plain(_purpose(details))
    status = values.get("Sts/Cd") or values.get("Sts/Prtry") or values.get("Sts") or ""
    instant = values.get("BookgDt/DtTm", "")
    return row_of(
        entry.line,
        account=statement["account"],
        currency=plain(values.get("Amt@Ccy")) or statement["currency"],
        external_id=_reference(values, details, number),
        amount=amount,
        transaction_date=day,
        posted_at=instant if day and _has_zone(instant) else None,
        description=purpose or additional or other,
        counterparty=other,
        comment=additional if purpose and additional != purpose else None,
        is_pending=status in _PENDING,
        fault=fault,
    )


def _signed(
    values: Mapping[str, str], entry: Mapping[str, str], statement: Statement
) -> tuple[str | None, Fault | None]:
    """The amount, negative for a debit; of a payment in the currency of its entry."""
    path = "Amt" if "Amt" in values else "AmtDtls/TxAmt/Amt"
    text, way = values.get(path, ""), values.get("CdtDbtInd") or entry.get("CdtDbtInd", "")
    amount = written(text)
    if amount is None or amount.startswith("-"):
        reason = "This is not an amount." if text else "There is not an amount."
        return None, fault_of("Amt", reason, text)
    if way not in ("CRDT", "DBIT"):
        return None, fault_of("CdtDbtInd", "This is neither CRDT nor DBIT.", way)
    if values is not entry and values.get(f"{path}@Ccy") not in (None, entry.get("Amt@Ccy")):
        return None, None  # a payment in another currency adds up to nothing
    return (f"-{amount}" if way == "DBIT" and amount.strip("0.") else amount), None


def _party(details: Mapping[str, str], roles: tuple[str, ...]) -> str | None:
    for role in roles:
        for path in (f"RltdPties/{role}/Nm", f"RltdPties/{role}/Pty/Nm"):
            if path in details:
                return plain(details[path])
    return None


def _purpose(details: Mapping[str, str]) -> str | None:
    for path in (
        "RmtInf/Ustrd",
        "RmtInf/Strd/AddtlRmtInf",
        "RmtInf/Strd/CdtrRefInf/Ref",
        "AddtlTxInf",
    ):
        if details.get(path):
            return details[path]
    return None


def _reference(values: Mapping[str, str], details: Mapping[str, str], number: int) -> str | None:
    """The bank's own id: of the entry, of one payment of a batch with its number behind it."""
    own = [values.get("AcctSvcrRef"), values.get("NtryRef")]
    if number:
        mine = details.get("Refs/AcctSvcrRef")
        if _is_told(mine) and mine != own[0]:
            return plain(mine)
        whole = next((one for one in own if _is_told(one)), None)
        return plain(f"{whole}/{number}") if whole else None
    told = [own[0], *(details.get(path) for path in _REFERENCES[:2]), own[1]]
    return plain(next((one for one in told if _is_told(one)), None))


def _is_told(text: str | None) -> bool:
    return bool(text) and str(text).strip().upper() not in _UNTOLD


def _has_zone(text: str) -> bool:
    return len(text) > 19 and (text.endswith("Z") or text[-6] in "+-") and text[10:11] == "T"
