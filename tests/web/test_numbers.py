"""The page's arithmetic: cents are exact, days have no time zone, ticks are round."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.support.service import Service


@pytest.fixture(scope="module")
def page(browser: Browser, service: Service) -> Iterator[Page]:
    """A browser far from Greenwich, where a careless date would lose a day."""
    with browser.new_context(timezone_id="Pacific/Honolulu") as context:
        opened = context.new_page()
        opened.goto(service.url)
        yield opened


def run(page: Page, module: str, expression: str) -> Any:
    """The value of an expression over the exports `it` of one module of the page."""
    return page.evaluate(f"() => import('/{module}').then((it) => {expression})")


@pytest.mark.parametrize(
    ("amount", "cents", "text"),
    [
        ("0.1", 10, "0.10"),
        ("1.005e2", 10050, "100.50"),
        ("-0.05", -5, "-0.05"),
        ("-0.0", 0, "0.00"),
        ("19.99", 1999, "19.99"),
        ("999999999999.99", 99999999999999, "999999999999.99"),
        ("-999999999999.99", -99999999999999, "-999999999999.99"),
        ("'12.30'", 1230, "12.30"),
    ],
)
def test_cents_are_exact_up_to_the_widest_amount(
    page: Page, amount: str, cents: int, text: str
) -> None:
    assert run(page, "money.js", f"it.cents({amount})") == cents
    assert run(page, "money.js", f"it.decimal(it.cents({amount}))") == text
    assert run(page, "money.js", f"Object.is(it.cents({amount}), -0)") is False


@pytest.mark.parametrize(
    ("locale", "currency", "cents", "text"),
    [
        ("en-US", "USD", 123456789, "$1,234,567.89"),
        ("en-US", "USD", -5, "−$0.05"),
        ("en-US", "USD", 99999999999999, "$999,999,999,999.99"),
        ("de-DE", "EUR", -123450, "−1.234,50 €"),
        ("ja-JP", "JPY", 123400, "¥1,234"),
        ("not a locale", "USD", 100, "$1.00"),
        ("ar-KW", "KWD", 100, None),
    ],
)
def test_money_is_written_as_its_owner_reads_it(
    page: Page, locale: str, currency: str, cents: int, text: str | None
) -> None:
    written = run(page, "money.js", f"it.moneyIn('{locale}', '{currency}').full({cents})")
    assert written
    if text is not None:
        assert written.replace("\u00a0", " ").replace("￥", "¥") == text


def test_days_are_days_wherever_the_reader_is(page: Page) -> None:
    assert run(page, "dates.js", "it.daysIn('en-US').long('2026-03-01')") == "Sunday, March 1, 2026"
    assert run(page, "dates.js", "it.weekday('2028-02-29')") == 2
    assert run(page, "dates.js", "it.daysBetween('2026-03-07', '2026-03-09')") == 2
    assert (
        run(page, "dates.js", "it.daysIn('en-US').away('2026-01-01', '2026-01-02')") == "tomorrow"
    )


def test_ticks_are_round_and_inside(page: Page) -> None:
    assert run(page, "scale.js", "it.niceTicks(-40000, 210000, 5)") == [
        0,
        50000,
        100000,
        150000,
        200000,
    ]
    assert run(page, "scale.js", "it.niceTicks(0, 0, 5)") == [0]


def test_the_label_of_the_lowest_point_never_lies_across_zero(page: Page) -> None:
    near = run(page, "scale.js", "it.span([3000, 90000], 3000, 300)")
    assert near["isBelowZero"]
    assert -near["low"] / (near["high"] - near["low"]) * 300 >= 42, "room under the zero line"
    for closing in ([50000, 90000], [-3000, 90000]):
        apart = run(page, "scale.js", f"it.span({closing}, {closing[0]}, 300)")
        assert not apart["isBelowZero"]
        assert (closing[0] - apart["low"]) / (apart["high"] - apart["low"]) * 300 >= 53.9


def test_the_line_holds_a_day_s_balance_for_that_day(page: Page) -> None:
    path = run(page, "scale.js", "it.stepPath([5, 5, 2], (day) => day * 10, (cents) => cents)")
    assert path == "M0 5H20V2H30"


def test_a_transfer_counts_only_where_it_crosses_the_edge(page: Page) -> None:
    item = "{kind: 'transfer', amount: 700, from: '1', to: '2'}"
    for covered, moved in (("'1', '2'", 0), ("'1'", -700), ("'2'", 700), ("'3'", 0)):
        assert run(page, "plan.js", f"it.effect({item}, new Set([{covered}]))") == moved
