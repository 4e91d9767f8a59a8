"""The room of budgets: a first one made of what recurs, its envelopes, and the next period."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Route, expect

from tests.web.conftest import Ledger, Visit, added
from tests.web.words import dollars

BUDGETS = "/api/v2/users/me/budgets"


@pytest.fixture
def room(visit: Callable[..., Visit], ledger: Ledger) -> Visit:
    """The room of somebody with a rent, wages and groceries, and no budget yet."""
    account = ledger.accounts["Everyday"]
    month = ledger.today.replace(day=1).isoformat()
    for kind, name, amount, part in (
        ("expense", "Rent", -950, "Rent"),
        ("income", "Wages", 2000, None),
    ):
        fields: dict[str, Any] = {"kind": kind, "name": name, "amount": amount}
        fields |= {"account_id": account, "frequency": "monthly", "anchor_on": month}
        if part:
            fields["subcategory_id"] = ledger.categories[part]
        added(ledger.client, "/recurring-items", **fields)
    ledger.book("Market", -30, 0, subcategory_id=ledger.categories["Groceries"])
    opened = visit("/#/budgets")
    opened.offer(ledger.user.token)
    expect(opened.page.locator("#budget-body")).to_contain_text("No budget yet")
    return opened


def made(room: Visit) -> None:
    """A budget of this month from the recurring items."""
    room.page.get_by_role("button", name="Make a budget").click()
    room.page.get_by_role("button", name="Make it").click()
    expect(room.page.locator("#budget-name")).to_contain_text("Household")


def given(room: Visit, name: str, amount: str) -> None:
    """An envelope for a category."""
    page = room.page
    page.get_by_role("button", name="Add an envelope").click()
    page.locator("#sheet [name=subcategory_id]").select_option(label=name)
    page.locator("#sheet [name=amount]").fill(amount)
    page.get_by_role("button", name="Add it").click()
    expect(envelope(room, name)).to_be_visible()


def envelope(room: Visit, name: str) -> Locator:
    """One envelope."""
    return room.page.locator(".envelope").filter(has_text=name)


def test_a_first_budget_is_made_of_what_recurs(room: Visit, ledger: Ledger) -> None:
    made(room)
    expect(room.page.locator("#note-words")).to_contain_text("of your recurring items")
    rent = envelope(room, "Rent")
    expect(rent.get_by_label("Given to Rent")).to_have_value("950.00")
    expect(rent.locator(".bar")).to_be_visible()
    income = ledger.client.ask("GET", f"{BUDGETS}/active").data["income"]
    left = room.page.locator(".budget-sum .card", has_text="Left to budget")
    expect(left).to_contain_text(dollars(income["left_to_budget"]))
    assert room.complaints == []


def test_an_envelope_says_in_words_what_its_bar_shows(room: Visit, ledger: Ledger) -> None:
    made(room)
    given(room, "Groceries", "20")
    groceries = envelope(room, "Groceries")
    [shown] = [
        one
        for one in ledger.client.ask("GET", f"{BUDGETS}/active").data["envelopes"]
        if one["subcategory"] == "Groceries"
    ]
    over = shown["spent"] - 20
    expect(groceries.locator(".envelope-state")).to_have_text(f"Over by ${over:,.2f}")
    expect(groceries).to_contain_text(f"${shown['spent']:,.2f} spent")
    expect(groceries.locator(".bar-over")).to_be_attached()


def test_an_amount_is_typed_over_and_taken_back(room: Visit, ledger: Ledger) -> None:
    page = room.page
    made(room)
    box = page.get_by_label("Given to Rent")
    box.fill("1,000")
    box.press("Escape")
    expect(box).to_have_value("950.00")
    box.fill("1,000")
    box.press("Enter")
    expect(page.locator("#note-words")).to_have_text("Rent: $1,000.00.")
    expect(page.get_by_label("Given to Rent")).to_have_value("1000.00")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#note-words")).to_have_text("Rent: $950.00 again.")
    expect(page.get_by_label("Given to Rent")).to_have_value("950.00")
    page.get_by_label("Given to Rent").fill("much")
    page.get_by_label("Given to Rent").press("Enter")
    expect(page.locator("#note-words")).to_contain_text("type an amount of zero or more")
    expect(page.get_by_label("Given to Rent")).to_have_value("950.00")


def test_an_amount_that_is_refused_goes_back(room: Visit) -> None:
    page = room.page
    made(room)

    def refuse(route: Route) -> None:
        if route.request.method == "PATCH":
            route.fulfill(status=422, body='{"success": false, "detail": "Too much."}')
        else:
            route.continue_()

    page.route("**/allocations/*", refuse)
    box = page.get_by_label("Given to Rent")
    box.fill("1200")
    box.press("Enter")
    expect(page.locator("#note-words")).to_have_text("Rent keeps $950.00. Too much.")
    expect(box).to_have_value("950.00")


def test_what_was_spent_without_an_envelope_gets_one(room: Visit) -> None:
    page = room.page
    made(room)
    beside = page.locator(".beside-row", has_text="Groceries")
    expect(beside).to_be_visible()
    beside.get_by_role("button", name="Give Groceries an envelope").click()
    page.get_by_role("button", name="Add it").click()
    expect(envelope(room, "Groceries")).to_be_visible()
    expect(beside).to_have_count(0)


def test_an_envelope_leads_to_its_bookings_and_back(room: Visit) -> None:
    page = room.page
    made(room)
    given(room, "Groceries", "100")
    envelope(room, "Groceries").get_by_role("link", name="Groceries").click()
    expect(page.locator("#ledger-days")).to_contain_text("Market")
    expect(page.locator("#filter-count")).to_have_text(" (3)")
    expect(page.locator("#ledger-days .booking", has_text="Coffee")).to_have_count(0)
    page.go_back()
    expect(page.locator("#budget-name")).to_be_visible()


def test_the_next_period_has_the_same_envelopes(room: Visit) -> None:
    page = room.page
    made(room)
    page.get_by_role("button", name="Begin the next period").click()
    expect(page.locator("#note-words")).to_contain_text("The next period is there")
    expect(page.locator("#budget-name")).to_contain_text("begins ")
    expect(page.get_by_label("Given to Rent")).to_have_value("950.00")
    page.get_by_label("Period", exact=True).select_option(index=1)
    expect(page.locator("#budget-name")).to_contain_text("day ")


def test_a_budget_is_renamed_and_dropped(room: Visit) -> None:
    page = room.page
    made(room)
    page.get_by_role("button", name="Edit the budget").click()
    page.locator("#sheet [name=name]").fill("House <i>& home</i>")
    page.get_by_role("button", name="Keep changes").click()
    expect(page.locator("#budget-name")).to_contain_text("House <i>& home</i>")
    assert page.locator("#budget-body i").count() == 0
    page.get_by_role("button", name="Edit the budget").click()
    page.get_by_role("button", name="Drop …").click()
    page.get_by_role("button", name="Drop it").click()
    expect(page.locator("#budget-body")).to_contain_text("No budget yet")
