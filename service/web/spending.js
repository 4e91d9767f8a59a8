// Spending by category of one month against the month before, as small bars.

import { bar } from "./bars.js";
import { DAY_MS, instant } from "./dates.js";
import { byId, make } from "./dom.js";
import { known, moneyOf } from "./known.js";
import { cents } from "./money.js";
import { get, sentence } from "./talk.js";

/** The first day of the month `away` months from the one of a day. */
function monthOf(day, away) {
    const [year, month] = day.split("-").map(Number);
    return new Date(Date.UTC(year, month - 1 + away, 1)).toISOString().slice(0, 10);
}

const dayBefore = (day) => new Date(instant(day) - DAY_MS).toISOString().slice(0, 10);

/** The words of a change, because a colour says nothing. */
function changeWords(now, before, money) {
    if (before === 0) return "nothing the month before";
    if (now === before) return "as much as the month before";
    return `${money.full(Math.abs(now - before))} ${now > before ? "more" : "less"} than the month before (${money.full(before)})`;
}

/** What a group cost the month before, less what came back. */
const costOf = (one) => cents(one.earlier_spent ?? 0) - cents(one.earlier_received ?? 0);

/** The box; `show()` reads the month again while it is open. */
export function spendingBox() {
    const box = byId("spending-box");
    const body = byId("spending-body");
    let away = 0;
    let asks = 0;

    function steps(month) {
        const step = (words, by, label) => {
            const made = make("button", { type: "button", class: "quiet", "aria-label": label }, words);
            made.disabled = by > 0 && away >= 0;
            made.addEventListener("click", () => {
                away += by;
                show();
            });
            return made;
        };
        return make("div", { class: "spend-top" }, step("← Earlier", -1, "The month before"),
            make("strong", {}, known.days.monthYear(month)), step("Later →", 1, "The month after"));
    }

    function rowOf({ name, now, before }, most, money) {
        return make("li", { class: "spend-row" },
            make("span", {}, name ?? "No category"),
            make("span", { class: "booking-amount" }, money.full(Math.max(now, 0))),
            bar(most > 0 ? now / most : 0, { tone: "small", pace: most > 0 ? before / most : null }),
            make("span", { class: "hint" }, changeWords(now, before, money)));
    }

    async function show() {
        if (!box.open) return;
        asks += 1;
        const mine = asks;
        const month = monthOf(known.today, away);
        try {
            const found = await get(`/spending?from=${month}&to=${dayBefore(monthOf(month, 1))}&by=category&limit=200`);
            if (mine !== asks) return;
            const money = moneyOf(found.currency);
            const rows = found.items.map((one) => ({ name: one.name, now: -cents(one.net), before: costOf(one) }))
                .filter(({ now, before }) => now > 0 || before > 0)
                .sort((one, other) => other.now - one.now);
            const most = Math.max(...rows.map((one) => Math.max(one.now, one.before)), 0);
            body.replaceChildren(steps(month), rows.length === 0
                ? make("p", { class: "nothing" }, "Nothing was spent in this month.")
                : make("ul", {}, ...rows.map((one) => rowOf(one, most, money))),
            rows.length === 0 ? "" : make("p", { class: "hint" }, "The upright mark in a bar is the month before."),
            ...found.other_currencies.map((one) => make("p", { class: "hint" },
                `In ${one.currency}: ${moneyOf(one.currency).full(cents(one.spent))} spent.`)));
        } catch (problem) {
            if (mine === asks) body.replaceChildren(steps(month), make("p", { class: "nothing", role: "alert" }, sentence(problem)));
        }
    }

    box.addEventListener("toggle", show);
    return {
        show,
        forget() {
            asks += 1;
            away = 0;
            box.open = false;
            body.replaceChildren();
        },
    };
}
