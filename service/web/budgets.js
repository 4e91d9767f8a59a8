// The room of budgets: the one that holds today first, its envelopes with bars, and the way to a first one.

import { byId, make } from "./dom.js";
import { budgetForm, firstBudget, giveEnvelope } from "./budget-edit.js";
import { envelopesOf, summaryTop, unallocatedOf } from "./budget-view.js";
import { known, onChanged } from "./known.js";
import { say, warn } from "./notes.js";
import { every, get, post, sentence } from "./talk.js";

/** The room; `open()` shows it, reading again what changed. */
export function budgetsRoom() {
    const host = byId("budget-body");
    let budgets = [];
    let shown = null; // Key of the budget in sight; null is the one of today.
    let isOld = true;
    let asks = 0;

    onChanged(() => {
        isOld = true;
    });

    function trouble(problem) {
        const again = make("button", { type: "button", class: "plain" }, "Try again");
        again.addEventListener("click", read);
        host.replaceChildren(make("div", { class: "sheet nothing" }, make("strong", {}, problem.title ?? "This page has a fault"),
            problem.message, make("div", {}, again)));
    }

    /** Reads the list and the summary; an older answer is dropped. */
    async function read() {
        asks += 1;
        const mine = asks;
        try {
            budgets = await every("/budgets");
            const active = budgets.find((one) => one.starts_on <= known.today && one.ends_on >= known.today);
            const wanted = budgets.find((one) => one.id === shown) ?? active ?? budgets[0];
            const summary = wanted ? await get(`/budgets/${wanted.id}/summary`) : null;
            if (mine !== asks) return;
            isOld = false;
            shown = wanted?.id ?? null;
            if (summary === null) showFirst();
            else show(summary);
        } catch (problem) {
            if (mine === asks) trouble(problem);
        }
    }

    function showFirst() {
        byId("budget-edit").hidden = true;
        const start = make("button", { type: "button", class: "primary" }, "Make a budget");
        start.addEventListener("click", () => firstBudget(read));
        host.replaceChildren(make("div", { class: "sheet nothing" },
            make("strong", {}, "No budget yet"),
            "A budget says what each kind of spending may cost in a month. Your recurring bills can fill it to begin with.",
            make("div", {}, start)));
    }

    async function goOn(budget) {
        try {
            const next = await post(`/budgets/${budget.id}/next`);
            shown = next.budget.id;
            await read();
            if (next.is_new) say("The next period is there, with the same envelopes.");
        } catch (problem) {
            warn(sentence(problem));
        }
    }

    function top(summary) {
        const { budget } = summary;
        const at = budgets.findIndex((one) => one.id === budget.id);
        const pick = make("select", { id: "budget-pick", "aria-label": "Period" }, ...budgets.map((one) =>
            make("option", { value: one.id }, `${one.name}, ${known.days.dated(one.starts_on)} to ${known.days.dated(one.ends_on)}`)));
        pick.value = budget.id;
        pick.addEventListener("change", () => {
            shown = Number(pick.value);
            read();
        });
        const isLast = !budgets.some((one) => one.starts_on > budget.ends_on);
        const next = make("button", { type: "button", class: "plain" }, isLast ? "Begin the next period" : "Next period");
        next.addEventListener("click", () => goOn(budget));
        const give = make("button", { type: "button", class: "primary" }, "Add an envelope");
        give.addEventListener("click", () => giveEnvelope(summary, read));
        return make("div", { class: "budget-top" }, at >= 0 ? pick : null, next, give);
    }

    function show(summary) {
        byId("budget-edit").hidden = false;
        byId("budget-edit").onclick = () => budgetForm(summary.budget, (dropped) => {
            if (dropped) shown = null;
            read();
        });
        host.replaceChildren(
            top(summary),
            summaryTop(summary),
            envelopesOf(summary, read),
            unallocatedOf(summary, read));
    }

    return {
        open() {
            if (!isOld) return;
            if (host.childElementCount === 0) host.replaceChildren(make("div", { class: "bone bone-strip" }), make("div", { class: "bone bone-chart" }));
            read();
        },
        forget() {
            asks += 1;
            [budgets, shown, isOld] = [[], null, true];
            host.replaceChildren();
        },
    };
}
