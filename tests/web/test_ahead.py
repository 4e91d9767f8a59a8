"""What lies ahead on the page: the band and its risk, what if, goals and alerts."""

from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from playwright.sync_api import Page, Route, expect

from tests.web import probes
from tests.web.conftest import Household, Ledger, Visit, added
from tests.web.test_numbers import run
from tests.web.words import dated, dollars


def test_the_band_and_the_middle_stand_over_the_plan(home: Visit, household: Household) -> None:
    page = home.page
    for line in ("path.band", "path.expected", "path.line.thin"):
        drawn = page.locator(f"#chart {line}").first.get_attribute("d")
        assert drawn is not None
        assert drawn.count("V") > 20, line
    expect(page.locator("#legend")).to_contain_text("Most probable")
    assert home.complaints == []


def test_a_risk_is_said_in_words_with_what_it_stands_on(home: Visit) -> None:
    expect(home.page.locator("#risk-words")).to_contain_text("falls below your reserve of $500.00")
    expect(home.page.locator("#risk-basis")).to_contain_text("too little history")


def test_a_chosen_day_says_what_is_probable(home: Visit, household: Household) -> None:
    columns = household.year["columns"]
    home.page.locator("#chart").focus()
    expect(home.page.locator("#day-likely")).to_be_hidden()
    home.page.keyboard.press("ArrowRight")
    likely = home.page.locator("#day-likely")
    expect(likely).to_contain_text(f"Probably {dollars(columns['p50'][1])}")
    expect(likely).to_contain_text(dollars(columns["p10"][1]))
    expect(likely).to_contain_text(dollars(columns["p90"][1]))


def test_an_account_alone_is_its_plan_and_then_what_is_probable_of_it(
    home: Visit, household: Household
) -> None:
    page = home.page
    held: list[Route] = []
    page.route("**/forecast?*account_id=*", lambda route: held.append(route), times=1)
    page.locator("#account").select_option(label="Everyday")
    expect(page.locator("#risk")).to_be_hidden()
    expect(page.locator("#legend")).to_be_hidden()
    expect(page.locator("#chart .lowest text").nth(0)).to_contain_text("Lowest scheduled")
    assert page.locator("#chart path.band").count() == 0
    while not held:
        page.wait_for_timeout(20)
    held[0].continue_()
    expect(page.locator("#legend")).to_be_visible()
    expect(page.locator("#risk")).to_be_hidden()  # The reserve is that of all accounts.
    assert page.locator("#chart path.band").count() == 1
    alone = household.client.ask(
        "GET",
        "/api/v2/users/me/forecast",
        query={"days": 30, "account_id": household.accounts["Everyday"]},
    ).data["columns"]
    page.locator("#chart").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#day-likely")).to_contain_text(f"Probably {dollars(alone['p50'][1])}")
    page.locator("#account").select_option(label="All accounts")
    expect(page.locator("#day-likely")).to_contain_text(
        f"Probably {dollars(household.year['columns']['p50'][1])}"
    )
    assert home.complaints == []


@pytest.mark.parametrize(
    ("chance", "words"),
    [
        (0.004, "less than 1 in 100"),
        (0.04, "1 in 25"),
        (0.2, "1 in 5"),
        (0.5, "1 in 2"),
        (0.68, "7 in 10"),
        (0.97, "9 in 10"),
        (0.995, "more than 99 in 100"),
    ],
)
def test_chances_are_said_as_people_say_them(home: Visit, chance: float, words: str) -> None:
    assert run(home.page, "risk.js", f"it.chanceWords({chance})") == words


def test_a_band_is_one_closed_area(home: Visit) -> None:
    call = "it.bandPath([1, 1, 3], [5, 5, 6], (day) => day * 10, (cents) => cents)"
    assert run(home.page, "scale.js", call) == "M0 5H20V6H30V3H20V1H0Z"


def unfolded(page: Page) -> Any:
    """The panel, open and ready."""
    page.locator("#whatif-box summary").click()
    form = page.locator("#whatif-form form")
    form.wait_for()
    return form


def test_a_thought_is_compared_and_nothing_is_written(home: Visit, household: Household) -> None:
    page = home.page
    form = unfolded(page)
    form.get_by_label("What if").select_option("once")
    form.get_by_label("Name").fill("A bicycle")
    form.get_by_label("Amount").fill("800")
    form.get_by_role("button", name="Show what would be").click()
    lowest = household.year["summary"]["lowest_balance"]
    rows = page.locator("table.compare tbody tr")
    expect(rows.nth(0)).to_contain_text(dollars(lowest))
    expect(rows.nth(0)).to_contain_text(dollars(lowest - 800))
    expect(rows.nth(0)).to_contain_text("−$800.00")
    expect(page.locator(".compared-words")).to_contain_text("$800.00 lower than planned")
    form.get_by_label("What if").select_option("balance")
    form.get_by_label("Amount").fill("5000")
    page.keyboard.press("Enter")
    expect(page.locator("#whatif-thoughts li")).to_have_count(2)
    expect(rows.nth(2)).to_contain_text("+")
    page.get_by_role("button", name="Take out: A bicycle").click()
    expect(page.locator("#whatif-thoughts li")).to_have_count(1)
    now = household.client.ask("GET", "/api/v2/users/me/recurring-items").data["items"]
    assert len(now) == 6
    assert home.complaints == []


def test_a_thought_without_an_amount_is_told_beside_it(home: Visit) -> None:
    form = unfolded(home.page)
    form.get_by_role("button", name="Show what would be").click()
    expect(form.locator(".error")).to_contain_text("Type the amount")
    expect(form.get_by_label("Amount")).to_be_focused()


