"""The way in as a newcomer takes it: sign up, confirm the address, log in, see the first forecast;
and the way out, which leaves nothing behind in the browser.
"""

import re
import secrets
from collections.abc import Callable

import psycopg
import pytest
from playwright.sync_api import expect

from tests.support.service import Service
from tests.web.conftest import Visit

PASSWORD = "seven quiet lanterns upstream"
LEFTOVERS = """async () => [
    ...Object.keys(sessionStorage), ...Object.keys(localStorage), ...await caches.keys(),
    ...(await indexedDB.databases()).map((one) => one.name), document.cookie,
].filter(Boolean)"""


@pytest.fixture(autouse=True)
def nobody_tried_before(service: Service) -> None:
    """Other tests ask from the same address: their attempts are not counted here."""
    with psycopg.connect(service.dsn, autocommit=True) as connection:
        connection.execute("delete from data.attempts")


def mailed(service: Service, email: str, template: str) -> str:
    """The token of the newest mail of a kind to an address."""
    with psycopg.connect(service.dsn, autocommit=True) as connection:
        row = connection.execute(
            "select body from data.messages where recipient = %s and template = %s "
            "order by created_at desc limit 1",
            (email, template),
        ).fetchone()
    assert row is not None, f"no {template} to {email}"
    found = re.search(r"[1-9][0-9]*\.[A-Za-z0-9_-]{43}", row[0])
    assert found is not None, row[0]
    return found[0]


def signed_up(visited: Visit) -> str:
    """Fills the sign-up form; the address that it was filled with."""
    email = f"{secrets.token_hex(6)}@example.org"
    page = visited.page
    page.get_by_role("button", name="Create an account").click()
    page.locator("#signup-email").fill(email)
    page.locator("#signup-password").fill(PASSWORD)
    page.locator("#signup-currency").fill("eur")
    page.get_by_role("button", name="Create my account").click()
    expect(page.locator("#door-said")).to_contain_text("Look into your mail")
    return email


def logged_in(visited: Visit, email: str, password: str = PASSWORD) -> None:
    """Through the form with a password."""
    page = visited.page
    page.locator("#email").fill(email)
    page.locator("#password").fill(password)
    page.locator("#login-form").get_by_role("button", name="Log in").click()


def test_from_sign_up_to_the_first_forecast_and_out_again(
    visit: Callable[..., Visit], service: Service
) -> None:
    visited = visit()
    page = visited.page
    email = signed_up(visited)
    page.goto(f"{service.url}/#verify={mailed(service, email, 'email_verification')}")
    expect(page.locator("#door-said")).to_have_text("Your address is confirmed.")
    assert "verify" not in page.url

    logged_in(visited, email)
    page.locator("#account-name").fill("Everyday")
    page.locator("#account-balance").fill("1,900.50")
    page.get_by_role("button", name="Add the account").click()
    page.locator("#item-name").fill("Harbour wages")
    page.locator("#item-amount").fill("2400")
    page.get_by_role("button", name="Add it").click()
    expect(page.locator("#no-items")).to_be_hidden()
    expect(page.locator("#upcoming .item").first).to_contain_text("Harbour wages")
    expect(page.locator(".card").first).to_contain_text("€1,900.50")

    page.locator("#more-items summary").click()
    page.locator("#item-kind").select_option("expense")
    page.locator("#item-name").fill("Mooring")
    page.locator("#item-amount").fill("95,5")
    page.get_by_role("button", name="Add it").click()
    expect(page.locator("#upcoming .item", has_text="Mooring").first).to_contain_text("€95.50")

    cookies = visited.context.cookies()
    assert [one["name"] for one in cookies] == ["__Host-session"]
    assert cookies[0]["httpOnly"]
    assert cookies[0]["secure"]
    assert cookies[0]["sameSite"] == "Strict"
    assert page.evaluate(LEFTOVERS) == [], "a script finds neither token nor cookie"
    page.reload()
    expect(page.locator("#upcoming .item").first).to_contain_text("Harbour wages")

    page.get_by_role("button", name="Log out").click()
    expect(page.locator("#login")).to_be_visible()
    assert visited.context.cookies() == []
    assert page.evaluate(LEFTOVERS) == []
    assert "Harbour wages" not in page.content()
    assert page.locator("#email").input_value() == ""
    page.go_back()
    expect(page.locator("#login")).to_be_visible()
    assert "Harbour wages" not in page.content()
    with psycopg.connect(service.dsn, autocommit=True) as connection:
        row = connection.execute(
            "select count(*) from data.login_sessions as session "
            "inner join data.user_emails as address on address.user_id = session.user_id "
            "where address.email = %s and session.revoked_at is null",
            (email,),
        ).fetchone()
    assert row == (0,), "the session is over in the database too"
    told = [one for one in visited.complaints if not one.startswith("Clear-Site-Data header")]
    assert told == [], "the browser says what log-out made it clear, and nothing else"


