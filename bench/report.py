"""What was measured, in text and pictures: `python -m bench.report` writes results/README.md."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results"


def write(name: str, answer: dict[str, Any]) -> None:
    """Keep an answer as bench/results/<name>.json."""
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{name}.json").write_text(json.dumps(answer, indent=1) + "\n")


def read(name: str) -> dict[str, Any] | None:
    """The last kept answer, or None when there is none."""
    path = RESULTS / f"{name}.json"
    return json.loads(path.read_text()) if path.exists() else None


def bars(path: Path, title: str, unit: str, spreads: dict[str, dict[str, float]]) -> None:
    """Horizontal bars of medians with whiskers from least to most, on a logarithmic scale."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    names = sorted(spreads, key=lambda name: spreads[name]["median"], reverse=True)
    medians = [spreads[name]["median"] for name in names]
    whiskers = [
        [spreads[name]["median"] - spreads[name]["least"] for name in names],
        [spreads[name]["most"] - spreads[name]["median"] for name in names],
    ]
    figure, axes = plt.subplots(figsize=(9, 0.5 * len(names) + 1.4), layout="constrained")
    axes.barh(names, medians, xerr=whiskers, color="#3b6ea8", ecolor="#1c2733", capsize=3)
    axes.set_xscale("log")
    axes.set_xlabel(unit)
    axes.set_title(title, loc="left")
    axes.spines[["top", "right"]].set_visible(False)
    for row, value in enumerate(medians):
        axes.annotate(
            f"{value:,.4g}", (value, row), xytext=(6, -3), textcoords="offset points", fontsize=8
        )
    figure.savefig(path, dpi=110)
    plt.close(figure)


def main() -> None:
    from bench import accuracy, batch, detection, expectation, forecast, functions, ledger
    from bench.http import load, walls

    lines = [
        "# The last published run",
        "",
        "Ratios travel to another machine, absolutes do not.",
        "",
    ]
    for name, title, room in (
        ("forecast", "One forecast", forecast),
        ("batch", "Many forecasts", batch),
        ("http", "Over HTTP", load),
        ("walls", "What walls and limits cost over HTTP", walls),
        ("functions", "Hot functions", functions),
        ("ledger", "A ledger of a million", ledger),
    ):
        answer = read(name)
        if answer is None:
            continue
        lines += [f"## {title}", "", f"{answer['machine']}; {answer['users']:,} seeded users.", ""]
        lines += room.table(answer)
        for part, unit, spreads in room.pictures(answer):
            bars(RESULTS / f"{part}.png", title, unit, spreads)
            lines += ["", f"![{title}]({part}.png)"]
        lines.append("")
    for name, title, table in (
        ("expectation", "One expectation", expectation.table),
        ("accuracy", "What is expected, against a real bank", accuracy.table),
        ("detection", "What comes again", detection.table),
    ):
        answer = read(name)
        if answer is not None:
            lines += [f"## {title}", "", f"{answer['machine']}.", "", *table(answer), ""]
    lines += [
        "## Storage",
        "",
        "[storage.md](storage.md): the ledger in five shapes, 10 million rows.",
        "",
        "## Files of a bank",
        "",
        "[imports.md](imports.md): 100,000 rows, staged, booked, and read again, beside COPY.",
        "",
    ]
    (RESULTS / "README.md").write_text("\n".join(lines))
    print(RESULTS / "README.md")


if __name__ == "__main__":
    main()
