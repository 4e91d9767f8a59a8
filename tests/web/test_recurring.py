"""The recurring room: suggestions from the person's own ledger, and the items of the plan."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from playwright.sync_api import Locator, expect

from tests.web.conftest import Ledger, Visit

ITEMS = "/api/v2/users/me/recurring-items"


def months_back(today: date, count: int) -> list[int]:
    """Days from today to one day of each month, the last of them a few days ago."""
    last = today - timedelta(days=3)
    days = []
    for back in range(count - 1, -1, -1):
        month = last.month - 1 - back
        day = date(last.year + month // 12, month % 12 + 1, min(last.day, 28))
        days.append((day - today).days)
    return days


@pytest.fixture
def room(visit: Callable[..., Visit], ledger: Ledger) -> Visit:
    """The room of somebody who paid a gym and a rent in each of the last eight months."""
    for days in months_back(ledger.today, 8):
        ledger.book("Gym <b>North</b>", -39.9, days, counterparty="Gym <b>North</b>")
        ledger.book("Rent", -950, days, counterparty="Landlady")
    opened = visit("/#/recurring")
    opened.offer(ledger.user.token)
    expect(suggestion(opened, "Landlady").or_(suggestion(opened, "Rent"))).to_be_visible()
    return opened


def suggestion(room: Visit, words: str) -> Locator:
    """One suggestion."""
    return room.page.locator("#suggestions > li").filter(has_text=words)


def test_a_suggestion_says_how_often_how_much_how_sure_and_why(room: Visit, ledger: Ledger) -> None:
    gym = suggestion(room, "Gym")
    expect(gym).to_contain_text("Every month")
    expect(gym).to_contain_text("−$39.90")
    expect(gym).to_contain_text("Next ")
    expect(gym).to_contain_text("ikely (")
    expect(gym).to_contain_text("Seen 8 times")
    gym.locator("summary").click()
    seen = gym.locator(".evidence li")
    expect(seen).to_have_count(8)
    expect(seen.first).to_contain_text("−$39.90")
    assert room.page.locator("#suggestions b").count() == 0, "texts stay text"
    assert room.complaints == []


def test_what_is_accepted_is_in_the_plan_and_in_the_forecast_at_once(
    room: Visit, ledger: Ledger
) -> None:
    page = room.page
    gym = suggestion(room, "Gym")
    gym.get_by_role("button", name="Accept").focus()
    page.keyboard.press("Enter")
    expect(gym).to_have_count(0)
    expect(page.locator("#rules-list")).to_contain_text("Gym <b>North</b>")
    expect(page.locator("#note-words")).to_contain_text("is in your plan from")
    assert page.evaluate("() => document.activeElement.tagName") == "BUTTON", "focus goes on"
    [item] = ledger.client.ask("GET", ITEMS).data["items"]
    assert item["amount"] == -39.9
    page.get_by_role("link", name="Forecast", exact=True).click()
    expect(page.locator("#upcoming")).to_contain_text("Gym <b>North</b>")
    page.get_by_role("link", name="Recurring", exact=True).click()
    page.get_by_role("button", name="Undo").click()
    expect(suggestion(room, "Gym")).to_be_visible()
    assert ledger.client.ask("GET", ITEMS).data["items"] == []


def test_what_is_dismissed_stays_away_until_that_is_taken_back(room: Visit) -> None:
    page = room.page
    gym = suggestion(room, "Gym")
    gym.get_by_role("button", name="Dismiss").click()
    expect(gym).to_have_count(0)
    page.get_by_role("button", name="Look again").click()
    expect(page.locator("#suggestions-said")).to_be_empty()
    expect(gym).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(suggestion(room, "Gym")).to_be_visible()


def test_an_item_is_added_changed_paused_and_dropped(
    visit: Callable[..., Visit], ledger: Ledger
) -> None:
    opened = visit("/#/recurring")
    page = opened.page
    opened.offer(ledger.user.token)
    expect(page.locator("#rules-list")).to_contain_text("Nothing is planned yet")
    page.get_by_role("button", name="Add an item").click()
    page.locator("#sheet [name=name]").fill("Mooring")
    page.get_by_role("button", name="Add it").click()
    expect(page.locator("#sheet .error")).to_have_text("Type the amount as a number, such as 950.")
    page.locator("#sheet [name=amount]").fill("95.5")
    page.locator("#sheet [name=frequency]").select_option("weekly")
    page.locator("#sheet [name=every_n]").fill("2")
    page.get_by_role("button", name="Add it").click()
    item = page.locator("#rules-list .rule-row")
    expect(item).to_contain_text("Every 2 weeks")
    expect(item).to_contain_text("−$95.50")
    item.locator("button").click()
    page.locator("#sheet [name=is_active]").uncheck()
    page.get_by_role("button", name="Keep changes").click()
    expect(item).to_contain_text("Paused")
    item.locator("button").click()
    page.get_by_role("button", name="Drop …").click()
    expect(page.locator("#ask-words")).to_contain_text("leaves the forecast")
    page.get_by_role("button", name="Drop it").click()
    expect(page.locator("#rules-list")).to_contain_text("Nothing is planned yet")
    page.get_by_role("button", name="Undo").click()
    expect(item).to_contain_text("Mooring")
    [kept] = ledger.client.ask("GET", ITEMS).data["items"]
    assert (kept["amount"], kept["every_n"], kept["is_active"]) == (-95.5, 2, False)


def test_a_transfer_needs_where_it_arrives(visit: Callable[..., Visit], ledger: Ledger) -> None:
    opened = visit("/#/recurring")
    page = opened.page
    opened.offer(ledger.user.token)
    page.get_by_role("button", name="Add an item").click()
    page.locator("#sheet [name=name]").fill("Put by")
    page.locator("#sheet [name=amount]").fill("50")
    page.locator("#sheet [name=kind]").select_option("transfer")
    page.get_by_role("button", name="Add it").click()
    expect(page.locator("#sheet [name=to_account_id]")).to_be_focused()
    page.locator("#sheet [name=to_account_id]").select_option(label="Rainy day")
    page.get_by_role("button", name="Add it").click()
    expect(page.locator("#rules-list")).to_contain_text("Everyday → Rainy day")
