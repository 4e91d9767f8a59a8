// The same plan as tables: by month, and by day for those who do not use the chart.

import { DAY_MS, instant } from "./dates.js";
import { alarm, byId, make, tone } from "./dom.js";
import { busyDays, itemsOf, monthsOf } from "./plan.js";

function head(...titles) {
    return make("thead", {}, make("tr", {},
        ...titles.map((title, index) => make("th", { scope: "col", class: index > 0 ? "number" : null }, title))));
}

function money(words, shade = "") {
    return make("td", { class: `number ${shade}` }, words);
}

/** An amount that drops its decimals where a phone has no room for them. */
function brief(amount, writer, shade = "") {
    return make("td", { class: `number ${shade}` },
        make("span", { class: "roomy" }, writer.full(amount)),
        make("span", { class: "tight" }, writer.whole(amount)));
}

/** The month, and in a second line which part of it the plan covers, if not all. */
function monthHead(plan, row, days) {
    const [first, last] = [plan.dates[row.first], plan.dates[row.last]];
    const next = new Date(instant(last) + DAY_MS).toISOString();
    const part = first.endsWith("-01") ? "" : `from ${days.short(first)}`;
    const rest = next.slice(8, 10) === "01" ? "" : `to ${days.short(last)}`;
    return make("th", { scope: "row" }, days.monthYear(`${row.month}-01`),
        part || rest ? make("span", { class: "hint part" }, [part, rest].filter(Boolean).join(" ")) : null);
}

/** One row per month: in, out, lowest and last balance. */
export function showMonths(plan, view, count, { money: writer, days }) {
    const rows = monthsOf(plan, view, count).map((row) => make("tr", {},
        monthHead(plan, row, days),
        brief(row.income, writer),
        brief(row.expenses, writer),
        brief(row.lowest, writer, alarm(row.lowest)),
        brief(row.closing, writer, alarm(row.closing))));
    byId("months").replaceChildren(
        make("caption", { class: "sr-only" }, "Income, spending and balance by month"),
        head("Month", "In", "Out", "Lowest", "End"),
        make("tbody", {}, ...rows));
}

/** One row per day that has items, with what they are. */
export function showDays(plan, view, count, { money: writer, days }) {
    const rows = busyDays(view, count).map((index) => make("tr", {},
        make("th", { scope: "row" }, days.dated(plan.dates[index])),
        make("td", {}, itemsOf(view, index).map((item) =>
            `${item.name} ${writer.signed(item.moved || item.amount)}${item.reason === "overdue" ? " (overdue)" : ""}`).join(", ")),
        money(view.income[index] ? writer.full(view.income[index]) : "–", tone(view.income[index])),
        money(view.expenses[index] ? writer.full(view.expenses[index]) : "–"),
        money(writer.full(view.closing[index]), alarm(view.closing[index]))));
    const heads = head("Day", "Items", "In", "Out", "Balance");
    heads.querySelectorAll("th")[1].removeAttribute("class");
    byId("days").replaceChildren(
        make("caption", { class: "sr-only" }, "Days with items"), heads, make("tbody", {}, ...rows));
}
