"""When there is nothing to show, or the service cannot say it: a sentence and a way on."""

import json
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Route, expect

from tests.support.asking import Client
from tests.support.service import Service
from tests.web.conftest import Household, Visit, added

FORECAST = "**/forecast?**"


def test_without_accounts_the_page_says_what_to_do(
    visit: Callable[..., Visit], service: Service
) -> None:
    opened = visit(f"/#token={service.new_user().token}")
    expect(opened.page.locator("#empty")).to_be_visible()
    opened.page.locator("#empty summary").click()
    assert f"curl {service.url}/api/v2/users/me/accounts" in opened.text("#empty-curl")


def test_the_commands_that_the_page_shows_work(
    visit: Callable[..., Visit], service: Service
) -> None:
    user = service.new_user()
    client = Client(service.url, user.token)
    opened = visit(f"/#token={user.token}")
    expect(opened.page.locator("#empty")).to_be_visible()
    opened.page.locator("#empty summary").click()
    added(client, "/accounts", **body_of(opened.text("#empty-curl")))
    opened.page.locator("#empty-retry").click()
    expect(opened.page.locator("#no-items")).to_be_visible()
    expect(opened.page.locator("#chart path.line").first).to_be_attached()
    opened.page.locator("#no-items summary").click()
    added(client, "/recurring-items", **body_of(opened.text("#items-curl")))
    opened.page.reload()
    opened.page.locator("#chart svg").wait_for()
    expect(opened.page.locator("#no-items")).to_be_hidden()
    client.close()


def body_of(command: str) -> dict[str, object]:
    """The JSON of a curl command."""
    parsed: dict[str, object] = json.loads(command.partition("-d '")[2].rpartition("'")[0])
    return parsed


def test_while_it_waits_the_page_says_so(visit: Callable[..., Visit], household: Household) -> None:
    opened = visit()
    held: list[Route] = []
    opened.page.route(FORECAST, lambda route: held.append(route))
    opened.offer(household.user.token)
    expect(opened.page.get_by_role("status")).to_have_text("Computing your forecast …")
    expect(opened.page.locator("#loading")).to_be_visible()
    held[0].continue_()
    opened.page.locator("#chart svg").wait_for()


def test_a_refusal_is_shown_with_its_request_and_can_be_tried_again(
    visit: Callable[..., Visit], household: Household
) -> None:
    problem: dict[str, Any] = {
        "success": False,
        "title": "Service Unavailable",
        "status": 503,
        "detail": "The database is being waited for.",
        "request_id": "request-7",
    }
    opened = visit()
    opened.page.route(
        FORECAST,
        lambda route: route.fulfill(
            status=503, body=json.dumps(problem), content_type="application/problem+json"
        ),
    )
    opened.offer(household.user.token)
    expect(opened.page.locator("#trouble-title")).to_have_text(problem["title"])
    expect(opened.page.locator("#trouble-detail")).to_have_text(problem["detail"])
    expect(opened.page.locator("#trouble-id")).to_have_text("Request request-7")
    opened.page.unroute(FORECAST)
    opened.page.get_by_role("button", name="Try again").click()
    opened.page.locator("#chart svg").wait_for()


def test_an_answer_that_is_not_json_is_a_sentence_too(
    visit: Callable[..., Visit], household: Household
) -> None:
    opened = visit()
    opened.page.route(FORECAST, lambda route: route.fulfill(status=502, body="<html>"))
    opened.offer(household.user.token)
    expect(opened.page.locator("#trouble-title")).to_have_text("The service answered 502")


def test_offline_before_the_first_answer_says_so(
    visit: Callable[..., Visit], household: Household
) -> None:
    opened = visit()
    opened.context.set_offline(True)
    opened.offer(household.user.token)
    expect(opened.page.locator("#trouble-title")).to_have_text("You are offline")
    opened.context.set_offline(False)
    opened.page.locator("#chart svg").wait_for()