def test_a_log_out_that_fails_says_so(visit: Callable[..., Visit]) -> None:
    visited = visit()
    page = visited.page
    logged_in(visited, signed_up(visited))
    expect(page.locator("#empty")).to_be_visible()
    page.route("**/api/v2/logout", lambda route: route.fulfill(status=503, body="{}"))
    page.get_by_role("button", name="Log out").click()
    expect(page.locator("#trouble-title")).to_have_text("You are still logged in")
    assert [one["name"] for one in visited.context.cookies()] == ["__Host-session"]
    page.unroute("**/api/v2/logout")
    page.get_by_role("button", name="Log out").click()
    expect(page.locator("#login")).to_be_visible()
    assert visited.context.cookies() == []


def test_a_log_out_ends_what_another_tab_began(visit: Callable[..., Visit]) -> None:
    visited = visit()
    page = visited.page
    email = signed_up(visited)
    logged_in(visited, email)
    expect(page.locator("#empty")).to_be_visible()
    again = {"email": email, "password": PASSWORD, "cookie": True}
    page.evaluate(
        """(again) => fetch("/api/v2/login", {
            method: "POST", body: JSON.stringify(again),
            headers: { "Content-Type": "application/json" },
        })""",
        again,
    )
    page.get_by_role("button", name="Log out").click()
    expect(page.locator("#login")).to_be_visible()
    assert visited.context.cookies() == []


def test_wrong_words_at_the_door(visit: Callable[..., Visit]) -> None:
    visited = visit()
    page = visited.page
    logged_in(visited, "nobody@example.org")
    expect(page.locator("#login-error")).to_have_text(
        "The e-mail address or the password is wrong."
    )
    assert page.locator("#password").input_value() == PASSWORD, "what was typed stays to be mended"
    page.get_by_role("button", name="Create an account").click()
    page.locator("#signup-email").fill("new@example.org")
    page.locator("#signup-password").fill("short")
    page.get_by_role("button", name="Create my account").click()
    expect(page.locator("#signup-error")).to_contain_text("at least 15 characters")
    page.locator("#signup-password").fill("passwordpassword")
    page.get_by_role("button", name="Create my account").click()
    expect(page.locator("#signup-error")).not_to_be_empty()
    expect(page.locator("#signup-password")).to_be_focused()


def test_a_forgotten_password_is_replaced(visit: Callable[..., Visit], service: Service) -> None:
    visited = visit()
    page = visited.page
    email = signed_up(visited)
    page.get_by_role("button", name="Forgot the password?").click()
    page.locator("#forgot-email").fill(email)
    page.get_by_role("button", name="Send me a link").click()
    expect(page.locator("#door-said")).to_contain_text("If we know this address")
    page.goto(f"{service.url}/#reset={mailed(service, email, 'password_reset')}")
    page.locator("#reset-password").fill("another seven lanterns downstream")
    page.get_by_role("button", name="Keep this password").click()
    expect(page.locator("#door-said")).to_contain_text("The new password holds")
    logged_in(visited, email)
    expect(page.locator("#login-error")).to_contain_text("wrong")
    logged_in(visited, email, "another seven lanterns downstream")
    expect(page.locator("#empty")).to_be_visible()


@pytest.mark.parametrize("way", ["signup", "forgot"])
def test_every_way_has_a_way_back(visit: Callable[..., Visit], way: str) -> None:
    page = visit().page
    page.locator(f"[data-way='{way}-form']").click()
    expect(page.locator(f"#{way}-form")).to_be_visible()
    expect(page.locator("#login-form")).to_be_hidden()
    page.locator("[data-way='login-form']").click()
    expect(page.locator("#login-form")).to_be_visible()
