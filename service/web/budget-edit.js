// Writing budgets: a first one from recurring items, an envelope, its amount in place, the period.

import { byId, make } from "./dom.js";
import { categoryOptions, choice, field, input, keyOf, openSheet, tick } from "./fields.js";
import { known, moneyOf } from "./known.js";
import { cents, decimal, isAmount, plain } from "./money.js";
import { confirmed, say, warn } from "./notes.js";
import { drop, every, patch, post, sentence } from "./talk.js";

const KINDS = [["monthly", "Month"], ["quarterly", "Quarter"], ["yearly", "Year"], ["custom", "Other days"]];
const CARRY = [
    ["left", "What is left"], ["both", "What is left or overspent"], ["overspent", "What is overspent"], ["none", "Nothing"],
];

/** The first budget: its period, and the recurring items that fill it. */
export function firstBudget(done) {
    const first = `${known.today.slice(0, 7)}-01`;
    const ends = field("Last day", input("ends_on", "", { type: "date" }), { hint: "only for other days" });
    const form = openSheet("Make a budget", [
        field("Name", input("name", "Household", { maxlength: 200, required: "" }), { wide: true }),
        field("Length", choice("kind", KINDS, "monthly")),
        field("First day", input("starts_on", first, { type: "date", required: "" })),
        field("Goes on to the next period", choice("carry_rule", CARRY, "left")),
        field("Currency", input("currency", known.user.currency, { maxlength: 3 })),
        tick("Fill it from my recurring bills and income", "copies", true),
    ], {
        act: "Make it",
        check(values) {
            if (!values.name) return ["name", "Give the budget a name."];
            if (!values.starts_on) return ["starts_on", "Choose the first day."];
            return values.kind === "custom" && !values.ends_on ? ["ends_on", "Choose the last day."] : null;
        },
        async send(values) {
            const periods = await every("/budget-periods");
            const alike = periods.find((one) => one.is_active && one.kind === values.kind && one.starts_on === values.starts_on
                && (values.kind !== "custom" || one.ends_on === values.ends_on));
            const period = alike ?? await post("/budget-periods", {
                kind: values.kind, starts_on: values.starts_on, ...(values.kind === "custom" ? { ends_on: values.ends_on } : {}),
            });
            let budget;
            try {
                budget = await post("/budgets", {
                    budget_period_id: period.id, name: values.name, carry_rule: values.carry_rule, currency: values.currency.toUpperCase(),
                });
            } catch (problem) {
                if (!alike) await drop(`/budget-periods/${period.id}`, period.version).catch(() => {}); // Nothing half made stays.
                throw problem;
            }
            const copied = values.copies ? await post(`/budgets/${budget.id}/copy-recurring`) : null;
            await done();
            say(copied === null ? "The budget is there." : `The budget is there, with ${copied.copied_count} of your recurring items.`);
        },
    });
    form.elements.kind.addEventListener("change", (event) => {
        ends.hidden = event.target.value !== "custom";
    });
    form.elements.starts_on.closest(".field").after(ends);
    ends.hidden = true;
}

/** An envelope for a subcategory; `beside` is one that was spent on without. */
export function giveEnvelope(summary, done, beside = null) {
    const given = new Set(summary.envelopes.map((one) => one.subcategory_id));
    const box = choice("subcategory_id", categoryOptions([["", "Choose a category"]]), beside?.subcategory_id ?? "");
    for (const one of box.querySelectorAll("option")) one.disabled = given.has(keyOf(one.value));
    openSheet("Add an envelope", [
        field("Category", box, { wide: true }),
        field("Amount", input("amount", beside ? decimal(cents(beside.spent)) : "", { inputmode: "decimal", required: "" })),
        tick("Fixed: a bill, not something to pace", "is_recurring"),
    ], {
        act: "Add it",
        check(values) {
            if (!values.subcategory_id) return ["subcategory_id", "Choose a category."];
            return isAmount(values.amount) && cents(plain(values.amount)) >= 0 ? null : ["amount", "Type the amount as a number, such as 300."];
        },
        async send({ subcategory_id: subcategory, amount, is_recurring: isRecurring }) {
            await post(`/budgets/${summary.budget.id}/allocations`, {
                subcategory_id: Number(subcategory), amount: Number(plain(amount)), is_recurring: isRecurring,
            });
            await done();
            say("The envelope is there.");
        },
    });
}

/** What an envelope is given, to type over: Enter keeps it, Escape takes it back. */
export function amountCell(one, summary, again) {
    const money = moneyOf(summary.budget.currency);
    const list = `/budgets/${summary.budget.id}/allocations`;
    const before = decimal(cents(one.allocated));
    const box = input("", before, { inputmode: "decimal", class: "envelope-amount", "aria-label": `Given to ${one.subcategory}` });
    let isDone = true;

    async function set(amount, back) {
        const stands = (await every(list)).find((other) => other.id === one.allocation_id);
        if (!stands) throw new Error("This envelope is no longer there.");
        if (decimal(cents(stands.amount)) !== (back ? decimal(cents(box.dataset.set)) : before)) {
            await again();
            throw new Error("It was changed elsewhere meanwhile, and is shown as it stands now.");
        }
        await patch(`${list}/${one.allocation_id}`, { amount: Number(amount) }, stands.version);
        box.dataset.set = amount;
        await again();
        say(`${one.subcategory}: ${money.full(cents(amount))}${back ? " again" : ""}.`, back ? null : () =>
            set(before, true).catch((problem) => warn(sentence(problem))));
    }

    async function keep() {
        if (isDone) return;
        isDone = true;
        const typed = plain(box.value.trim());
        if (!isAmount(typed) || cents(typed) < 0) {
            box.value = before;
            warn(`${one.subcategory} keeps ${money.full(cents(before))}: type an amount of zero or more.`);
            return;
        }
        if (cents(typed) === cents(before)) return;
        try {
            await set(typed, false);
        } catch (problem) {
            box.value = before;
            warn(`${one.subcategory} keeps ${money.full(cents(before))}. ${sentence(problem)}`);
        }
    }

    box.addEventListener("focus", () => box.select());
    box.addEventListener("input", () => {
        isDone = false;
    });
    box.addEventListener("blur", keep);
    box.addEventListener("keydown", (event) => {
        if (event.key === "Enter") keep();
        if (event.key !== "Escape") return;
        isDone = true;
        box.value = before;
        box.blur();
    });
    return make("span", { class: "envelope-given" }, make("span", { class: "hint" }, "of"), box);
}

/** The budget itself: name and what is carried on, or dropped with its envelopes; `done(isDropped)`. */
export function budgetForm(budget, done) {
    openSheet(`“${budget.name}”`, [
        field("Name", input("name", budget.name, { maxlength: 200, required: "" }), { wide: true }),
        field("Goes on to the next period", choice("carry_rule", CARRY, budget.carry_rule), { wide: true }),
    ], {
        act: "Keep changes",
        check: ({ name }) => (name ? null : ["name", "Give the budget a name."]),
        async send({ name, carry_rule: rule }) {
            await patch(`/budgets/${budget.id}`, { name, carry_rule: rule }, budget.version);
            await done(false);
        },
        more: {
            words: "Drop …",
            async act() {
                const isMeant = await confirmed(`Drop the budget “${budget.name}”?`,
                    "Its envelopes go with it. What was booked stays as it is.", "Drop it");
                if (!isMeant) return;
                await drop(`/budgets/${budget.id}`, budget.version);
                byId("sheet").close();
                await done(true);
                say(`Dropped “${budget.name}”.`);
            },
        },
    });
}
