"""Pointing at a day, by mouse, finger and keys, tells what happens on it."""

from collections.abc import Callable
from datetime import timedelta

from playwright.sync_api import expect

from tests.web.conftest import PHONE, Household, Visit
from tests.web.words import dollars, long, signed


def place_of(home: Visit, index: int, count: int) -> tuple[float, float]:
    """Where on the screen a day of the chart is."""
    zero = home.page.locator("#chart line.zero")
    box = home.page.locator("#chart").bounding_box()
    assert box is not None
    left, right = (float(zero.get_attribute(name) or 0) for name in ("x1", "x2"))
    x = box["x"] + left + (index + 0.5) * (right - left) / count
    return x, box["y"] + 150


def test_pointing_at_a_day_shows_its_items(home: Visit, household: Household) -> None:
    day = (household.today + timedelta(days=3)).isoformat()
    index = household.index_of(day)
    home.choose_range(30)
    home.page.locator("#chart").scroll_into_view_if_needed()
    home.page.mouse.move(*place_of(home, index, 30))
    expect(home.page.locator("#day-title")).to_have_text(long(day))
    columns = household.year["columns"]
    expect(home.page.locator("#day-closing")).to_have_text(
        dollars(columns["closing_balance"][index])
    )
    shown = home.page.locator("#day-items .item")
    items = household.items_on(day)
    assert {item["name"] for item in items} == {"Rent", "Cake <b>&amp; tea"}
    expect(shown).to_have_count(len(items))
    for row, item in zip(shown.all(), items, strict=True):
        expect(row.locator(".item-name")).to_have_text(item["name"])
        expect(row.locator(".amount")).to_have_text(signed(item["amount"]))
    expect(home.page.locator("#day-expenses")).to_have_text(signed(columns["expenses"][index]))
    bubble = home.page.locator("#chart .bubble text")
    expect(bubble).to_be_visible()
    expect(bubble).to_contain_text(dollars(columns["closing_balance"][index]))


def test_keys_walk_the_days_and_stop_at_the_ends(home: Visit, household: Household) -> None:
    chart = home.page.locator("#chart")
    chart.focus()
    walk = [
        ("ArrowRight", 1), ("ArrowRight", 2), ("ArrowLeft", 1), ("PageUp", 31), ("PageDown", 1),
        ("End", 364), ("ArrowRight", 364), ("Home", 0), ("ArrowLeft", 0),
    ]  # fmt: skip
    for key, index in walk:
        home.page.keyboard.press(key)
        expect(chart).to_have_attribute("aria-valuenow", str(index))
        day = household.year["columns"]["date"][index]
        expect(home.page.locator("#day-title")).to_have_text(long(day))
    home.choose_range(30)
    chart.focus()
    home.page.keyboard.press("PageUp")
    expect(chart).to_have_attribute("aria-valuenow", "7")


def test_a_voice_hears_the_day_once_the_keys_rest(home: Visit, household: Household) -> None:
    home.page.locator("#chart").focus()
    for _ in range(3):
        home.page.keyboard.press("ArrowRight")
    day = (household.today + timedelta(days=3)).isoformat()
    expect(home.page.locator("#said")).to_contain_text(f"{long(day)}: ")
    expect(home.page.locator("#said")).to_contain_text("Rent −$1,450.00")
    assert long(day) in (home.page.locator("#chart").get_attribute("aria-valuetext") or "")


def test_buttons_jump_to_the_days_that_have_something(home: Visit, household: Household) -> None:
    days = [one["date"] for one in household.year["explain"]]
    title = home.page.locator("#day-title")
    expect(title).to_have_text(long(days[0]))
    home.page.locator("#day-next").click()
    expect(title).to_have_text(long(days[1]))
    home.page.locator("#day-previous").click()
    expect(title).to_have_text(long(days[0]))


def test_a_card_leads_to_its_day(home: Visit, household: Household) -> None:
    home.page.get_by_role("button", name="Lowest").click()
    lowest = household.year["summary"]["lowest_on"]
    expect(home.page.locator("#day-title")).to_have_text(long(lowest))


def test_a_finger_chooses_a_day_on_a_phone(
    visit: Callable[..., Visit], household: Household
) -> None:
    opened = visit(viewport=PHONE, has_touch=True, is_mobile=True).log_in(household.user.token)
    opened.choose_range(30)
    opened.page.locator("#chart").scroll_into_view_if_needed()
    opened.page.touchscreen.tap(*place_of(opened, 10, 30))
    day = household.year["columns"]["date"][10]
    expect(opened.page.locator("#day-title")).to_have_text(long(day))
    expect(opened.page.locator("#day-items")).to_contain_text("Salary")
