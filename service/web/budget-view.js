// A budget as it stands: what is left to give, envelopes with bars and words, and what has no envelope.

import { bar } from "./bars.js";
import { amountCell, giveEnvelope } from "./budget-edit.js";
import { make } from "./dom.js";
import { known, moneyOf } from "./known.js";
import { cents } from "./money.js";

const pct = (value) => `${new Intl.NumberFormat(known.locale, { maximumFractionDigits: 0 }).format(value)} %`;

/** What the state of an envelope is called; the colour only repeats it. */
function stateWords(one, money) {
    const left = cents(one.remaining);
    if (one.status === "over") return `Over by ${money.full(-left)}`;
    const rest = `${money.full(left)} left`;
    if (one.status === "ahead") return `${rest}, but going too fast: ${money.full(cents(one.projected))} at this pace`;
    return rest;
}

function detailWords(one, money) {
    return [
        `${money.full(cents(one.spent))} spent`,
        one.percent === null ? "" : pct(one.percent),
        cents(one.carried) === 0 ? "" : `${money.signed(cents(one.carried))} brought along`,
        cents(one.pending) === 0 ? "" : `${money.full(Math.abs(cents(one.pending)))} of it pending`,
        cents(one.due ?? 0) === 0 ? "" : `${money.full(Math.abs(cents(one.due)))} still due`,
    ].filter(Boolean).join(" · ");
}

function barOf(one, summary) {
    const available = cents(one.available);
    const spent = cents(one.spent);
    const filled = available > 0 ? spent / available : (spent > 0 ? 2 : 0);
    return bar(filled, { pace: one.is_recurring ? null : summary.elapsed_days / summary.days, tone: one.status });
}

function card(title, value, note, shade = "") {
    return make("li", { class: "card" }, make("span", { class: "card-title" }, title),
        make("span", { class: `card-value ${shade}` }, value), make("span", { class: "hint" }, note));
}

/** Left to budget, allocated, spent and left, with the bar of all envelopes together. */
export function summaryTop(summary) {
    const { totals, income, budget } = summary;
    const money = moneyOf(budget.currency);
    const left = cents(income.left_to_budget);
    const { days } = known;
    const isNow = summary.elapsed_days > 0 && summary.elapsed_days <= summary.days && budget.ends_on >= known.today;
    const when = isNow ? `day ${summary.elapsed_days} of ${summary.days}`
        : budget.starts_on > known.today ? `begins ${days.away(known.today, budget.starts_on)}` : "over";
    return make("section", { class: "sheet budget-sum", "aria-labelledby": "budget-name" },
        make("h2", { id: "budget-name" }, budget.name, " ", make("span", { class: "hint" },
            `${days.dated(budget.starts_on)} to ${days.dated(budget.ends_on)}, ${when}`)),
        make("ul", { class: "cards" },
            card("Left to budget", money.full(left), left < 0 ? "more is given than comes in" : `of ${money.full(cents(income.total))} income`, left < 0 ? "out" : ""),
            card("In envelopes", money.full(cents(totals.available)), cents(totals.carried) === 0 ? "given" : `${money.signed(cents(totals.carried))} brought along`),
            card("Spent", money.full(cents(totals.spent)), totals.percent === null ? "" : `${pct(totals.percent)} of the envelopes`),
            card("Left in envelopes", money.full(cents(totals.remaining)), totals.status === "over" ? "over" : totals.status === "ahead" ? "going too fast" : "on track", cents(totals.remaining) < 0 ? "out" : "")),
        barOf(totals, summary),
        make("p", { class: "hint" }, isNow ? "The upright mark in a bar is today: spending left of it is slower than the days." : ""));
}

function envelopeRow(one, summary, again) {
    const money = moneyOf(summary.budget.currency);
    const { budget } = summary;
    const link = make("a", { class: "envelope-name", href: `#/transactions?subcategory_id=${one.subcategory_id}&from=${budget.starts_on}&to=${budget.ends_on}` },
        one.subcategory);
    return make("li", { class: "envelope" },
        link,
        amountCell(one, summary, again),
        barOf(one, summary),
        make("p", { class: `envelope-state ${one.status}` }, stateWords(one, money)),
        make("p", { class: "hint envelope-detail" }, detailWords(one, money)));
}

/** Envelopes under their categories, in the order of the categories. */
export function envelopesOf(summary, again) {
    const groups = new Map();
    for (const one of summary.envelopes) groups.set(one.category, [...(groups.get(one.category) ?? []), one]);
    if (groups.size === 0) {
        return make("section", { class: "sheet nothing" }, make("strong", {}, "No envelopes yet"),
            "Give a kind of spending its part of the income: “Add an envelope” above.");
    }
    return make("section", { class: "sheet", "aria-label": "Envelopes" }, ...[...groups].map(([category, list]) =>
        make("section", { class: "envelope-group" }, make("h2", {}, category),
            make("ul", {}, ...list.map((one) => envelopeRow(one, summary, again))))));
}

/** What was spent beside the envelopes, each with a way to give it one. */
export function unallocatedOf(summary, again) {
    const money = moneyOf(summary.budget.currency);
    const spent = summary.unallocated.filter((one) => cents(one.spent) > 0);
    if (spent.length === 0) return "";
    return make("section", { class: "sheet", "aria-labelledby": "beside-title" },
        make("h2", { id: "beside-title" }, "Spent without an envelope"),
        make("ul", {}, ...spent.map((one) => {
            const give = make("button", { type: "button", class: "plain" }, "Give it one");
            give.setAttribute("aria-label", `Give ${one.subcategory ?? "it"} an envelope`);
            give.addEventListener("click", () => giveEnvelope(summary, again, one));
            return make("li", { class: "beside-row" },
                make("span", {}, one.subcategory ? `${one.category} · ${one.subcategory}` : "No category"),
                make("span", { class: "booking-amount" }, money.full(cents(one.spent))),
                one.subcategory_id === null ? make("a", { href: "#/transactions" }, "Sort it") : give);
        })));
}
