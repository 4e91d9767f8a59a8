"""For everyone: names, landmarks, headings, contrast, sizes, narrow screens and quiet ones.

Rules are those of WCAG 2.2 AA; the probes run in the page, the judgement is made here.
"""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.web import probes
from tests.web.conftest import PHONE, Household, Visit

SCENES = ["login", "plan"]
TEXT_CONTRAST, LARGE_CONTRAST = 4.5, 3.0  # WCAG 1.4.3


def opened(visit: Callable[..., Visit], household: Household, scene: str, **options: Any) -> Visit:
    """The page on its log-in or with everything of the forecast unfolded."""
    page = visit(**options)
    if scene == "plan":
        page.log_in(household.user.token)
        page.page.locator("#days-details summary").click()
        page.page.locator("#whatif-box summary").click()
        page.page.locator("#whatif-form form").wait_for()
    else:
        page.page.locator("#login").wait_for()
    return page


@pytest.mark.parametrize("scene", SCENES)
def test_every_control_has_a_name(
    visit: Callable[..., Visit], household: Household, scene: str
) -> None:
    controls = opened(visit, household, scene).page.evaluate(probes.CONTROLS)
    assert len(controls) > 3
    assert [one["html"] for one in controls if not one["name"]] == []


@pytest.mark.parametrize("scene", SCENES)
def test_headings_begin_at_one_and_skip_no_level(
    visit: Callable[..., Visit], household: Household, scene: str
) -> None:
    levels = opened(visit, household, scene).page.evaluate(probes.HEADINGS)
    assert levels.count(1) == 1
    assert levels[0] == 1
    for before, after in pairwise(levels):
        assert after <= before + 1, levels


def test_landmarks_and_the_way_past_them(home: Visit) -> None:
    page = home.page
    for role in ("banner", "main", "contentinfo"):
        assert page.get_by_role(role).count() == 1, role
    assert page.locator("html").get_attribute("lang") == "en"
    page.reload()  # Tab then begins at the top.
    page.locator("#chart svg").wait_for()
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_ids_are_unique_and_what_they_name_exists(home: Visit) -> None:
    assert home.page.evaluate(probes.DUPLICATE_IDS) == []
    assert home.page.evaluate(probes.DANGLING_IDS) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("scene", SCENES)
def test_text_stands_out_from_its_ground(
    visit: Callable[..., Visit], household: Household, scene: str, scheme: str
) -> None:
    page = opened(visit, household, scene, color_scheme=scheme, reduced_motion="reduce")
    texts = page.page.evaluate(probes.COLOURS)
    assert len(texts) > 5
    weak = []
    for text in texts:
        needed = LARGE_CONTRAST if text["isLarge"] else TEXT_CONTRAST
        found = probes.contrast(text["colour"], text["ground"])
        if found < needed:
            weak.append((text["words"], round(found, 2)))
    assert weak == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_tokens_that_meet_have_contrast(visit: Callable[..., Visit], scheme: str) -> None:
    page = visit(color_scheme=scheme).page
    colour = {name: page.evaluate(probes.TOKEN, name) for name in probes.TOKENS}
    for above, below, needed in probes.PAIRS:
        found = probes.contrast(colour[above], colour[below])
        assert found >= needed, f"{above} on {below} in {scheme}: {found:.2f}"


@pytest.mark.parametrize("width", [320, 390, 768])
@pytest.mark.parametrize("scene", SCENES)
def test_nothing_makes_a_phone_scroll_sideways(
    visit: Callable[..., Visit], household: Household, scene: str, width: int
) -> None:
    page = opened(visit, household, scene, viewport={"width": width, "height": 700}).page
    assert page.evaluate("() => document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("scene", SCENES)
def test_controls_are_large_enough_for_a_thumb(
    visit: Callable[..., Visit], household: Household, scene: str
) -> None:
    page = opened(visit, household, scene, viewport=PHONE, has_touch=True).page
    small = [one for one in page.evaluate(probes.CONTROLS) if one["height"] < 43.9]
    assert small == []


def test_focus_is_visible_on_every_stop(home: Visit) -> None:
    page = home.page
    page.reload()  # Tab then begins at the top.
    page.locator("#chart svg").wait_for()
    stops: list[dict[str, Any]] = []
    for _ in range(40):
        page.keyboard.press("Tab")
        stop = page.evaluate(probes.FOCUS)
        if stop is None or stop["html"] in [one["html"] for one in stops]:
            break
        stops.append(stop)
    assert len(stops) >= 12
    assert [stop["html"] for stop in stops if not stop["isVisible"]] == []


def test_the_chart_has_words(home: Visit, household: Household) -> None:
    chart = home.page.get_by_role("slider", name="Day of the forecast")
    expect(chart).to_have_attribute("aria-describedby", "chart-words chart-keys")
    assert "The lowest point is" in (home.page.locator("#chart-words").text_content() or "")


def test_less_motion_means_none(visit: Callable[..., Visit]) -> None:
    calm = visit(reduced_motion="reduce").page
    assert (
        calm.evaluate("() => getComputedStyle(document.documentElement).scrollBehavior") == "auto"
    )
    bone = "() => getComputedStyle(document.querySelector('.bone')).animationName"
    assert calm.evaluate(bone) == "none"
