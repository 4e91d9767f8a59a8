"""What columns are called, by banks and by the programs of people: name -> what it holds.

Gathered from exports of banks and of Mint, YNAB, Actual, Firefly, Wise, Revolut, N26, PayPal.
"""

import re
import unicodedata

# In the order in which a column is claimed: the first name that fits wins over later ones.
NAMES: dict[str, str] = {
    "date": (
        "date|transaction date|booking date|booked|trans date|operation date|buchungstag|"
        "buchungsdatum|buchung|datum|boekdatum|boekingsdatum|transactiedatum|date operation|"
        "date de l operation|date de comptabilisation|date comptable|date d operation|fecha|"
        "fecha operacion|fecha de operacion|f operacion|fecha movimiento|data|data operazione|"
        "data contabile|data movimento|data lancamento|data transacao|data da transacao|"
        "data mov|data operacji|data ksiegowania|datum provedeni|datum zauctovani|"
        "datum zuctovani|bokforingsdag|bokforingsdatum|transaktionsdag|dato|bogforingsdato|"
        "started date|created on|posting date|posted date|post date|date posted|posted on|"
        "day|transaction_date|completed date|kirjauspaiva|value date|valuta|valutadatum|"
        "date valeur|date de valeur|fecha valor|data valuta|wertstellung|rentedatum|"
        "time|timestamp|datetime|date time"
    ),
    "amount": (
        "amount|transaction amount|betrag|umsatz|bedrag|bedrag eur|montant|importe|importo|valor|"
        "quantia|kwota|castka|objem|belopp|belob|value|sum|total|net|net amount|netto|amount eur|"
        "amount usd|amount gbp|betrag eur|betrag in eur|montant eur|montant en euros|"
        "montant de l operation|importe eur|amount in account currency|transaction value|"
        "kwota transakcji|suma|maara|paid|gross|cantidad|umsatz in eur|kwota operacji"
    ),
    "debit": (
        "debit|debit amount|withdrawal|withdrawals|withdrawal amt|withdrawal amount|money out|"
        "paid out|outflow|soll|belastung|lastschrift|ausgang|af|debet|sortie|depense|debits|"
        "debit eur|cargo|cargos|debe|dare|uscite|addebiti|debito|saida|saidas|obciazenia|wydatki|"
        "expense|spending|payments|payment amount|utgift|ausgaben"
    ),
    "credit": (
        "credit|credit amount|deposit|deposits|deposit amt|deposit amount|money in|paid in|inflow|"
        "haben|gutschrift|eingang|bij|entree|recette|credits|credit eur|abono|abonos|haber|avere|"
        "entrate|accrediti|credito|entrada|entradas|uznania|wplywy|income|receipts|inkomst|"
        "einnahmen"
    ),
    "direction": (
        "transaction type|type|debit credit|credit debit|debit credit indicator|dc|cd|d c|c d|"
        "dr cr|cr dr|s h|soll haben|af bij|sign|indicator|credit debit indicator|sens|"
        "debit or credit|direction|in out|+/-|af/bij|kz|signo|segno|vorzeichen|znamenko"
    ),
    "description": (
        "description|transaction description|details|detail|transaction details|memo|narrative|"
        "narration|particulars|text|buchungstext|verwendungszweck|zweck|vorgang|omschrijving|"
        "mededelingen|libelle|libelle operation|concepto|descripcion|descrizione|causale|"
        "descricao|historico|movimento|opis|opis operacji|popis|zprava pro prijemce|"
        "transaction|title|tytul|tytul operacji|beskrivning|tekst|selite|reference text|subject|"
        "remittance information|payment details|purpose|operation|transaction description 1|"
        "original description|label|payment reference|bank statement description|buchungsdetails"
    ),
    "counterparty": (
        "payee|payee name|merchant|merchant name|name|counterparty|counterparty name|"
        "counter party|beneficiary|beneficiary name|recipient|sender|payer|empfanger|"
        "auftraggeber|auftraggeber empfanger|beguenstigter zahlungspflichtiger|"
        "begunstigter zahlungspflichtiger|name zahlungsbeteiligter|zahlungsempfanger|"
        "naam omschrijving|naam tegenpartij|tegenpartij|tiers|beneficiaire|beneficiario|"
        "ordenante|ordinante|nadawca odbiorca|odbiorca|nadawca|nazev protiuctu|protistrana|"
        "mottagare|motpart|modtager|saaja|saaja maksaja|partner name|vendor|company|store|to from|"
        "zahlungspflichtige r|zahlungspflichtiger|zahlungsempfanger in|naam"
    ),
    "comment": (
        "note|notes|comment|comments|remark|remarks|notiz|notizen|bemerkung|kommentar|remarque|"
        "remarques|commentaire|nota|notas|observaciones|opmerking|notitie|notatka|poznamka|uwagi|"
        "user comment|anmerkung|additional info"
    ),
    "category": (
        "category|category name|kategorie|categorie|categoria|kategoria|subcategory|sub category|"
        "spending category|rubrik"
    ),
    "external_id": (
        "transaction id|id|reference number|reference|ref|ref no|unique id|fitid|external id|"
        "transaction reference|transaktions id|referenz|referentie|numero operation|"
        "numero de operacion|id transazione|id transakcji|id operace|identifier|uid|trans id|"
        "bank reference|id pohybu|kundenreferenz|end to end id|transaction number"
    ),
    "currency": (
        "currency|currency code|transaction currency|wahrung|waehrung|munt|devise|moneda|divisa|"
        "valuta code|moeda|waluta|mena|valutakod|ccy|curr|account currency"
    ),
    "account": (
        "account|account name|account number|konto|kontonummer|kontobezeichnung|rekening|"
        "rekeningnummer|iban|compte|numero de compte|cuenta|conto|conta|rachunek|ucet|"
        "own account|iban bban|account no|auftragskonto|eigene iban|product"
    ),
    "state": "status|state|cleared|pending|reconciled|booking status|buchungsstatus|estado|statut",
    "balance": (
        "balance|running balance|saldo|kontostand|solde|account balance|available balance|"
        "saldo eur|saldo po operacji|zustatek|balance after|saldo na mutatie|closing balance"
    ),
}  # fmt: skip

