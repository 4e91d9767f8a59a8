"""The documentation page: all of /openapi.json is on it, for every reader, and it can be tried."""

import json
from collections.abc import Callable
from itertools import pairwise

import pytest
from playwright.sync_api import expect

from tests.support.asking import operations
from tests.support.service import Service
from tests.web import probes
from tests.web.conftest import PHONE, Visit

Open = Callable[..., Visit]
ADD, DROP = "#account_add", "#account_drop"


@pytest.fixture
def docs(visit: Open) -> Open:
    """Opens the page and waits until the document is drawn."""

    def opened(**options: object) -> Visit:
        page = visit("/docs", **options)
        page.page.locator("article").first.wait_for()
        return page

    return opened


def test_every_operation_is_there_and_nothing_comes_from_elsewhere(
    docs: Open, service: Service
) -> None:
    page = docs()
    shown = page.page.evaluate("() => [...document.querySelectorAll('article')].map((a) => a.id)")
    assert {one.id for one in operations(service)} <= set(shown)
    assert "forecast_read" in shown
    assert page.complaints == []
    assert [url for url in page.asked if not url.startswith(service.url)] == []
    assert "at most 200 characters" in page.text(ADD)


def test_a_request_can_be_tried_and_shown_as_curl(docs: Open, service: Service) -> None:
    user = service.new_user()
    page = docs().page
    page.locator("#token").fill(user.token)
    page.locator(f"{ADD} .try > summary").click()
    page.locator(f"{ADD} .try textarea").fill('{"name": "purse", "opening_balance": 0.60}')
    page.locator(f"{ADD} .try button", has_text="Send").click()
    expect(page.locator(f"{ADD} .status")).to_have_text("201 Created")
    expect(page.locator(f"{ADD} .try pre")).to_contain_text('"opening_balance": 0.60')
    page.locator(f"{ADD} .try button", has_text="curl").click()
    expect(page.locator(f"{ADD} .try pre")).to_contain_text(f"curl -X POST '{service.url}/api/v2")


def test_a_write_can_be_tried_with_the_cookie_of_a_log_in(docs: Open, service: Service) -> None:
    user = service.new_user()
    visited = docs()
    page = visited.page
    cookie = {"name": "__Host-session", "value": user.token, "path": "/", "secure": True}
    visited.context.add_cookies([{**cookie, "domain": "127.0.0.1", "sameSite": "Strict"}])
    page.reload()
    page.locator("article").first.wait_for()
    page.locator("#token").fill("x")
    page.locator("#token").fill("")  # typed by mistake: the cookie speaks again
    page.locator(f"{ADD} .try > summary").click()
    page.locator(f"{ADD} .try textarea").fill('{"name": "purse"}')
    page.locator(f"{ADD} .try button", has_text="Send").click()
    expect(page.locator(f"{ADD} .status")).to_have_text("201 Created")
    said = page.locator(f"{ADD} .try pre").inner_text()
    made = json.loads(said[said.index("{") :])["data"]["id"]
    page.locator(f"{DROP} .try > summary").click()
    page.locator(f"{DROP}-account_id").fill(str(made))
    page.locator(f"{DROP} .try button", has_text="Send").click()
    expect(page.locator(f"{DROP} .status")).to_have_text("200 OK")


def test_the_index_finds_what_is_typed(docs: Open) -> None:
    page = docs().page
    page.locator("#filter").fill("Cash forecast")
    expect(page.locator("#index li:visible")).to_have_count(1)
    page.locator("#index li:visible a").press("Enter")
    expect(page.locator("#forecast_read")).to_be_in_viewport()


def test_a_document_that_cannot_be_read_is_said_so(visit: Open) -> None:
    page = visit("/docs").page
    page.route("**/openapi.json", lambda route: route.fulfill(status=503, body="{}"))
    page.reload()
    expect(page.get_by_role("alert")).to_contain_text("503")


def test_it_is_there_for_every_reader(docs: Open) -> None:
    page = docs(reduced_motion="reduce").page
    levels = page.evaluate(probes.HEADINGS)
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels)), levels
    assert page.evaluate(probes.DUPLICATE_IDS) == []
    assert page.evaluate(probes.DANGLING_IDS) == []
    controls = page.evaluate(probes.CONTROLS)
    assert [one["html"] for one in controls if not one["name"]] == []
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_ground(docs: Open, scheme: str) -> None:
    page = docs(color_scheme=scheme, reduced_motion="reduce").page
    page.locator(f"{ADD} .try > summary").click()
    texts = page.evaluate(probes.COLOURS)
    found = {
        (one["words"], round(probes.contrast(one["colour"], one["ground"]), 2)) for one in texts
    }
    assert {(words, ratio) for words, ratio in found if ratio < 4.5} == set()


@pytest.mark.parametrize("width", [320, PHONE["width"]])
def test_a_phone_does_not_scroll_sideways(docs: Open, width: int) -> None:
    page = docs(viewport={"width": width, "height": 700}).page
    page.locator(f"{ADD} .try > summary").click()
    assert page.evaluate("() => document.documentElement.scrollWidth") <= width
