// The first steps of somebody new: an account, then what comes and goes regularly.

import { ask } from "./api.js";
import { byId, make } from "./dom.js";
import { onSubmit } from "./forms.js";
import { isAmount, plain } from "./money.js";
import * as session from "./session.js";

const ME = "/api/v2/users/me";
const FREQUENCIES = ["monthly", "weekly", "biweekly", "semimonthly", "quarterly", "yearly", "once"];

const number = (text) => Number(plain(text));

/** Wires both forms; `added()` is called after each thing that was added. */
export function firstSteps(added) {
    byId("item-frequency").replaceChildren(...FREQUENCIES.map((one) => make("option", { value: one }, one)));
    onSubmit(byId("account-form"), ({ name, balance }) => {
        if (!name) return ["name", "Give the account a name."];
        return isAmount(balance) ? null : ["balance", "Type the balance as a number, such as 1200.50."];
    }, async ({ name, balance }) => {
        await ask("POST", `${ME}/accounts`, { name, opening_balance: number(balance) }, session.credentials());
        byId("account-form").reset();
        await added();
    });
    onSubmit(byId("item-form"), ({ name, amount, anchor_on: day }) => {
        if (!name) return ["name", "Give it a name, such as Salary or Rent."];
        if (!isAmount(amount) || number(amount) === 0) return ["amount", "Type the amount as a number, such as 950."];
        return day ? null : ["anchor_on", "Choose the day of the next one."];
    }, async ({ kind, name, amount, frequency, anchor_on: day }) => {
        const size = Math.abs(number(amount));
        await ask("POST", `${ME}/recurring-items`, {
            kind, name, frequency, anchor_on: day,
            amount: kind === "expense" ? -size : size,
            account_id: Number(byId("item-form").dataset.account),
        }, session.credentials());
        byId("item-form").reset();
        await added();
    });
}

/** Says on which account items begin, and from which day; the form stands where it is looked for. */
export function prepareItems(accountId, today, isFirst) {
    byId("no-items").hidden = !isFirst;
    byId("more-items").hidden = isFirst;
    byId(isFirst ? "no-items" : "more-items").append(byId("item-form"));
    byId("item-form").dataset.account = accountId;
    if (!byId("item-day").value) byId("item-day").value = today;
}
