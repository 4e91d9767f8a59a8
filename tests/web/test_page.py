"""What a person sees first: the answer, the line and its numbers are those of the service."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.web.conftest import Household, Visit
from tests.web.words import dated, dollars, short


def test_logging_in_draws_the_line_of_a_year(home: Visit) -> None:
    path = home.page.locator("#chart path.line").first.get_attribute("d")
    assert path is not None
    assert path.count("V") > 50, "a year of rules moves the balance more than fifty times"
    assert home.page.locator("#plan").is_visible()
    assert home.text("#who") == "Robin Hale"
    assert home.complaints == []


def test_the_lowest_point_is_the_one_of_the_summary(home: Visit, household: Household) -> None:
    summary = household.year["summary"]
    label = home.page.locator("#chart .lowest text")
    expect(label.nth(0)).to_have_text(f"Lowest scheduled {dollars(summary['lowest_balance'])}")
    expect(label.nth(1)).to_have_text(dated(summary["lowest_on"]))
    card = home.page.locator(".card", has_text="Lowest")
    expect(card).to_contain_text(dollars(summary["lowest_balance"]))
    expect(card).to_contain_text(dated(summary["lowest_on"]))


def test_the_headline_answers_when_money_runs_out(home: Visit, household: Household) -> None:
    first = household.year["summary"]["first_negative_on"]
    assert home.text("#headline") == f"Below zero on {dated(first)}"
    expect(home.page.locator("#chart .negative")).to_have_text(f"Below zero {short(first)}")


def test_the_cards_repeat_the_summary(home: Visit, household: Household) -> None:
    summary = household.year["summary"]
    cards = home.page.locator(".card")
    expect(cards).to_have_count(5)
    expect(cards.nth(0)).to_contain_text(dollars(household.year["initial_balance"]))
    expect(cards.nth(2)).to_contain_text(short(summary["first_negative_on"]))
    expect(cards.nth(3)).to_contain_text(dollars(summary["safe_to_spend"]))
    expect(cards.nth(4)).to_contain_text(short(summary["next_income_on"]))


def test_the_months_are_those_of_the_summary(home: Visit, household: Household) -> None:
    rows = home.page.locator("#months tbody tr")
    months = household.year["summary"]["months"]
    expect(rows).to_have_count(len(months))
    for row, month in zip(rows.all(), months, strict=True):
        cells = row.locator("td .roomy").all_inner_texts()
        keys = ("income", "expenses", "lowest_balance", "closing_balance")
        assert cells == [dollars(month[key]) for key in keys]


def test_ranges_are_slices_and_ask_for_nothing(home: Visit, household: Household) -> None:
    closing = household.year["columns"]["closing_balance"]
    asked = len(home.asked)
    for days in (30, 90, 365):
        home.choose_range(days)
        expect(home.page.locator("#chart")).to_have_attribute("aria-valuemax", str(days - 1))
        lowest = home.page.locator("#chart .lowest text").nth(0)
        expect(lowest).to_have_text(f"Lowest scheduled {dollars(min(closing[:days]))}")
    assert len(home.asked) == asked


def test_an_account_has_its_own_line(home: Visit, household: Household) -> None:
    for part in household.year["accounts"]:
        home.page.locator("#account").select_option(label=part["name"])
        lowest = home.page.locator("#chart .lowest text")
        expect(lowest.nth(0)).to_have_text(f"Lowest scheduled {dollars(part['lowest_balance'])}")
        expect(lowest.nth(1)).to_have_text(dated(part["lowest_on"]))
        last = home.page.locator("#months tbody tr").last.locator("td .roomy").last
        expect(last).to_have_text(dollars(part["closing_balance"][-1]))
    assert home.complaints == []


def test_a_transfer_moves_an_account_but_not_the_total(home: Visit, household: Household) -> None:
    row = home.page.locator("#upcoming .item", has_text="Put by").first
    expect(row.locator(".amount")).to_have_text("$100.00")
    home.page.locator("#account").select_option(label="Everyday")
    expect(row.locator(".amount")).to_have_text("−$100.00")
    home.page.locator("#account").select_option(label="Rainy day")
    expect(row.locator(".amount")).to_have_text("+$100.00")


def test_what_is_overdue_says_so_in_words(home: Visit, household: Household) -> None:
    late = [
        one for one in household.items_on(household.year["start"]) if one["reason"] == "overdue"
    ]
    assert [one["name"] for one in late] == ["Dentist"]
    expect(home.page.locator("#overdue .item")).to_contain_text("Dentist")
    expect(home.page.locator("#overdue .flagged")).to_have_text(
        f"Overdue since {short(late[0]['occurrence_on'])}"
    )


def test_the_table_holds_every_day_with_items(home: Visit, household: Household) -> None:
    home.page.locator("#days-details summary").click()
    rows = home.page.locator("#days tbody tr")
    expect(rows).to_have_count(len(household.year["explain"]))
    expect(rows.nth(0)).to_contain_text("(overdue)")


def test_names_stay_text(home: Visit) -> None:
    home.page.locator("#days-details summary").click()
    expect(home.page.locator("#days")).to_contain_text("Cake <b>&amp; tea")
    assert home.page.locator("#days b").count() == 0


def test_dark_is_the_system_s_choice_until_the_reader_makes_one(
    visit: Callable[..., Visit], household: Household
) -> None:
    opened = visit(color_scheme="dark").log_in(household.user.token)
    ground = "() => getComputedStyle(document.body).backgroundColor"
    dark = opened.page.evaluate(ground)
    opened.page.get_by_role("button", name="Switch to the light theme").click()
    light = opened.page.evaluate(ground)
    assert sum(map(int, re.findall(r"\d+", dark))) < 150 < sum(map(int, re.findall(r"\d+", light)))
    opened.page.reload()
    opened.page.locator("#chart svg").wait_for()
    assert opened.page.evaluate(ground) == light, "the choice is remembered"
