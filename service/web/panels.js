// Everything around the chart: cards, the chosen day, what is overdue and what comes next.

import { daysBetween } from "./dates.js";
import { alarm, byId, make, tone } from "./dom.js";
import { busyDays, itemsOf } from "./plan.js";
import { placeWords, reasonWords, statusWords } from "./words.js";

const UPCOMING_DAYS = 60;
const UPCOMING_ITEMS = 9;

/** One item with its words; `when` is an optional first line. */
function itemRow(item, { money, days }) {
    const amount = item.moved === 0
        ? make("span", { class: "amount" }, money.full(Math.abs(item.amount)))
        : make("span", { class: `amount ${tone(item.moved)}` }, money.signed(item.moved));
    const reason = reasonWords(item, days);
    return make("li", { class: "item" },
        make("span", { class: "item-words" },
            make("span", { class: "item-name" }, item.name),
            make("span", { class: "hint" }, [item.rule, placeWords(item)].filter(Boolean).join("\u00a0· ")),
            reason ? make("span", { class: item.reason === "overdue" ? "flagged" : "reason" }, reason) : null),
        amount);
}

function card(title, value, note, { shade = "", index = -1, onPick } = {}) {
    const noted = index < 0
        ? make("span", { class: "hint" }, note)
        : make("button", { class: "jump", type: "button", "aria-label": `${title}: ${note}, show this day` }, note);
    if (index >= 0) noted.addEventListener("click", () => onPick(index));
    return make("li", { class: "card" },
        make("span", { class: "card-title" }, title),
        make("span", { class: `card-value ${shade}` }, value),
        noted);
}

/** The five numbers under the headline; a date among them moves the cursor there. */
export function showCards(plan, view, part, { money, days }, onPick) {
    const on = (index) => days.dated(plan.dates[index]);
    const low = part.closing[part.lowest];
    const income = view.id ? part.nextIncome : plan.dates.indexOf(plan.nextIncomeOn ?? "");
    const cards = [
        card("Balance now", money.full(view.opening), `on ${days.dated(plan.asOf)}`, { shade: alarm(view.opening) }),
        card("Lowest scheduled", money.full(low), on(part.lowest), { shade: alarm(low), index: part.lowest, onPick }),
        part.firstNegative < 0
            ? card("Scheduled below zero", "None", "in this time")
            : card("Scheduled below zero", days.short(plan.dates[part.firstNegative]),
                days.away(plan.asOf, plan.dates[part.firstNegative]), { shade: "out", index: part.firstNegative, onPick }),
        card("Safe to spend", money.full(plan.safeToSpend),
            plan.reserve > 0 ? `until income, keeping ${money.axis(plan.reserve)}` : "until the next income"),
        income < 0
            ? card("Next income", "None", "is scheduled")
            : card("Next income", days.short(plan.dates[income]), days.away(plan.asOf, plan.dates[income]),
                income < part.closing.length ? { index: income, onPick } : {}),
    ];
    if (view.id) cards.splice(3, 1);
    byId("cards").replaceChildren(...cards);
}

/** The chosen day: its items with amounts, what came in and went out, and what is left. */
export function showDay(plan, view, index, writers) {
    const { money, days } = writers;
    const day = plan.dates[index];
    const closing = view.closing[index];
    byId("day-when").textContent = days.away(plan.asOf, day);
    byId("day-title").textContent = days.long(day);
    byId("day-closing").textContent = money.full(closing);
    byId("day-closing").className = alarm(closing);
    const status = view.status ? view.status[index] : closing < 0 ? "danger" : "";
    byId("day-status").textContent = statusWords(status, closing, plan, money);
    byId("day-status").dataset.status = status;
    const items = itemsOf(view, index);
    byId("day-items").replaceChildren(...(items.length > 0
        ? items.map((item) => itemRow(item, writers))
        : [make("li", { class: "item hint" }, "Nothing is scheduled on this day.")]));
    byId("day-income").textContent = money.signed(view.income[index]);
    byId("day-expenses").textContent = money.signed(view.expenses[index]);
}

/** The same day as one sentence, for a voice. */
export function dayWords(plan, view, index, { money, days }) {
    const items = itemsOf(view, index)
        .map((item) => `${item.name} ${money.signed(item.moved || item.amount)}${item.reason === "overdue" ? ", overdue" : ""}`);
    const list = items.length > 0 ? items.join("; ") : "nothing scheduled";
    return `${days.long(plan.dates[index])}: ${list}. Closing balance ${money.full(view.closing[index])}.`;
}

/** Overdue items apart, because they ask for an action; hidden when there are none. */
export function showOverdue(plan, view, writers) {
    const late = itemsOf(view, 0).filter((item) => item.reason === "overdue");
    byId("overdue").hidden = late.length === 0;
    byId("overdue-items").replaceChildren(...late.map((item) => itemRow(item, writers)));
}

/** The next items after today, grouped by day. */
export function showUpcoming(plan, view, writers) {
    const { days } = writers;
    const groups = [];
    let shown = 0;
    for (const index of busyDays(view, Math.min(UPCOMING_DAYS, plan.dates.length))) {
        const items = itemsOf(view, index).filter((item) => item.reason !== "overdue");
        if (items.length === 0 || shown >= UPCOMING_ITEMS) continue;
        shown += items.length;
        const day = plan.dates[index];
        const near = daysBetween(plan.asOf, day) < 14 ? days.away(plan.asOf, day) : "";
        groups.push(make("li", { class: "group" },
            make("h3", { class: "group-day" }, days.medium(day), " ", near ? make("span", { class: "hint" }, near) : null),
            make("ul", { class: "items" }, ...items.map((item) => itemRow(item, writers)))));
    }
    if (groups.length === 0) {
        groups.push(make("li", { class: "hint" }, `Nothing is scheduled in the next ${UPCOMING_DAYS} days.`));
    }
    byId("upcoming").replaceChildren(...groups);
}