def test_offline_later_keeps_the_numbers_and_dates_them(home: Visit) -> None:
    home.context.set_offline(True)
    expect(home.page.locator("#stale")).to_contain_text("You are offline. These are the numbers of")
    expect(home.page.locator("#chart svg")).to_be_visible()
    home.context.set_offline(False)
    expect(home.page.locator("#stale")).to_be_hidden()


def test_printing_opens_the_table_and_hides_the_controls(home: Visit) -> None:
    home.page.evaluate("() => window.dispatchEvent(new Event('beforeprint'))")
    home.page.emulate_media(media="print")
    expect(home.page.locator("#days tbody tr").first).to_be_visible()
    expect(home.page.locator(".ranges")).to_be_hidden()
    expect(home.page.locator("#chart svg")).to_be_visible()


def test_an_account_in_another_currency_is_named_and_shown_alone(
    visit: Callable[..., Visit], service: Service
) -> None:
    user = service.new_user(currency="USD", locale="en-US")
    client = Client(service.url, user.token)
    added(client, "/accounts", name="Home", opening_balance=100)
    abroad = added(client, "/accounts", name="Abroad", currency="EUR", opening_balance=70.5)
    added(
        client,
        "/recurring-items",
        kind="expense",
        name="Loyer",
        amount=-10.25,
        account_id=abroad,
        frequency="monthly",
        anchor_on="2026-01-01",
    )
    client.close()
    opened = visit().log_in(user.token)
    expect(opened.page.locator("#subline")).to_contain_text("another currency: Abroad")
    opened.page.locator("#account").select_option(label="Abroad")
    expect(opened.page.locator(".card").first).to_contain_text("€70.50")
    expect(opened.page.locator("#upcoming .item").first).to_contain_text("Loyer")
    expect(opened.page.locator("#upcoming .amount").first).to_have_text("−€10.25")
    opened.page.locator("#account").select_option(label="All accounts")
    expect(opened.page.locator(".card").first).to_contain_text("$100.00")


def test_an_answer_for_another_token_is_dropped(
    visit: Callable[..., Visit], household: Household, service: Service
) -> None:
    opened = visit()
    held: list[Route] = []
    opened.page.route(FORECAST, lambda route: held.append(route), times=1)
    opened.offer(household.user.token)
    expect(opened.page.locator("#loading")).to_be_visible()
    other = service.new_user().token
    opened.page.evaluate("token => { location.hash = `token=${token}`; }", other)
    expect(opened.page.locator("#empty")).to_be_visible()
    with opened.page.expect_response(FORECAST):
        held[0].continue_()
    opened.page.wait_for_timeout(200)
    expect(opened.page.locator("#empty")).to_be_visible()
    assert "Robin" not in opened.text("#who")


def test_an_answer_for_another_choice_is_dropped(
    visit: Callable[..., Visit], service: Service
) -> None:
    user = service.new_user(currency="USD")
    with Client(service.url, user.token) as client:
        added(client, "/accounts", name="Dollars", opening_balance=10)
        added(client, "/accounts", name="Euros", opening_balance=20, currency="EUR")
        added(client, "/accounts", name="Pounds", opening_balance=30, currency="GBP")
    opened = visit().log_in(user.token)
    held: list[Route] = []
    opened.page.route("**/forecast?*account_id=*", lambda route: held.append(route), times=1)
    choice = opened.page.locator("#account")
    choice.select_option(label="Euros")
    opened.page.wait_for_timeout(100)
    choice.select_option(label="Pounds")
    lowest = opened.page.locator("#chart .lowest text").nth(0)
    expect(lowest).to_have_text("Lowest scheduled £30.00")
    with opened.page.expect_response("**/forecast?*account_id=*"):
        held[0].continue_()
    opened.page.wait_for_timeout(200)
    expect(lowest).to_have_text("Lowest scheduled £30.00")
    expect(choice.locator("option:checked")).to_have_text("Pounds")
