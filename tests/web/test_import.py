"""The room of imports, with files of real banks: look first, then book, then take it back."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Route, expect

from tests.web.conftest import Ledger, Visit

UPLOAD = "**/statement-imports?*dry_run*"
PLAIN = """Date,Description,Amount
2026-03-02,Baker,-4.20
2026-03-02,Baker,-4.20
2026-03-03,"Rent, March",-900.00
2026-03-04,Broken,not a number
2026-03-05,Wages,1800.00
"""
UNCLEAR = """Wann;Wer;Was es war
01.02.2026;Baecker;hell
02.02.2026;Schuster;dunkel
"""


@pytest.fixture
def room(visit: Callable[..., Visit], ledger: Ledger) -> Visit:
    """The room, open and empty."""
    opened = visit("/#/import")
    opened.offer(ledger.user.token)
    expect(opened.page.locator(".drop")).to_be_visible()
    return opened


@pytest.fixture
def statements(data: Path) -> Path:
    """Files of real banks."""
    folder = data / "statements"
    if not folder.is_dir():
        pytest.skip(f"{folder} is not there")
    return folder


def chosen(room: Visit, name: str, text: str | bytes, account: str = "Everyday") -> None:
    """Chooses a file by the button, for an account."""
    room.page.locator("#import-account").select_option(label=account)
    body = text if isinstance(text, bytes) else text.encode()
    room.page.locator("#import-file").set_input_files(
        {"name": name, "mimeType": "text/plain", "buffer": body}
    )


def cards(room: Visit) -> list[int]:
    """New, known, matched and refused."""
    expect(room.page.locator(".report-cards")).to_be_visible()
    texts = room.page.locator(".report-cards .card-value").all_inner_texts()
    return [int(one.replace(",", "")) for one in texts]


def part(room: Visit, title: str) -> Locator:
    """A table of the report."""
    return room.page.locator("details.report-part", has=room.page.get_by_text(title, exact=False))


def test_a_file_is_looked_at_booked_and_taken_back(room: Visit, ledger: Ledger) -> None:
    page = room.page
    before = ledger.balance("Everyday")
    chosen(room, "march.csv", PLAIN)
    expect(page.get_by_role("heading", name="4 new rows")).to_be_focused()
    assert cards(room) == [4, 0, 0, 1]
    refused = part(room, "Refused rows").locator("tbody tr")
    expect(refused).to_have_count(1)
    for words in ("5", "not a number"):
        expect(refused).to_contain_text(words)
    assert ledger.balance("Everyday") == before, "nothing is booked yet"

    page.get_by_role("button", name="Book 4 rows").click()
    expect(page.get_by_role("heading", name="4 rows are booked")).to_be_focused()
    assert ledger.balance("Everyday") == round(before - 908.4 + 1800, 2)
    page.get_by_role("link", name="See the transactions").click()
    expect(page.locator("#ledger-days")).to_contain_text("Rent, March")
    page.go_back()
    page.get_by_role("button", name="Undo this import").click()
    expect(page.locator("#note-words")).to_have_text("Taken back: 4 bookings are gone again.")
    assert ledger.balance("Everyday") == before
    expect(page.locator("#import-body")).to_contain_text("taken back")
    assert room.complaints == []


def test_the_same_file_twice_has_nothing_new(room: Visit, ledger: Ledger) -> None:
    page = room.page
    chosen(room, "march.csv", PLAIN)
    page.get_by_role("button", name="Book 4 rows").click()
    expect(page.get_by_role("heading", name="4 rows are booked")).to_be_visible()
    page.get_by_role("button", name="Choose another file").click()
    chosen(room, "march.csv", PLAIN)
    expect(page.get_by_role("heading", name="Nothing new in this file")).to_be_visible()
    assert cards(room) == [0, 4, 0, 1]
    expect(page.locator("#import-book")).to_be_disabled()


def test_a_file_is_dropped_where_the_page_says_so(room: Visit) -> None:
    page = room.page
    page.locator("#import-account").select_option(label="Everyday")
    page.evaluate(
        """(text) => {
            const files = new DataTransfer();
            files.items.add(new File([text], "dropped.csv"));
            const zone = document.querySelector(".drop");
            for (const name of ["dragenter", "dragover", "drop"]) {
                const drag = { dataTransfer: files, bubbles: true, cancelable: true };
                zone.dispatchEvent(new DragEvent(name, drag));
            }
        }""",
        PLAIN,
    )
    expect(page.get_by_role("heading", name="4 new rows")).to_be_visible()
    expect(page.locator("#import-body")).to_contain_text("dropped.csv")


def test_strict_books_nothing_while_a_row_is_refused(room: Visit, ledger: Ledger) -> None:
    page = room.page
    chosen(room, "march.csv", PLAIN)
    page.get_by_label("Strict: book nothing while a row is refused").check()
    expect(page.locator("#import-book")).to_be_disabled()
    page.get_by_label("Strict: book nothing while a row is refused").uncheck()
    expect(page.get_by_role("button", name="Book 4 rows")).to_be_enabled()
    assert len(ledger.rows()) == 5


def test_columns_that_are_not_understood_can_be_said(room: Visit, ledger: Ledger) -> None:
    page = room.page
    text = UNCLEAR.replace("hell", "4,20").replace("dunkel", "9,10").replace("Was es war", "Zahl X")
    chosen(room, "unclear.csv", text)
    expect(page.locator(".report-cards, .report-form").first).to_be_visible()
    fold = page.get_by_text("How the columns are read")
    if fold.count() and not page.locator(".report-form select[name=date]").is_visible():
        fold.click()
    form = page.locator(".report-form")
    form.locator("select[name=date]").select_option(value="Wann")
    form.locator("select[name=amount]").select_option(value="Zahl X")
    form.locator("select[name=description]").select_option(value="Wer")
    form.locator("select[name=date_order]").select_option("dmy")
    form.locator("select[name=decimal_mark]").select_option(",")
    form.get_by_role("button", name="Read again").click()
    assert cards(room) == [2, 0, 0, 0]
    expect(part(room, "New")).to_contain_text("Schuster")
    expect(part(room, "New")).to_contain_text("$9.10")


def test_what_is_no_statement_is_said_plainly(room: Visit, ledger: Ledger) -> None:
    page = room.page
    for name, body in (
        ("holiday.png", b"\x89PNG\r\n\x1a\n" + bytes(200)),
        ("bomb.xml", b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bb">]><a>&b;</a>'),
    ):
        chosen(room, name, body)
        expect(page.get_by_role("heading", name="cannot be read")).to_be_visible()
        expect(page.locator("#import-body")).to_contain_text("Nothing was booked.")
        page.get_by_role("button", name="Choose another file").click()
    chosen(room, "empty.csv", b"")
    expect(page.locator(".drop .error")).to_have_text("“empty.csv” is empty.")
    assert len(ledger.rows()) == 5


def test_texts_of_a_file_stay_text(room: Visit) -> None:
    hostile = "<img src=x onerror=alert(1)>"
    chosen(
        room,
        f"{hostile}.csv",
        f"Date,Description,Amount\n2026-03-02,{hostile},-1\n2026-03-02,x,{hostile}\n",
    )
    assert cards(room) == [1, 0, 0, 1]
    expect(part(room, "New")).to_contain_text(hostile)
    expect(part(room, "Refused rows")).to_contain_text(hostile)
    assert room.page.locator("#import-body img").count() == 0
    assert room.complaints == []


def test_while_it_waits_the_page_says_so_and_can_be_stopped(room: Visit, ledger: Ledger) -> None:
    page = room.page
    held: list[Route] = []
    page.route(UPLOAD, lambda route: held.append(route))
    chosen(room, "march.csv", PLAIN)
    expect(page.get_by_role("heading", name="Reading march.csv")).to_be_visible()
    expect(page.get_by_role("progressbar", name="Progress of march.csv")).to_be_visible()
    page.get_by_role("button", name="Stop").click()
    expect(page.locator(".drop")).to_be_visible()
    assert len(ledger.rows()) == 5


def test_a_connection_that_breaks_off_books_nothing_and_can_be_tried_again(room: Visit) -> None:
    page = room.page
    page.route(UPLOAD, lambda route: route.abort())
    chosen(room, "march.csv", PLAIN)
    expect(page.locator("#import-body")).to_contain_text("Nothing was booked.")
    page.unroute(UPLOAD)
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("heading", name="4 new rows")).to_be_visible()


def new_accounts(room: Visit) -> bool:
    """Whether the file names accounts that the page asks about."""
    cards(room)
    return room.page.get_by_role("heading", name="Which accounts").count() > 0


SAMPLES = [
    "csv/mint.csv",
    "csv/sample.fr.utf8.csv",
    "ofx/bank_medium.ofx",
    "ofx/checking.ofx",
    "mt940/ing.sta",
]


@pytest.fixture(params=SAMPLES)
def sample(statements: Path, request: pytest.FixtureRequest) -> Path:
    """One file of a real bank."""
    return statements / request.param


def test_files_of_real_banks_go_through_the_page(
    visit: Callable[..., Visit], ledger: Ledger, sample: Path
) -> None:
    opened = visit("/#/import")
    opened.offer(ledger.user.token)
    expect(opened.page.locator(".drop")).to_be_visible()
    # An account in another currency would refuse the rows: what the file says counts.
    currency = {"ing.sta": "EUR", "bank_medium.ofx": "CAD"}.get(sample.name, "USD")
    if currency != "USD":
        body = {"name": "Abroad", "currency": currency}
        assert ledger.client.ask("POST", "/api/v2/users/me/accounts", body).status == 201
        opened.page.reload()
        expect(opened.page.locator(".drop")).to_be_visible()
    chosen(opened, sample.name, sample.read_bytes(), "Everyday" if currency == "USD" else "Abroad")
    if new_accounts(opened):
        for box in opened.page.locator(".report-form select[name^=account-]").all():
            box.select_option(label="Everyday")
        opened.page.get_by_role("button", name="Read again").first.click()
        expect(opened.page.get_by_role("heading", name="Which accounts")).to_have_count(0)
    new, known, matched, _ = cards(opened)
    assert new > 0
    assert (known, matched) == (0, 0)
    count = len(ledger.rows())
    opened.page.locator("#import-book").click()
    expect(opened.page.get_by_role("heading", name="booked")).to_be_visible()
    assert len(ledger.rows()) == min(count + new, 200)
    assert opened.complaints == []
