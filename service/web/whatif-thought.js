// One thought: a change of the plan as it is typed, and what the service calls it.

import { known, moneyOf } from "./known.js";
import { cents, isAmount, plain } from "./money.js";

export const KINDS = [
    ["income", "More income, every month"], ["expense", "A new expense, every month"], ["once", "Something bought once"],
    ["pause", "An income or bill rests"], ["balance", "Another balance to begin with"],
];

/** What a form says as a part of a scenario, as `{part, value, words}`; `items` are those that could rest. */
export function thoughtOf({ kind, name, amount, on_day: day, account_id: account, rested }, items) {
    const size = Math.abs(Number(plain(amount || "0")));
    const money = moneyOf();
    const on = known.days?.dated(day || known.today);
    if (kind === "balance") {
        const value = Number(plain(amount));
        return { part: "balance", value, words: `Begin with ${money.full(cents(value))}` };
    }
    if (kind === "pause") {
        const rule = items.find((one) => String(one.id) === rested);
        return { part: "paused", value: { recurring_item_id: rule.id, from_on: day }, words: `“${rule.name}” rests from ${on}` };
    }
    if (kind === "once") {
        return {
            part: "purchases", value: { name: name || "A purchase", amount: -size, on_day: day, account_id: Number(account) },
            words: `${name || "A purchase"}: ${money.signed(-cents(size))} on ${on}`,
        };
    }
    const signed = kind === "income" ? size : -size;
    const words = name || (kind === "income" ? "More income" : "A new expense");
    return {
        part: "added", words: `${words}: ${money.signed(cents(signed))} every month from ${on}`,
        value: { kind, name: words, amount: signed, account_id: Number(account), frequency: "monthly", anchor_on: day, expected_from: day },
    };
}

/** What need not be asked, as `[field, sentence]`, or null. */
export function faultOf(values) {
    if (values.kind === "pause") return values.rested ? null : ["rested", "There is nothing in your plan that could rest."];
    if (!isAmount(values.amount)) return ["amount", "Type the amount as a number, such as 200."];
    if (values.kind !== "balance" && cents(plain(values.amount)) === 0) return ["amount", "Type an amount above zero."];
    return values.kind !== "balance" && !values.on_day ? ["on_day", "Choose a day."] : null;
}
