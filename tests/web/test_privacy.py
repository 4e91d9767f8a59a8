"""Whose page it is: the token stays in its tab and log-out leaves no trace."""

import urllib.request
from collections.abc import Callable

import psycopg
import pytest
from playwright.sync_api import expect

from tests.support.service import Service, issue_token
from tests.web.conftest import Household, Visit

LEFTOVERS = "() => [...Object.keys(sessionStorage), ...Object.keys(localStorage)]"


def test_a_token_in_the_address_logs_in_and_leaves_the_address(
    visit: Callable[..., Visit], household: Household
) -> None:
    opened = visit(f"/#token={household.user.token}")
    opened.page.locator("#chart svg").wait_for()
    assert opened.page.url == f"{household.service.url}/"
    assert household.user.token not in opened.page.content()


def test_a_token_pasted_after_the_address_of_the_open_page_logs_in(
    visit: Callable[..., Visit], household: Household
) -> None:
    opened = visit()
    opened.page.goto(f"{household.service.url}/#token={household.user.token}")
    opened.page.locator("#chart svg").wait_for()
    assert "token" not in opened.page.url


def test_logging_out_leaves_nothing(visit: Callable[..., Visit], household: Household) -> None:
    with psycopg.connect(household.service.dsn, autocommit=True) as connection:
        token = issue_token(connection, household.user.user_id)
    home = visit().log_in(token)
    home.page.locator("#theme").click()
    assert home.page.evaluate(LEFTOVERS) == ["tideline.token", "tideline.theme"]
    home.page.get_by_role("button", name="Log out").click()
    home.page.locator("#login").wait_for()
    assert home.page.evaluate(LEFTOVERS) == []
    assert home.context.cookies() == []
    assert home.page.locator("#months tr").count() == 0
    home.page.reload()
    expect(home.page.locator("#login")).to_be_visible()


def test_a_reload_stays_logged_in_and_another_tab_is_not(home: Visit) -> None:
    home.page.reload()
    home.page.locator("#chart svg").wait_for()
    other = home.context.new_page()
    other.goto(f"{home.service.url}/")
    expect(other.locator("#login")).to_be_visible()


def test_nothing_is_asked_of_another_origin(home: Visit) -> None:
    home.choose_range(90)
    home.page.locator("#chart").hover()
    assert home.asked != []
    assert [url for url in home.asked if not url.startswith(f"{home.service.url}/")] == []
    assert [url for url in home.asked if "token" in url] == []


@pytest.mark.parametrize("path", ["/", "/app.js", "/base.css", "/favicon.svg"])
def test_files_come_with_a_strict_policy(service: Service, path: str) -> None:
    with urllib.request.urlopen(f"{service.url}{path}", timeout=10) as answer:
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        if path == "/":
            policy = answer.headers["Content-Security-Policy"]
            assert policy.startswith(("default-src 'none'", "default-src 'self'"))
            assert "script-src 'self'" in policy
            assert "unsafe" not in policy
            assert "http" not in policy


def test_an_inline_script_does_not_run(home: Visit) -> None:
    home.page.evaluate(
        """() => {
            const script = document.createElement("script");
            script.textContent = "window.ran = true";
            document.body.append(script);
        }"""
    )
    assert home.page.evaluate("() => window.ran === undefined")


def test_a_wrong_token_shows_the_service_s_sentence(visit: Callable[..., Visit]) -> None:
    opened = visit()
    opened.offer("1.nobody")
    error = opened.page.locator("#token-error")
    expect(error).to_contain_text("Paste the token again")
    expect(opened.page.locator("#token")).to_be_focused()
    assert opened.page.evaluate(LEFTOVERS) == []


def test_an_empty_or_impossible_token_asks_nobody(visit: Callable[..., Visit]) -> None:
    opened = visit()
    for token in ("", "two words", "tökén"):
        opened.offer(token)
        expect(opened.page.locator("#token-error")).not_to_be_empty()
    asked = [url for url in opened.asked if "/api/" in url]
    assert asked == [f"{opened.service.url}/api/v2/session"], "only who is there, on arrival"
