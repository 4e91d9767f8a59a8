"""The room of transactions, on the real service: find, sort in, add, change and drop bookings."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Route, expect

from tests.web.conftest import PHONE, Ledger, Visit
from tests.web.words import dollars

LIST = "**/transactions?**"


@pytest.fixture
def room(visit: Callable[..., Visit], ledger: Ledger) -> Visit:
    """The room, open, with its five bookings."""
    opened = visit("/#/transactions")
    opened.offer(ledger.user.token)
    expect(rows(opened)).to_have_count(5)
    return opened


def rows(room: Visit) -> Locator:
    """The bookings in the list."""
    return room.page.locator("#ledger-days .booking")


def row(room: Visit, words: str) -> Locator:
    """One booking of the list."""
    return rows(room).filter(has_text=words)


def sorted_in(room: Visit, words: str, category: str) -> None:
    """Chooses a category for a booking, by key as by pointer."""
    box = row(room, words).locator("select")
    box.focus()
    box.select_option(label=category)
    box.blur()


def test_bookings_stand_under_their_days_with_exact_amounts(room: Visit, ledger: Ledger) -> None:
    days = room.page.locator(".day-head")
    expect(days).to_have_count(3)
    expect(days.nth(0)).to_contain_text("Yesterday")
    expect(row(room, "Groceries").locator(".booking-amount")).to_have_text("−$82.40")
    expect(row(room, "Salary").locator(".booking-amount")).to_have_text("+$2,000.50")
    expect(row(room, "Groceries").locator("select")).to_have_text("Groceries")
    expect(row(room, "Coffee")).to_contain_text("Pending")
    expect(row(room, "Interest")).to_contain_text("Rainy day")
    expect(days.nth(1)).to_contain_text("−$85.60"), "the day's sum"
    expect(room.page.locator("#ledger-said")).to_have_text("5 bookings, that is all.")
    assert room.complaints == []


def test_what_is_typed_is_looked_for_once_the_keys_rest(room: Visit) -> None:
    asked = len(room.asked)
    room.page.locator("#ledger-text").press_sequentially("coffee", delay=20)
    expect(rows(room)).to_have_count(1)
    expect(room.page.locator("#ledger-said")).to_have_text("One booking found, that is all.")
    lists = [url for url in room.asked[asked:] if "/transactions?" in url]
    assert len(lists) < 4, "not one question per key"
    room.page.locator("#ledger-text").fill("zzz")
    expect(room.page.locator("#ledger-days")).to_contain_text("Nothing matches")


def test_the_newest_question_has_the_list(room: Visit) -> None:
    held: list[Route] = []
    room.page.route("**/transactions?*text=bus*", lambda route: held.append(route))
    search = room.page.locator("#ledger-text")
    search.fill("bus")
    room.page.wait_for_timeout(400)
    search.fill("coffee")
    expect(rows(room)).to_have_count(1)
    expect(row(room, "Coffee")).to_be_visible()
    for route in held:
        route.continue_()
    room.page.wait_for_timeout(200)
    expect(row(room, "Coffee")).to_be_visible()
    expect(row(room, "Bus")).to_have_count(0)


def test_filters_narrow_the_list_and_say_how_many_they_are(room: Visit, ledger: Ledger) -> None:
    page = room.page
    page.locator("#ledger-filters summary").click()
    page.locator("#ledger-account").select_option(label="Rainy day")
    expect(rows(room)).to_have_count(1)
    expect(page.locator("#filter-count")).to_have_text(" (1)")
    page.get_by_role("button", name="Clear filters").click()
    expect(rows(room)).to_have_count(5)
    page.locator("#ledger-category").select_option(label="Groceries")
    expect(rows(room)).to_have_count(1)
    page.get_by_role("button", name="Clear filters").click()
    page.locator("#ledger-from").fill(ledger.on(-1))
    expect(rows(room)).to_have_count(2)
    page.locator("#ledger-to").fill(ledger.on(-9))
    expect(page.locator("#ledger-error")).to_have_text("The last day lies before the first.")


def test_amounts_order_the_list_and_narrow_it(room: Visit) -> None:
    page = room.page
    page.locator("#ledger-order").select_option("smallest")
    expect(page.locator(".day-head")).to_have_count(0)
    names = page.locator("#ledger-days .booking-name")
    expect(names.first).to_have_text("Groceries of the week")
    expect(names.last).to_have_text("Salary March")
    page.locator("#ledger-filters summary").click()
    page.locator("#ledger-direction").select_option("out")
    page.locator("#ledger-least").fill("3")
    expect(names).to_have_text(["Groceries of the week", "Coffee"])
    page.locator("#ledger-most").fill("many")
    expect(page.locator("#ledger-error")).to_contain_text("Type the amount as a number")
    expect(page.locator("#ledger-most")).to_be_focused()
    page.get_by_role("button", name="Clear filters").click()
    page.locator("#ledger-text").fill("bus")
    expect(names).to_have_text(["Bus ticket"])
    expect(page.locator("#ledger-order")).to_have_value("newest")


def test_a_category_is_set_in_the_row_and_taken_back(room: Visit, ledger: Ledger) -> None:
    sorted_in(room, "Bus ticket", "Public transport")
    note = room.page.locator("#note-words")
    expect(note).to_contain_text("“Bus ticket”: ")
    [bus] = ledger.rows(text="Bus")
    assert bus["subcategory_id"] == ledger.categories["Public transport"]
    room.page.get_by_role("button", name="Undo").click()
    expect(note).to_contain_text("is as it was: no category")
    assert ledger.rows(text="Bus")[0]["subcategory_id"] is None
    expect(row(room, "Bus ticket").locator("select")).to_have_value("")


def test_arrow_keys_walk_a_choice_and_only_where_they_stop_is_meant(
    room: Visit, ledger: Ledger
) -> None:
    box = row(room, "Bus ticket").locator("select")
    box.focus()
    changes = [url for url in room.asked if url.endswith(f"/{ledger.rows(text='Bus')[0]['id']}")]
    for _ in range(3):
        room.page.keyboard.press("ArrowDown")
    expect(room.page.locator("#note-words")).to_contain_text("“Bus ticket”: ")
    later = [url for url in room.asked if url.endswith(f"/{ledger.rows(text='Bus')[0]['id']}")]
    assert len(later) - len(changes) == 2, "read once and set once"


def test_a_category_that_is_refused_goes_back(room: Visit, ledger: Ledger) -> None:
    def refuse(route: Route) -> None:
        if route.request.method == "PATCH":
            route.fulfill(status=422, body='{"success": false, "detail": "Not this one."}')
        else:
            route.continue_()

    room.page.route("**/transactions/*", refuse)
    sorted_in(room, "Bus ticket", "Public transport")
    expect(room.page.locator("#note-words")).to_have_text(
        "The category stays as it was. Not this one."
    )
    expect(row(room, "Bus ticket").locator("select")).to_have_value("")


def test_a_booking_that_somebody_else_sorted_in_is_shown_as_it_stands(
    room: Visit, ledger: Ledger
) -> None:
    [bus] = ledger.rows(text="Bus")
    theirs = ledger.categories["Groceries"]
    path = f"/api/v2/users/me/transactions/{bus['id']}"
    ledger.client.ask("PATCH", path, {"subcategory_id": theirs})
    sorted_in(room, "Bus ticket", "Public transport")
    expect(room.page.locator("#note-words")).to_contain_text("changed elsewhere meanwhile")
    expect(row(room, "Bus ticket").locator("select")).to_have_value(str(theirs))
    assert ledger.rows(text="Bus")[0]["subcategory_id"] == theirs


def test_a_booking_is_added_by_the_keyboard_alone(room: Visit, ledger: Ledger) -> None:
    page = room.page
    page.get_by_role("button", name="Add a booking").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#sheet [name=description]")).to_be_focused()
    page.keyboard.type("Flowers")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("12,30")
    page.keyboard.press("Enter")
    expect(page.locator("#note-words")).to_have_text("Added “Flowers”, −$12.30.")
    expect(row(room, "Flowers")).to_be_visible()
    expect(page.get_by_role("button", name="Add a booking")).to_be_focused()
    [flowers] = ledger.rows(text="Flowers")
    assert flowers["amount"] == -12.3
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#note-words")).to_have_text("“Flowers” is not booked.")
    assert ledger.rows(text="Flowers") == []


def test_a_refusal_stands_at_the_field_that_it_names(room: Visit) -> None:
    page = room.page
    page.get_by_role("button", name="Add a booking").click()
    page.get_by_role("button", name="Add it").click()
    expect(page.locator("#sheet [name=description]")).to_be_focused()
    expect(page.locator("#sheet .error")).to_have_text("Say what it was.")
    page.locator("#sheet [name=description]").fill("Boat")
    page.locator("#sheet [name=amount]").fill("999999999999.99")
    page.locator("#sheet select[name=direction]").select_option("in")
    page.get_by_role("button", name="Add it").click()
    amount = page.locator("#sheet input[name=amount]")
    expect(amount).to_have_attribute("aria-invalid", "true")
    expect(amount).to_be_focused()
    expect(page.locator("#sheet .field:has([name=amount]) .error")).to_contain_text("balance")


def test_a_booking_is_changed_in_its_place(room: Visit, ledger: Ledger) -> None:
    page = room.page
    page.get_by_role("button", name="Coffee", exact=True).click()
    page.locator("#sheet [name=description]").fill("Coffee and cake")
    page.locator("#sheet [name=amount]").fill("7.5")
    page.locator("#sheet [name=is_pending]").uncheck()
    page.get_by_role("button", name="Keep changes").click()
    changed = row(room, "Coffee and cake")
    expect(changed.locator(".booking-amount")).to_have_text("−$7.50")
    expect(changed).not_to_contain_text("Pending")
    expect(page.locator(".day-head").nth(1)).to_contain_text("−$89.90")
    assert ledger.rows(text="cake")[0]["amount"] == -7.5


def test_a_drop_says_in_words_what_it_does_before_it_does_it(room: Visit, ledger: Ledger) -> None:
    page = room.page
    before = ledger.balance("Everyday")
    page.get_by_role("button", name="Groceries of the week", exact=True).click()
    page.get_by_role("button", name="Drop …").click()
    words = page.locator("#ask-words")
    expect(words).to_contain_text("−$82.40 on ")
    expect(words).to_contain_text(f"from {dollars(before)} to {dollars(round(before + 82.4, 2))}.")
    expect(page.locator("#ask-no")).to_be_focused()
    page.keyboard.press("Escape")
    assert len(ledger.rows()) == 5, "nothing was asked"
    page.get_by_role("button", name="Drop …").click()
    page.get_by_role("button", name="Drop it").click()
    expect(rows(room)).to_have_count(4)
    assert ledger.balance("Everyday") == round(before + 82.4, 2)
    page.get_by_role("button", name="Undo").click()
    expect(rows(room)).to_have_count(5)
    assert ledger.balance("Everyday") == before


def test_many_are_sorted_in_at_once_and_dropped_at_once(room: Visit, ledger: Ledger) -> None:
    page = room.page
    for words in ("Coffee", "Bus ticket"):
        row(room, words).locator(".pick input").check()
    expect(page.locator("#bulk-words")).to_have_text("2 chosen, −$6.00")
    page.locator("#bulk-category").select_option(label="Public transport")
    page.get_by_role("button", name="Set category").click()
    expect(page.locator("#note-words")).to_contain_text("2 bookings: ")
    expect(page.locator("#bulk")).to_be_hidden()
    wanted = ledger.categories["Public transport"]
    assert len(ledger.rows(subcategory_id=wanted)) == 2
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#note-words")).to_have_text("2 bookings as before.")
    assert ledger.rows(subcategory_id=wanted) == []
    page.get_by_role("button", name="Choose all shown").click()
    expect(page.locator("#bulk-words")).to_contain_text("5 chosen")
    page.locator("#bulk-drop").click()
    expect(page.locator("#ask-words")).to_contain_text("the accounts get this back")
    page.get_by_role("button", name="Drop 5 bookings").click()
    expect(page.locator("#ledger-days")).to_contain_text("No bookings yet")
    assert ledger.rows() == []
    assert ledger.balance("Everyday") == 1000


def test_the_list_goes_on_as_it_is_read(visit: Callable[..., Visit], ledger: Ledger) -> None:
    items: list[dict[str, Any]] = [
        {
            "account_id": ledger.accounts["Everyday"],
            "amount": -(100 + one) / 100,
            "transaction_date": ledger.on(-10 - one // 3),
            "description": f"Number {one}",
        }
        for one in range(180)
    ]
    path = "/api/v2/users/me/transactions/batch"
    assert ledger.client.ask("POST", path, {"items": items}).status == 201
    opened = visit("/#/transactions")
    opened.offer(ledger.user.token)
    expect(rows(opened)).to_have_count(50)
    for _ in range(12):
        opened.page.mouse.wheel(0, 20000)
        opened.page.wait_for_timeout(150)
    expect(rows(opened)).to_have_count(185)
    expect(opened.page.locator("#ledger-said")).to_have_text("185 bookings, that is all.")
    shown = opened.page.locator("#ledger-days .booking-name").all_text_contents()
    assert shown == [one["description"] for one in ledger.rows()], "none twice, none left out"


def test_texts_of_the_user_stay_text(visit: Callable[..., Visit], ledger: Ledger) -> None:
    hostile = "<img src=x onerror=alert(1)>\u202e \"'&amp;"
    ledger.book(hostile, -1, 0, counterparty="<script>alert(2)</script>", comment="</textarea><b>")
    opened = visit("/#/transactions")
    opened.offer(ledger.user.token)
    shown = row(opened, "<img src=x")
    expect(shown.locator(".booking-name")).to_have_text(hostile)
    expect(shown).to_contain_text("<script>alert(2)</script>")
    shown.locator(".booking-name").click()
    expect(opened.page.locator("#sheet-title")).to_contain_text("<img src=x")
    expect(opened.page.locator("#sheet textarea").first).to_have_value("</textarea><b>")
    assert opened.page.locator("#ledger-days img, #ledger-days script, #sheet b").count() == 0
    assert opened.complaints == []


def test_a_booking_is_split_and_made_whole_again(room: Visit, ledger: Ledger) -> None:
    page = room.page
    page.get_by_role("button", name="Groceries of the week", exact=True).click()
    page.get_by_text("Split in parts").click()
    parts = page.locator(".part-row")
    parts.nth(0).locator("input").fill("80")
    expect(page.locator("#sheet [role=status]").first).to_have_text(
        "$2.40 of $82.40 is left to give a part."
    )
    parts.nth(1).locator("input").fill("2.40")
    parts.nth(1).locator("select").select_option(label="Public transport")
    page.get_by_role("button", name="Set the parts").click()
    expect(row(room, "Groceries of the week")).to_contain_text("Split in parts")
    page.reload()
    expect(row(room, "Groceries of the week")).to_contain_text("Split in parts")
    [booking] = ledger.rows(text="week")
    path = f"/api/v2/users/me/transactions/{booking['id']}"
    assert [one["amount"] for one in ledger.client.ask("GET", path).data["splits"]] == [-80, -2.4]
    page.get_by_role("button", name="Groceries of the week", exact=True).click()
    page.get_by_text("Split in 2 parts").click()
    page.get_by_role("button", name="Make it whole again").click()
    expect(row(room, "Groceries of the week").locator("select")).to_be_visible()


def test_notes_come_and_go(room: Visit, ledger: Ledger) -> None:
    page = room.page
    page.get_by_role("button", name="Coffee", exact=True).click()
    page.get_by_text("Notes", exact=True).click()
    page.get_by_label("A new note").fill("with <b>Anna</b>\nand Bo")
    page.get_by_role("button", name="Add the note").click()
    expect(page.locator(".notes li")).to_contain_text("with <b>Anna</b>")
    page.get_by_role("button", name="Take the note away").click()
    expect(page.locator(".notes li")).to_have_count(0)


def test_an_account_is_opened_changed_and_dropped(room: Visit, ledger: Ledger) -> None:
    page = room.page
    page.locator("#accounts-box summary").click()
    page.get_by_role("button", name="Open another account").click()
    page.locator("#sheet [name=name]").fill("Purse")
    page.locator("#sheet [name=opening_balance]").fill("20")
    page.get_by_role("button", name="Open it").click()
    expect(page.locator("#accounts-list")).to_contain_text("Purse")
    page.get_by_role("button", name="Purse").click()
    page.locator("#sheet [name=opening_balance]").fill("25.5")
    page.get_by_role("button", name="Keep changes").click()
    purse = page.locator(".account-row", has_text="Purse")
    expect(purse).to_contain_text("$25.50")
    page.get_by_role("button", name="Purse").click()
    page.get_by_role("button", name="Drop …").click()
    page.get_by_role("button", name="Drop it").click()
    expect(purse).to_have_count(0)
    page.get_by_role("button", name="Everyday", exact=True).click()
    page.get_by_role("button", name="Drop …").click()
    page.get_by_role("button", name="Drop it").click()
    expect(page.locator("#sheet .error")).not_to_be_empty(), "it was booked on"


def test_what_changes_a_balance_changes_the_forecast(room: Visit, ledger: Ledger) -> None:
    page = room.page
    page.get_by_role("link", name="Forecast", exact=True).click()
    card = page.locator(".card").first
    before = ledger.balance("Everyday") + ledger.balance("Rainy day")
    expect(card).to_contain_text(dollars(round(before, 2)))
    page.get_by_role("link", name="Transactions", exact=True).click()
    page.get_by_role("button", name="Add a booking").click()
    page.locator("#sheet [name=description]").fill("Shoes")
    page.locator("#sheet [name=amount]").fill("100")
    page.get_by_role("button", name="Add it").click()
    expect(page.locator("#note-words")).to_contain_text("Added “Shoes”")
    page.get_by_role("link", name="Forecast", exact=True).click()
    expect(card).to_contain_text(dollars(round(before - 100, 2)))


def test_on_a_phone_nothing_is_missing(visit: Callable[..., Visit], ledger: Ledger) -> None:
    opened = visit("/#/transactions", viewport=PHONE, has_touch=True)
    opened.offer(ledger.user.token)
    expect(rows(opened)).to_have_count(5)
    for one in (".booking-name", ".booking-amount", ".pick input"):
        expect(row(opened, "Coffee").locator(one)).to_be_visible()
    expect(row(opened, "Coffee").locator("select")).to_be_visible()
    row(opened, "Coffee").locator(".pick input").tap()
    bar = opened.page.locator("#bulk").bounding_box()
    rooms = opened.page.locator("#rooms").bounding_box()
    assert bar is not None
    assert rooms is not None
    assert bar["y"] + bar["height"] <= rooms["y"], "the bar stands above the rooms"