def test_an_income_rests_and_the_thought_is_saved_and_laid_on_again(
    visit: Callable[..., Visit], ledger: Ledger
) -> None:
    fields: dict[str, Any] = {"kind": "income", "name": "Salary", "amount": 2000}
    fields |= {"account_id": ledger.accounts["Everyday"], "frequency": "monthly"}
    added(ledger.client, "/recurring-items", **fields, anchor_on=ledger.on(5))
    opened = visit().log_in(ledger.user.token)
    page = opened.page
    form = unfolded(page)
    form.get_by_label("What if").select_option("pause")
    form.get_by_label("Which one").select_option(label="Salary")
    form.get_by_role("button", name="Show what would be").click()
    expect(page.locator("table.compare tbody tr").nth(2)).to_contain_text("−$2")
    page.get_by_label("Save this as").fill("Between jobs")
    page.get_by_role("button", name="Save it").click()
    lay = page.get_by_role("button", name="Lay on: Between jobs")
    expect(lay).to_be_visible()
    page.get_by_role("button", name="Take out:").click()
    expect(page.locator("table.compare")).to_have_count(0)
    lay.click()
    expect(page.locator("#whatif-thoughts")).to_contain_text("Saved: Between jobs")
    expect(page.locator("table.compare")).to_be_visible()
    page.get_by_role("button", name="Drop the saved “Between jobs”").click()
    page.get_by_role("button", name="Drop it").click()
    expect(lay).to_have_count(0)
    assert opened.complaints == []


def test_a_goal_is_added_put_into_and_dropped(visit: Callable[..., Visit], ledger: Ledger) -> None:
    opened = visit("/#/goals")
    opened.offer(ledger.user.token)
    page = opened.page
    expect(page.locator("#goals-list")).to_contain_text("Nothing is saved for yet")
    page.get_by_role("button", name="Add a goal").click()
    sheet = page.locator("#sheet")
    sheet.get_by_role("button", name="Add it").click()
    expect(sheet.locator(".error")).to_contain_text("Give it a name")
    sheet.get_by_label("Name").fill("A new boiler")
    sheet.get_by_label("Amount to reach").fill("3000")
    sheet.get_by_label("By when").fill(ledger.on(400))
    sheet.get_by_label("Put aside each month").fill("100")
    sheet.get_by_label("Saved already").fill("600")
    page.keyboard.press("Enter")
    goal = page.locator(".goal")
    expect(goal).to_contain_text("$600.00 of $3,000.00")
    expect(goal).to_contain_text("20 % saved")
    progress = ledger.client.ask("GET", "/api/v2/users/me/financial-goals/progress").data["goals"]
    reached = progress[0]["at_monthly"]["reached_on"]
    expect(goal).to_contain_text(f"Reached on {dated(reached)}")
    needed = dollars(progress[0]["needed"]["monthly"])
    expect(goal.locator(".goal-needed")).to_contain_text(f"{needed} a month are needed")
    page.get_by_role("button", name="Put something into A new boiler").click()
    sheet.get_by_label("Amount").fill("150")
    page.keyboard.press("Enter")
    expect(goal).to_contain_text("$750.00 of $3,000.00")
    page.get_by_role("button", name="Undo").click()
    expect(goal).to_contain_text("$600.00 of $3,000.00")
    goal.get_by_role("button", name="A new boiler", exact=True).click()
    sheet.get_by_role("button", name="Drop …").click()
    page.get_by_role("button", name="Drop it").click()
    expect(page.locator("#goals-list")).to_contain_text("Nothing is saved for yet")
    assert opened.complaints == []


WARNED = """
    insert into data.alerts (
        user_id, kind, scope, subject, on_day, until_on, currency, amount, shortfall, facts,
        told_on_day, told_amount, raised_on
    ) values (
        %(user)s, 'unusual_spending', 'day', '1', '2026-03-01', '2026-03-01', 'USD', -90, 60,
        '{"usual": 30.00, "times": 3.0, "edge": 80.00, "value_count": 40}', '2026-03-01', -90,
        '2026-03-02'
    )
"""


def test_an_alert_stands_above_the_forecast_until_it_is_dismissed(
    visit: Callable[..., Visit], ledger: Ledger
) -> None:
    opened = visit().log_in(ledger.user.token)
    page = opened.page
    expect(page.locator("#alerts")).to_be_hidden()
    with psycopg.connect(ledger.service.dsn, autocommit=True) as connection:
        connection.execute(WARNED, {"user": ledger.user.user_id})
    page.reload()
    alert = page.locator("#alerts .alert")
    expect(alert).to_contain_text("You spent 90.00 USD on 1 Mar 2026")
    alert.get_by_role("button", name="Dismiss:").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#alerts")).to_be_hidden()
    expect(page.locator("#headline")).to_be_focused()
    listed = ledger.client.ask("GET", "/api/v2/users/me/alerts").data["items"]
    assert [one["status"] for one in listed] == ["dismissed"]
    assert opened.complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_goals_are_there_for_everyone(
    visit: Callable[..., Visit], ledger: Ledger, scheme: str
) -> None:
    added(ledger.client, "/financial-goals", name="Boat", target_amount=900, monthly=50)
    opened = visit("/#/goals", color_scheme=scheme)
    opened.offer(ledger.user.token)
    opened.page.locator(".goal").wait_for()
    controls = opened.page.evaluate(probes.CONTROLS)
    assert [one["html"] for one in controls if not one["name"]] == []
    for one in opened.page.evaluate(probes.COLOURS):
        least = 3.0 if one["isLarge"] else 4.5
        assert probes.contrast(one["colour"], one["ground"]) >= least, one
