// What every room needs to know: who it is, their accounts and categories, and how they write
// money and days. Read once; whoever changes it says so.

import { daysIn } from "./dates.js";
import { moneyIn } from "./money.js";
import { every } from "./talk.js";

export const known = { user: null, accounts: [], categories: [], today: "", days: null, isComplete: false };
const writers = new Map();
const listeners = [];

/** Today where this person is, as ISO text. */
function todayIn(timezone) {
    const options = { year: "numeric", month: "2-digit", day: "2-digit" };
    try {
        return new Intl.DateTimeFormat("en-CA", { timeZone: timezone, ...options }).format(new Date());
    } catch {
        return new Intl.DateTimeFormat("en-CA", options).format(new Date());
    }
}

/** Takes in who it is, before anything is shown. */
export function meet(user, accounts) {
    writers.clear();
    const locale = user.locale || navigator.language;
    Object.assign(known, { user, accounts, locale, today: todayIn(user.timezone), days: daysIn(locale) });
}

/** Reads accounts and categories again. */
export async function refreshKnown() {
    const [accounts, categories] = await Promise.all([every("/accounts"), every("/categories")]);
    Object.assign(known, { accounts, categories, isComplete: true });
}

/** Forgets everything, with the session. */
export function forgetKnown() {
    writers.clear();
    Object.assign(known, { user: null, accounts: [], categories: [], today: "", days: null, isComplete: false });
}

/** Writers of money in a currency, that of the person unless named. */
export function moneyOf(currency = known.user.currency) {
    if (!writers.has(currency)) writers.set(currency, moneyIn(known.locale, currency));
    return writers.get(currency);
}

export const accountOf = (id) => known.accounts.find((one) => one.id === id);

/** Writers of money in the currency of an account. */
export const moneyOn = (accountId) => moneyOf(accountOf(accountId)?.currency);

/** Category and subcategory of a subcategory's id as `Food · Groceries`, or null. */
export function categoryWords(id) {
    for (const category of known.categories) {
        const found = category.subcategories.find((one) => one.id === id);
        if (found) return `${category.name} · ${found.name}`;
    }
    return null;
}

/** `callback()` is called when bookings, accounts or rules changed: what was computed of them is old. */
export function onChanged(callback) {
    listeners.push(callback);
}

export function changed() {
    for (const listener of listeners) listener();
}
