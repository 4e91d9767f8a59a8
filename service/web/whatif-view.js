// A comparison on the page: both lines, both lowest points, and what the thought changes.

import { make } from "./dom.js";
import { node } from "./line.js";
import { cents } from "./money.js";
import { stepPath } from "./scale.js";

const WIDTH = 720;
const HEIGHT = 180;

/** Two lines over one another, without words: the table below says the numbers. */
function picture(baseline, scenario) {
    const all = [...baseline, ...scenario, 0];
    const [low, high] = [Math.min(...all), Math.max(...all, 1)];
    const x = (index) => Math.round((index / baseline.length) * WIDTH * 10) / 10;
    const y = (amount) => Math.round((6 + ((high - amount) / (high - low)) * (HEIGHT - 12)) * 10) / 10;
    const root = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    root.setAttribute("viewBox", `0 0 ${WIDTH} ${HEIGHT}`);
    root.setAttribute("class", "compared");
    root.setAttribute("aria-hidden", "true");
    node(root, "line", { class: "zero", x1: 0, x2: WIDTH, y1: y(0), y2: y(0) });
    node(root, "path", { class: "baseline", d: stepPath(baseline, x, y) });
    node(root, "path", { class: "scenario", d: stepPath(scenario, x, y) });
    return root;
}

function line(title, values, difference) {
    return make("tr", {}, make("th", { scope: "row" }, title),
        ...values.map((value) => make("td", { class: "number" }, value)), make("td", { class: "number" }, difference));
}

/** The comparison in one sentence, for a voice as for everybody. */
export function comparedWords({ baseline, scenario, difference }, days, money) {
    const moved = cents(difference.lowest_balance);
    const low = `${money.full(cents(scenario.lowest_balance))} on ${days.dated(scenario.lowest_on)}`;
    const ends = baseline.first_negative_on === scenario.first_negative_on ? ""
        : scenario.first_negative_on === null ? " It would no longer go below zero."
            : ` It would go below zero on ${days.dated(scenario.first_negative_on)}.`;
    if (moved === 0) return `The lowest point would stay at ${low}.${ends}`;
    return `The lowest point would be ${low}, ${money.full(Math.abs(moved))} ${moved > 0 ? "higher" : "lower"} than planned.${ends}`;
}

/** Fills `host` with what the service compared. */
export function showCompared(host, answer, days, money) {
    const { baseline, scenario, difference, columns } = answer;
    const amount = (value) => money.full(cents(value));
    const change = (value) => money.signed(cents(value));
    host.replaceChildren(
        make("p", { class: "compared-words", role: "status" }, comparedWords(answer, days, money)),
        picture(columns.baseline.map(cents), columns.scenario.map(cents)),
        make("p", { class: "legend" }, make("span", { class: "legend-plan" }, "As planned"), make("span", {}, "What if")),
        make("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "Planned and what if, compared" },
            make("table", { class: "compare" },
                make("thead", {}, make("tr", {}, make("td", {}),
                    ...["As planned", "What if", "Difference"].map((words) => make("th", { scope: "col", class: "number" }, words)))),
                make("tbody", {},
                    line("Lowest point", [amount(baseline.lowest_balance), amount(scenario.lowest_balance)], change(difference.lowest_balance)),
                    line("on", [days.dated(baseline.lowest_on), days.dated(scenario.lowest_on)], ""),
                    line("After a year", [amount(baseline.ending_balance), amount(scenario.ending_balance)], change(difference.ending_balance))))),
    );
}
