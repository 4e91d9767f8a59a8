// The same plan as tables: by month, and by day for those who do not use the chart.

import { byId, make, tone } from "./dom.js";
import { busyDays, itemsOf, monthsOf } from "./plan.js";

function head(...titles) {
    return make("thead", {}, make("tr", {},
        ...titles.map((title, index) => make("th", { scope: "col", class: index > 0 ? "number" : null }, title))));
}

function money(words, shade = "") {
    return make("td", { class: `number ${shade}` }, words);
}

/** One row per month: in, out, lowest and last balance. */
export function showMonths(plan, view, count, { money: writer, days }) {
    const rows = monthsOf(plan, view, count).map((row) => make("tr", {},
        make("th", { scope: "row" }, days.monthAndYear(`${row.month}-01`)),
        money(writer.full(row.income)),
        money(writer.full(row.expenses)),
        money(writer.full(row.lowest), row.lowest < 0 ? "out" : ""),
        money(writer.full(row.closing), row.closing < 0 ? "out" : "")));
    byId("months").replaceChildren(
        make("caption", { class: "sr-only" }, "Income, spending and balance by month"),
        head("Month", "In", "Out", "Lowest", "End"),
        make("tbody", {}, ...rows));
}

/** One row per day that has items, with what they are. */
export function showDays(plan, view, count, { money: writer, days }) {
    const rows = busyDays(plan, view, count).map((index) => make("tr", {},
        make("th", { scope: "row" }, days.dated(plan.dates[index])),
        make("td", {}, itemsOf(plan, view, index).map((item) =>
            `${item.name} ${writer.signed(item.moved || item.amount)}${item.reason === "overdue" ? " (overdue)" : ""}`).join(", ")),
        money(writer.full(view.income[index]), tone(view.income[index])),
        money(writer.full(view.expenses[index]), tone(view.expenses[index])),
        money(writer.full(view.closing[index]), view.closing[index] < 0 ? "out" : "")));
    const heads = head("Day", "Items", "In", "Out", "Balance");
    heads.querySelectorAll("th")[1].removeAttribute("class");
    byId("days").replaceChildren(
        make("caption", { class: "sr-only" }, "Days with items"), heads, make("tbody", {}, ...rows));
}
