"""How far off: errors relative to a flat line, bands, alarms; their spread over accounts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.windows import Days, Window

BUCKETS = (
    (1, 3), (4, 7), (8, 15), (16, 22), (23, 30), (31, 45), (46, 60), (61, 90), (91, 135),
    (136, 180), (181, 365),
)  # fmt: skip
FALSE_ALARMS = 0.2
DRAWS = 1000
ALARM_DRAWS = 200  # one is dearer

Values = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Band:
    """What was expected of one window, in cents a day."""

    p10: Days
    p50: Days
    p90: Days


def spread(values: Values) -> dict[str, float]:
    """The middle 95 % of what draws of accounts gave."""
    low, high = np.percentile(values, [2.5, 97.5])
    return {"low": float(low), "high": float(high)}


class Draws:
    """Accounts drawn with replacement, the same ones for every measure of the same windows."""

    def __init__(self, windows: Sequence[Window], seed: int = 1) -> None:
        names = sorted({one.account.name for one in windows})
        place = {name: number for number, name in enumerate(names)}
        self.of = np.array([place[one.account.name] for one in windows])
        self.count = len(names)
        self.draws = np.random.default_rng(seed).integers(0, self.count, (DRAWS, self.count))

    def sums(self, values: Values) -> Values:
        """Sums over the windows of each account."""
        return np.bincount(self.of, values, self.count)

    def ratio(self, above: Values, below: Values) -> dict[str, float]:
        """Sum over sum, its spread, and the median and quartiles over single accounts."""
        top, bottom = self.sums(above), self.sums(below)
        drawn = top[self.draws].sum(axis=1) / bottom[self.draws].sum(axis=1)
        alone = top[bottom > 0] / bottom[bottom > 0]
        quarter, median, three = np.percentile(alone, [25, 50, 75])
        return {
            "value": float(top.sum() / bottom.sum()),
            **spread(drawn),
            "median_account": float(median),
            "quartile_1": float(quarter),
            "quartile_3": float(three),
        }


def error(window: Window, path: Days) -> float:
    """Mean over days of |forecast - actual|, in months of income."""
    return float(np.abs(path - window.actual).mean() / window.scale)


def errors(windows: Sequence[Window], paths: Sequence[Days]) -> Values:
    """The error of each window."""
    return np.array([error(one, path) for one, path in zip(windows, paths, strict=True)])


def bucket_ratios(
    windows: Sequence[Window], paths: Sequence[Days], flat: Sequence[Days]
) -> dict[str, float]:
    """The same ratio to flat for the days of each bucket alone."""
    answer = {}
    for first, last in BUCKETS:
        if last <= windows[0].horizon:
            days = slice(first - 1, last)
            top, bottom = (
                sum(
                    float(np.abs(path[days] - one.actual[days]).mean() / one.scale)
                    for one, path in zip(windows, said, strict=True)
                )
                for said in (paths, flat)
            )
            answer[f"{first}-{last}"] = top / bottom
    return answer


def band_measures(windows: Sequence[Window], bands: Sequence[Band], draws: Draws) -> dict[str, Any]:
    """Share of days inside p10 to p90 and mean width in months of income, by bucket and overall."""
    horizon = windows[0].horizon
    inside = np.array(
        [
            (band.p10 <= one.actual) & (one.actual <= band.p90)
            for one, band in zip(windows, bands, strict=True)
        ],
        dtype=float,
    )
    below = np.array(
        [one.actual < band.p10 for one, band in zip(windows, bands, strict=True)], dtype=float
    )
    width = np.array(
        [(band.p90 - band.p10) / one.scale for one, band in zip(windows, bands, strict=True)]
    )
    bias = np.array(
        [(band.p50 - one.actual) / one.scale for one, band in zip(windows, bands, strict=True)]
    )
    days = {f"{first}-{last}": slice(first - 1, last) for first, last in BUCKETS if last <= horizon}
    days |= {"all": slice(0, horizon), f"day {horizon}": slice(horizon - 1, horizon)}
    ones = np.ones(len(windows))
    return {
        name: {
            "coverage": draws.ratio(inside[:, part].mean(axis=1), ones),
            "width": draws.ratio(width[:, part].mean(axis=1), ones),
            "below": float(below[:, part].mean()),
            "bias": float(bias[:, part].mean()),
            "crossed": int((width[:, part] < 0).sum()),
        }
        for name, part in days.items()
    }


def area(scores: Values, came: NDArray[np.bool_]) -> float:
    """Chance that a window which fell scored above one which did not; ties count half."""
    _, inverse, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[inverse]
    fell = int(came.sum())
    return float((ranks[came].sum() - fell * (fell + 1) / 2) / (fell * (len(came) - fell)))


def hits(scores: Values, came: NDArray[np.bool_]) -> float:
    """Share of the falls that are announced when a fifth of the rest is announced as well."""
    values = np.unique(scores)[::-1]
    found = [0.0, *(float((scores[came] >= value).mean()) for value in values)]
    false = [0.0, *(float((scores[~came] >= value).mean()) for value in values)]
    return float(np.interp(FALSE_ALARMS, false, found))


def alarm(
    windows: Sequence[Window], scores: Sequence[float], came: Sequence[bool]
) -> dict[str, Any] | None:
    """AUC and hits of an alarm with their spread; None when all or none fell."""
    said, fell = np.array(scores), np.array(came)
    if not 0 < fell.sum() < len(fell):
        return None
    draws = Draws(windows)
    places = [np.flatnonzero(draws.of == number) for number in range(draws.count)]
    drawn: dict[str, list[float]] = {"auc": [], "hits": []}
    ways: dict[str, Callable[[Values, NDArray[np.bool_]], float]] = {"auc": area, "hits": hits}
    for one in draws.draws[:ALARM_DRAWS]:
        chosen = np.concatenate([places[number] for number in one])
        if 0 < fell[chosen].sum() < len(chosen):
            for name, way in ways.items():
                drawn[name].append(way(said[chosen], fell[chosen]))
    return {
        name: {"value": way(said, fell), **spread(np.array(drawn[name]))}
        for name, way in ways.items()
    }