_MEANING: dict[str, str] = {}
for _meaning, _listed in NAMES.items():
    for _name in _listed.split("|"):
        _MEANING.setdefault(_name, _meaning)
_RANK = {name: place for listed in NAMES.values() for place, name in enumerate(listed.split("|"))}
# Words that say which way money went, in the cells of a column of directions.
OUT = frozenset(
    "debit|d|dr|db|s|soll|af|out|outflow|-|withdrawal|expense|debet|debito|débito|cargo|spend|"
    "payment|dbit|uit|lastschrift|purchase|sale".split("|")
)
IN = frozenset(
    "credit|c|cr|h|haben|bij|in|inflow|+|deposit|income|credito|crédito|abono|crdt|gutschrift|"
    "refund".split("|")
)
PENDING = frozenset(
    "pending|not cleared|uncleared|unposted|authorised|authorized|vorgemerkt|en attente|"
    "pendiente|in attesa|hold|processing|gereserveerd|p".split("|")
)
TOTALS = re.compile(
    r"(?:grand )?(?:sub ?)?total(?:s|e|en|es)?\b|sum(?:me|ma|a)?\b|gesamt\b|totaal\b|"
    r"(?:opening|closing|beginning|ending|start|end|anfangs|end|alter|neuer|ancien|nouveau) ?"
    r"(?:balance|saldo|kontostand|solde)\b|saldo\b|solde\b|balance\b|celkem\b|razem\b|"
    r"(?:number|anzahl|nombre) (?:of|der|de)\b|\*+\s*end|end of (?:file|report|statement)\b",
    re.IGNORECASE,
)


def plain_name(name: str) -> str:
    """A column's name without case, accents, brackets and marks: `Début (€)` is `debut`."""
    bare = unicodedata.normalize("NFKD", name.replace("ß", "ss").replace("ł", "l"))
    bare = "".join(mark for mark in bare if not unicodedata.combining(mark)).lower().strip()
    if bare in ("+/-", "af/bij"):
        return bare
    bare = re.sub(r"\([^)]*\)|\[[^\]]*\]", " ", bare)
    return " ".join(re.sub(r"[^a-z0-9]+", " ", bare).split())


def meaning_of(name: str) -> str | None:
    """What a column of this name holds; None when nobody knows."""
    return _MEANING.get(plain_name(name))


def rank_of(name: str) -> int:
    """Lower for the more usual name of the same thing."""
    return _RANK.get(plain_name(name), 999)
