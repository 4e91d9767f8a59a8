"""The rooms for everyone: names, headings, contrast, sizes, narrow screens, in light and dark."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.web import probes
from tests.web.conftest import PHONE, Ledger, Visit, added

CSV = "Date,Description,Amount\n2026-03-02,Baker,-4.20\n2026-03-04,Broken,none\n"
TEXT_CONTRAST, LARGE_CONTRAST = 4.5, 3.0  # WCAG 1.4.3
SCENES = ("transactions", "booking", "question", "chosen", "budgets", "recurring", "import")
SCENES += ("report",)


def settle(ledger: Ledger) -> None:
    """An item of the plan and a budget with one envelope under water."""
    fields: dict[str, Any] = {"kind": "expense", "name": "Rent", "amount": -950}
    fields |= {"account_id": ledger.accounts["Everyday"], "frequency": "monthly"}
    added(ledger.client, "/recurring-items", **fields, anchor_on=ledger.on(3))
    month = ledger.today.replace(day=1).isoformat()
    period = added(ledger.client, "/budget-periods", kind="monthly", starts_on=month)
    budget = added(ledger.client, "/budgets", budget_period_id=period, name="Household")
    ledger.book("Market", -30, 0, subcategory_id=ledger.categories["Groceries"])
    path = f"/budgets/{budget}/allocations"
    added(ledger.client, path, subcategory_id=ledger.categories["Groceries"], amount=20)
    added(ledger.client, path, subcategory_id=ledger.categories["Public transport"], amount=90)


def opened(visit: Callable[..., Visit], ledger: Ledger, scene: str, **options: Any) -> Visit:
    """A room, or something open in it."""
    settle(ledger)
    room = {"booking": "transactions", "question": "transactions", "chosen": "transactions"}
    room |= {"report": "import"}
    one = visit(f"/#/{room.get(scene, scene)}", **options)
    page = one.page
    one.offer(ledger.user.token)
    marks = {"budgets": ".envelope", "recurring": "#rules-list .rule-row", "import": ".drop"}
    mark = marks.get(room.get(scene, scene), "#ledger-days .booking")
    expect(page.locator(mark).first).to_be_visible()
    if scene == "transactions":
        for box in ("#accounts-box", "#spending-box", "#ledger-filters"):
            page.locator(f"{box} summary").click()
        expect(page.locator(".spend-row").first).to_be_visible()
    if scene in ("booking", "question"):
        page.get_by_role("button", name="Coffee", exact=True).click()
        page.get_by_text("Split in parts").click()
        page.get_by_text("Notes", exact=True).click()
    if scene == "question":
        page.get_by_role("button", name="Drop …").click()
        expect(page.locator("#ask")).to_be_visible()
    if scene == "chosen":
        page.locator(".pick input").first.check()
    if scene == "report":
        page.locator("#import-account").select_option(label="Everyday")
        page.locator("#import-file").set_input_files(
            {"name": "a.csv", "mimeType": "text/csv", "buffer": CSV.encode()}
        )
        page.get_by_text("How the columns are read").click()
    return one


@pytest.mark.parametrize("scene", SCENES)
def test_controls_have_names_and_headings_their_order(
    visit: Callable[..., Visit], ledger: Ledger, scene: str
) -> None:
    page = opened(visit, ledger, scene).page
    controls = page.evaluate(probes.CONTROLS)
    assert len(controls) > 8
    assert [one["html"] for one in controls if not one["name"]] == []
    levels = page.evaluate(probes.HEADINGS)
    assert levels.count(1) == 1
    assert levels[0] == 1
    for before, after in pairwise(levels):
        assert after <= before + 1, levels
    assert page.evaluate(probes.DUPLICATE_IDS) == []
    assert page.evaluate(probes.DANGLING_IDS) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("scene", SCENES)
def test_text_stands_out_from_its_ground(
    visit: Callable[..., Visit], ledger: Ledger, scene: str, scheme: str
) -> None:
    one = opened(visit, ledger, scene, color_scheme=scheme, reduced_motion="reduce")
    one.page.mouse.move(0, 0)
    weak = []
    for text in one.page.evaluate(probes.COLOURS):
        needed = LARGE_CONTRAST if text["isLarge"] else TEXT_CONTRAST
        found = probes.contrast(text["colour"], text["ground"])
        if found < needed:
            weak.append((text["words"], round(found, 2)))
    assert weak == []
    assert one.complaints == []


@pytest.mark.parametrize("scene", SCENES)
def test_a_phone_has_room_for_everything(
    visit: Callable[..., Visit], ledger: Ledger, scene: str
) -> None:
    page = opened(visit, ledger, scene, viewport=PHONE, has_touch=True).page
    small = [one for one in page.evaluate(probes.CONTROLS) if one["height"] < 43.9]
    assert small == []
    for width in (390, 375, 320):
        page.set_viewport_size({"width": width, "height": 700})
        assert page.evaluate("() => document.documentElement.scrollWidth") <= width, width
        inside = page.evaluate(
            "() => [...document.querySelectorAll('.sheet, .box[open], .days, .bulk')]"
            ".filter((one) => one.checkVisibility())"
            ".filter((one) => one.scrollWidth > one.clientWidth + 1)"
            ".map((one) => one.outerHTML.slice(0, 80))"
        )
        assert inside == [], width


def test_focus_is_visible_on_every_stop_of_a_room(
    visit: Callable[..., Visit], ledger: Ledger
) -> None:
    page = opened(visit, ledger, "recurring").page
    page.reload()  # Tab then begins at the top.
    page.locator("#rules-list .rule-row").wait_for()
    stops: list[dict[str, Any]] = []
    for _ in range(40):
        page.keyboard.press("Tab")
        stop = page.evaluate(probes.FOCUS)
        if stop is None or stop["html"] in [one["html"] for one in stops]:
            break
        stops.append(stop)
    assert len(stops) >= 8
    assert [stop["html"] for stop in stops if not stop["isVisible"]] == []
