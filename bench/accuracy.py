"""Is what the product says true? Its expectation and its detection, held against a real bank.

`python -m bench.accuracy [FOLDER]` loads the Berka files and writes bench/results/accuracy.json
(the expectation, this file) and bench/results/detection.json (bench.detection). Where
statsforecast is installed (`pip install 'tideline[bench-models]'`), MSTL and AutoETS are asked too:
for all accounts of 1995-96 and for a share of the first file's (`--models 0.25`), as they are slow.

Out of sample in three ways, each with the product's own refit: on all of the first file, judged on
other accounts one to three years later; on one half of the first file's accounts, judged on the
other half, which lived through the same months; on everything up to the quarter's end before the
cut, as the refit on the clock does it. Error: mean over days of |forecast - actual| in months of
income, as a share of the same for "the balance stays as it is". Spreads are over accounts.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import psycopg

from bench import detection
from bench.expected import (
    ALARM_DAYS,
    bands,
    fit,
    fitted_on,
    fitted_without,
    forget,
    keep,
    learn,
    risks,
)
from bench.machine import machine
from bench.measures import (
    Band,
    Draws,
    alarm,
    band_measures,
    bucket_ratios,
    errors,
)
from bench.report import RESULTS, write
from bench.rivals import Paths, flat, has_models, models, rules
from bench.windows import BACKS, HISTORY, SPLIT, Account, Window, accounts, by_cut, loaded, windows

FIRST_END = date(1994, 3, 31)  # last day of the first file
OURS = "expectation (p50)"
LATER = f"1995-96, other accounts; fitted on the first file, {FIRST_END}"
HALVES = "first file; each half of the accounts by a fit of the other half, same months"
IN_TIME_FIRST = "first file; fitted at the quarter's end before the cut"
IN_TIME_SECOND = "1995-96; fitted at the quarter's end before the cut"
GOALS = {90: 0.80, 180: 0.82, 365: 0.87}

# Reserve of an owner in cents, by what is known at the cut. Nothing below 0.
RESERVES: dict[str, Callable[[Window], float]] = {
    "0": lambda one: 0.0,
    "lower decile of the last 365 balances": lambda one: max(
        0.0, float(np.percentile(one.past[-365:], 10))
    ),
    "a quarter of a month's income": lambda one: one.scale / 4,
    "half of the balance at the cut": lambda one: max(0.0, float(one.past[-1]) / 2),
}


@dataclass
class Said:
    """What the product said of windows under one fit; risks by the name of the reserve."""

    bands: dict[Window, Band] = field(default_factory=dict)
    risks: dict[str, dict[Window, float]] = field(
        default_factory=lambda: {name: {} for name in RESERVES}
    )


class Judge:
    """The windows, and what every other way foretells of them."""

    def __init__(self, connection: psycopg.Connection[Any], share: float) -> None:
        self.connection = connection
        known = accounts(connection)
        self.first = [one for one in known if one.last_on < SPLIT]
        self.second = [one for one in known if one.first_on >= SPLIT]
        self.first_windows, self.second_windows = windows(self.first), windows(self.second)
        chosen = self.first_windows + self.second_windows
        learn(connection, [one.cut for one in chosen] + [FIRST_END])
        alone, with_rest = rules(connection, chosen)
        self.flat = flat(chosen)
        self.ways: dict[str, Paths] = {
            "rules only": alone,
            "rules + mean of the rest": with_rest,
        }
        if share > 0 and has_models():
            some = [one for one in self.first_windows if is_sampled(one.account, share)]
            self.ways |= models(some + self.second_windows)

    def read(self, chosen: list[Window], said: Said) -> Said:
        """Adds what the product says of these windows now."""
        for cut, group in by_cut(chosen).items():
            keep(self.connection, cut, [one.user_id for one in group])
            said.bands |= bands(self.connection, group)
            short = [one for one in group if one.horizon == min(HISTORY)]
            for name, rule in RESERVES.items():
                said.risks[name] |= risks(self.connection, {one: rule(one) for one in short})
        return said

    def horizon(self, chosen: list[Window], said: dict[Window, Band]) -> dict[str, Any]:
        """Errors of all ways, and the band of ours."""
        draws = Draws(chosen)
        stays = [self.flat[one] for one in chosen]
        ours = [said[one].p50 for one in chosen]
        answer: dict[str, Any] = {
            "windows": len(chosen),
            "accounts": draws.count,
            "flat": float(errors(chosen, stays).mean()),
            "ways": {OURS: draws.ratio(errors(chosen, ours), errors(chosen, stays))},
            "buckets": {OURS: bucket_ratios(chosen, ours, stays)},
            "band": band_measures(chosen, [said[one] for one in chosen], draws),
            "by_back": {},
        }
        for back in BACKS:
            some = [one for one in chosen if one.back == back]
            if some:
                answer["by_back"][str(back)] = {
                    "windows": len(some),
                    "first_cut": str(min(one.cut for one in some)),
                    "last_cut": str(max(one.cut for one in some)),
                    **Draws(some).ratio(
                        errors(some, [said[one].p50 for one in some]),
                        errors(some, [self.flat[one] for one in some]),
                    ),
                }
        for name, paths in self.ways.items():
            some = [one for one in chosen if one in paths]
            if some:
                told = [paths[one] for one in some]
                base = [self.flat[one] for one in some]
                answer["ways"][name] = Draws(some).ratio(errors(some, told), errors(some, base)) | {
                    "windows": len(some)
                }
                answer["buckets"][name] = bucket_ratios(some, told, base)
        return answer

    def alarms(self, chosen: list[Window], said: dict[str, dict[Window, float]]) -> dict[str, Any]:
        """risk_30 of every reserve, beside two things that anybody could say."""
        answer = {}
        for name, rule in RESERVES.items():
            reserves = {one: rule(one) for one in chosen}
            risk = said[name]
            for part, some in (
                ("all", chosen),
                ("above it at the cut", [one for one in chosen if one.past[-1] >= reserves[one]]),
            ):
                if len(some) == len(chosen) and part != "all":
                    continue  # the same windows
                came = [bool(one.actual[:ALARM_DAYS].min() < reserves[one]) for one in some]
                drawn = self.ways["rules only"]
                answer[f"{name}, {part}"] = {
                    "windows": len(some),
                    "came": sum(came),
                    "mean_risk": float(np.mean([risk[one] for one in some])),
                    "risk_30": alarm(some, [risk[one] for one in some], came),
                    "balance": alarm(
                        some, [(reserves[one] - one.past[-1]) / one.scale for one in some], came
                    ),
                    "rules": alarm(
                        some,
                        [
                            (reserves[one] - float(drawn[one][:ALARM_DAYS].min())) / one.scale
                            for one in some
                        ],
                        came,
                    ),
                }
        return answer

    def measured(self, said: Said) -> dict[str, Any]:
        """All measures of what was said."""
        chosen = list(said.bands)
        return {
            "horizons": {
                str(horizon): self.horizon(some, said.bands)
                for horizon in HISTORY
                if (some := [one for one in chosen if one.horizon == horizon])
            },
            "alarms": self.alarms(
                [one for one in chosen if one.horizon == min(HISTORY)], said.risks
            ),
        }


def quarter_end(day: date) -> date:
    """The last day of a quarter that is not after this day."""
    tomorrow = day + timedelta(1)
    return date(tomorrow.year, (tomorrow.month - 1) // 3 * 3 + 1, 1) - timedelta(1)


def is_sampled(account: Account, share: float) -> bool:
    """Whether an account is among a share of all, by its number and nothing else."""
    return int(account.name) * 2_654_435_761 % 2**32 < share * 2**32


def run(connection: psycopg.Connection[Any], share: float) -> dict[str, Any]:
    """All three ways out of sample."""
    judge = Judge(connection, share)
    first, second = judge.first_windows, judge.second_windows
    sets = {}

    forget(connection)
    took = {str(FIRST_END): fit(connection, FIRST_END)}
    sets[LATER] = judge.measured(judge.read(second, Said()))

    halves = Said()
    for rest in (0, 1):
        judged = [one for one in first if int(one.account.name) % 2 == rest]
        users = [one.user_id for one in judge.first if int(one.name) % 2 == rest]
        with fitted_without(connection, users, FIRST_END):
            assert fitted_on(connection, judged[0]) == FIRST_END
            judge.read(judged, halves)
    sets[HALVES] = judge.measured(halves)

    forget(connection)
    for day in sorted({quarter_end(one.cut) for one in first + second}):
        took[str(day)] = fit(connection, day)
    left_out = 0
    for name, chosen in ((IN_TIME_FIRST, first), (IN_TIME_SECOND, second)):
        # The first cuts have nothing behind them that a fit could be made of.
        fitted = [
            one
            for cut, group in by_cut(chosen).items()
            if (known := fitted_on(connection, group[0])) is not None and known <= cut
            for one in group
        ]
        left_out += len(chosen) - len(fitted)
        sets[name] = judge.measured(judge.read(fitted, Said()))
    return {
        "machine": machine(connection),
        "share": share,
        "refit_s": took,
        "left_out": left_out,
        "sets": sets,
    }


def spread_text(one: dict[str, float], digits: int = 3) -> str:
    """A value with the middle 95 % of its draws."""
    return f"{one['value']:.{digits}f} ({one['low']:.{digits}f} to {one['high']:.{digits}f})"


def error_lines(sets: dict[str, Any]) -> list[str]:
    """One table a set: ways by horizons."""
    lines: list[str] = []
    for name, found in sets.items():
        horizons = found["horizons"]
        counts = ", ".join(
            f"{one['windows']:,} windows of {one['accounts']:,} accounts at {horizon} days"
            for horizon, one in horizons.items()
        )
        lines += [
            "",
            f"**{name}** ({counts}).",
            "",
            "| way | "
            + " | ".join(f"{horizon} d" for horizon in horizons)
            + " | median account | ",
            "|---|" + "---|" * len(horizons) + "---|",
        ]
        lines[-2] = lines[-2].rstrip()
        ways = list(dict.fromkeys(way for one in horizons.values() for way in one["ways"]))
        for way in [*(one for one in ways if one != OURS), OURS]:
            cells = [one["ways"].get(way) for one in horizons.values()]
            sampled = next(
                (
                    f", {cell['windows']:,} windows"
                    for cell, one in zip(cells, horizons.values(), strict=True)
                    if cell and cell.get("windows", one["windows"]) < one["windows"]
                ),
                "",
            )
            lines.append(
                f"| {way}{sampled} | "
                + " | ".join(spread_text(cell) if cell else "" for cell in cells)
                + " | "
                + " / ".join(f"{cell['median_account']:.2f}" for cell in cells if cell)
                + " |"
            )
        lines.append("| the balance stays | " + " | ".join("1.000" for _ in horizons) + " | |")
        lines.append(
            "| months of income that it is off | "
            + " | ".join(f"{one['flat']:.2f}" for one in horizons.values())
            + " | |"
        )
    return lines


def part_lines(sets: dict[str, Any]) -> list[str]:
    """Errors of ours by cut."""
    lines = [
        "",
        "The same by how many days before the end of the data the horizon ends.",
        "",
        "| windows | horizon | back | cuts | n | error relative to flat |",
        "|---|---|---|---|---|---|",
    ]
    for name, found in sets.items():
        for horizon, one in found["horizons"].items():
            for back, part in one["by_back"].items():
                cuts = " to ".join(dict.fromkeys((part["first_cut"], part["last_cut"])))
                lines.append(
                    f"| {name} | {horizon} | {back} | {cuts} | {part['windows']:,} |"
                    f" {spread_text(part)} |"
                )
    return lines


def band_lines(sets: dict[str, Any]) -> list[str]:
    """Coverage and width by bucket of days."""
    lines: list[str] = []
    for name, found in sets.items():
        horizons = found["horizons"]
        lines += [
            "",
            f"**{name}**: share of days inside p10 to p90, mean width in months of income.",
            "",
            "| days ahead | "
            + " | ".join(f"{horizon} d: inside, width" for horizon in horizons)
            + " | error relative to flat |",
            "|---|" + "---|" * len(horizons) + "---|",
        ]
        parts = list(dict.fromkeys(part for one in horizons.values() for part in one["band"]))
        ordered = [*(one for one in parts if "-" in one), *(one for one in parts if "-" not in one)]
        for part in ordered:
            cells = [one["band"].get(part) for one in horizons.values()]
            ratios = [one["buckets"][OURS].get(part) for one in horizons.values()]
            lines.append(
                f"| {part} | "
                + " | ".join(
                    f"{spread_text(cell['coverage'])}, {cell['width']['value']:.2f}" if cell else ""
                    for cell in cells
                )
                + " | "
                + " / ".join(f"{ratio:.2f}" for ratio in ratios if ratio is not None)
                + " |"
            )
    return lines


def alarm_lines(sets: dict[str, Any]) -> list[str]:
    """AUC and hits by reserve."""
    lines = [
        "",
        "Will the lowest balance of the next 30 days be below the reserve? AUC, and the share of"
        " falls announced at 20 % false alarms, of risk_30; beside them two orders that need no"
        " model: by the balance at the cut, and by the lowest balance of *rules only*.",
        "",
        "| windows | reserve | n | fell | mean risk_30 | AUC | hits | AUC of the balance |"
        " AUC of rules |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for name, found in sets.items():
        for reserve, one in found["alarms"].items():
            ours = one["risk_30"]
            lines.append(
                f"| {name} | {reserve} | {one['windows']:,} |"
                f" {100 * one['came'] / one['windows']:.1f} % | {100 * one['mean_risk']:.1f} % | "
                + (
                    f"{spread_text(ours['auc'])} | {spread_text(ours['hits'], 2)} |"
                    f" {one['balance']['auc']['value']:.3f} | {one['rules']['auc']['value']:.3f} |"
                    if ours
                    else "none or all fell | | | |"
                )
            )
    return lines


def table(answer: dict[str, Any]) -> list[str]:
    """The published lines."""
    goals = ", ".join(f"{goal:.2f} at {horizon} days" for horizon, goal in GOALS.items())
    return [
        "Error of the daily balance relative to drawing a flat line (= 1), with the middle 95 % of"
        f" {1000:,} draws of accounts. Goals: {goals}. A window's cut is the last booking less the"
        " horizon less 0, 30 or 60 days; everything behind it is hidden. Standing orders"
        " (`order.asc`) are not loaded. Few windows reach over 365 days: the first file has 15"
        f" months. Left out are {answer['left_out']} windows of 180 days before whose cut there was"
        " too little to make any fit of. MSTL (a week and 30 days, AutoETS for the trend) and"
        " AutoETS (a week) by statsforecast learn from each account alone; of the first file's they"
        f" were asked for {100 * answer['share']:.0f} %.",
        *error_lines(answer["sets"]),
        *part_lines(answer["sets"]),
        *band_lines(answer["sets"]),
        *alarm_lines(answer["sets"]),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=detection.FOLDER)
    parser.add_argument("--models", type=float, default=0.25, metavar="SHARE")
    options = parser.parse_args()
    with loaded(options.folder) as connection:
        answer = run(connection, options.models)
        write("accuracy", answer)
        print("\n".join(table(answer)), f"\n{RESULTS / 'accuracy.json'}\n", flush=True)
        found = detection.run(connection, options.folder)
    write("detection", found)
    print("\n".join(detection.table(found)), f"\n{RESULTS / 'detection.json'}")


if __name__ == "__main__":
    main()
