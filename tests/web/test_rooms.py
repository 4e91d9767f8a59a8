"""The rooms beside the forecast: ways there and back, by pointer, by key and by address."""

from collections.abc import Callable

import psycopg
import pytest
from playwright.sync_api import Route, expect

from tests.support.service import Service, issue_token
from tests.web.conftest import PHONE, Household, Visit

ROOMS = {
    "transactions": ("#ledger", "Transactions"),
    "budgets": ("#budgets", "Budgets"),
    "recurring": ("#rules", "Recurring"),
    "goals": ("#goals", "Goals"),
    "import": ("#imports", "Import"),
}


def test_a_link_leads_to_each_room_and_back_again(home: Visit) -> None:
    page = home.page
    for room, (scene, title) in ROOMS.items():
        link = page.get_by_role("link", name=title, exact=True)
        link.click()
        expect(page.locator(scene)).to_be_visible()
        expect(page.locator("#plan")).to_be_hidden()
        expect(link).to_have_attribute("aria-current", "page")
        expect(page.get_by_role("heading", level=1, name=title)).to_be_focused()
        assert page.title() == f"{title} · Tideline"
        assert page.url.endswith(f"/#/{room}")
    page.go_back()
    expect(page.locator("#goals")).to_be_visible()
    page.get_by_role("link", name="Forecast", exact=True).click()
    expect(page.locator("#chart svg")).to_be_visible()
    assert page.title() == "Tideline"
    assert home.complaints == []


@pytest.mark.parametrize("room", ROOMS)
def test_an_address_leads_to_its_room_after_the_log_in(
    visit: Callable[..., Visit], household: Household, room: str
) -> None:
    opened = visit(f"/#/{room}")
    expect(opened.page.locator("#login")).to_be_visible()
    expect(opened.page.locator("#rooms")).to_be_hidden()
    opened.offer(household.user.token)
    expect(opened.page.locator(ROOMS[room][0])).to_be_visible()
    assert opened.page.url.endswith(f"/#/{room}")
    opened.page.reload()
    expect(opened.page.locator(ROOMS[room][0])).to_be_visible()
    assert opened.complaints == []
    assert [url for url in opened.asked if "/forecast" in url] == [], "nobody looks at it"


def test_an_address_of_no_room_is_the_forecast(
    visit: Callable[..., Visit], household: Household
) -> None:
    opened = visit("/#/attic?of=1")
    opened.log_in(household.user.token)
    assert opened.page.title() == "Tideline"


def test_the_keyboard_alone_reaches_a_room_and_its_first_control(home: Visit) -> None:
    page = home.page
    page.reload()  # Tab then begins at the top.
    page.locator("#chart svg").wait_for()
    for _ in range(4):  # The way past, the sign, the forecast, the transactions.
        page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Transactions", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#ledger h1")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Add a booking")).to_be_focused()


def test_the_way_past_the_navigation_stays_in_the_room(home: Visit) -> None:
    page = home.page
    page.get_by_role("link", name="Budgets", exact=True).click()
    page.locator(".skip").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    assert page.url.endswith("/#/budgets")


def test_a_token_after_the_address_of_a_room_is_a_token(
    visit: Callable[..., Visit], household: Household
) -> None:
    opened = visit("/#/budgets")
    opened.page.goto(f"{household.service.url}/#token={household.user.token}")
    opened.page.locator("#chart svg").wait_for()
    assert household.user.token not in opened.page.content()
    assert "token" not in opened.page.url


def test_on_a_phone_the_rooms_stand_at_the_thumb(
    visit: Callable[..., Visit], household: Household
) -> None:
    opened = visit(viewport=PHONE, has_touch=True).log_in(household.user.token)
    box = opened.page.locator("#rooms").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] == pytest.approx(PHONE["height"], abs=1)
    opened.page.get_by_role("link", name="Recurring", exact=True).tap()
    expect(opened.page.locator("#rules")).to_be_visible()


def test_a_room_comes_back_as_it_was_left(home: Visit) -> None:
    page = home.page
    page.get_by_role("link", name="Transactions", exact=True).click()
    page.locator("#ledger-text").fill("nothing like it")
    expect(page.locator("#ledger-days")).to_contain_text("Nothing matches")
    page.get_by_role("link", name="Import", exact=True).click()
    page.go_back()
    expect(page.locator("#ledger-text")).to_have_value("nothing like it")


def test_a_room_that_is_refused_says_why_and_asks_again(home: Visit) -> None:
    page = home.page
    for path, room, host in (
        ("**/transactions?**", "Transactions", "#ledger-days"),
        ("**/budgets?**", "Budgets", "#budget-body"),
    ):
        page.route(path, lambda route: route.fulfill(status=503, body="no"))
        page.get_by_role("link", name=room, exact=True).click()
        expect(page.locator(host)).to_contain_text("The service answered 503")
        page.unroute(path)
        page.locator(host).get_by_role("button", name="Try again").click()
        expect(page.locator(host)).not_to_contain_text("503")


def test_offline_in_a_room_is_said_and_passes(home: Visit) -> None:
    page = home.page
    page.get_by_role("link", name="Budgets", exact=True).click()
    home.context.set_offline(True)
    expect(page.locator("#offline")).to_contain_text("You are offline")
    home.context.set_offline(False)
    expect(page.locator("#offline")).to_be_hidden()


def test_a_session_that_ends_in_a_room_shows_the_door(
    visit: Callable[..., Visit], household: Household
) -> None:
    opened = visit("/#/transactions")
    opened.offer(household.user.token)
    expect(opened.page.locator("#ledger")).to_be_visible()

    def refuse(route: Route) -> None:
        route.fulfill(status=401, body='{"success": false, "detail": "This token is over."}')

    opened.page.route("**/transactions?**", refuse)
    opened.page.locator("#ledger-text").fill("x")
    expect(opened.page.locator("#login")).to_be_visible()
    expect(opened.page.locator("#token-error")).to_contain_text("This token is over.")
    assert opened.page.locator("#ledger-days").inner_text() == ""
    assert opened.page.locator("#ledger-text").input_value() == ""


def test_logging_out_in_a_room_leaves_nothing(
    visit: Callable[..., Visit], household: Household, service: Service
) -> None:
    with psycopg.connect(service.dsn, autocommit=True) as connection:
        token = issue_token(connection, household.user.user_id)
    opened = visit("/#/recurring")
    page = opened.page
    opened.offer(token)
    expect(page.locator("#rules-list")).to_contain_text("Dentist")
    page.get_by_role("link", name="Transactions", exact=True).click()
    page.locator("#ledger-text").fill("a secret word")
    page.get_by_role("button", name="Log out").click()
    expect(page.locator("#login")).to_be_visible()
    kept = page.evaluate("() => [...Object.keys(sessionStorage), ...Object.keys(localStorage)]")
    assert kept == []
    for words in ("Dentist", "a secret word", "Rainy day"):
        assert words not in page.content()
    page.go_back()
    expect(page.locator("#login")).to_be_visible()
    assert "Dentist" not in page.content()
    assert page.locator("#ledger-text").input_value() == ""
