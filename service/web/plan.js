// What the page knows: the service's answer in cents, one view per account and one for the total,
// and slices of them. The service has computed every balance; here they are only cut and counted.

import { cents } from "./money.js";

/** `rule` words, dates and cents of one occurrence, as the service explained it. */
function readItem(item, names) {
    return {
        name: item.name,
        kind: item.kind,
        amount: cents(item.amount),
        from: String(item.account_id),
        to: item.to_account_id === null || item.to_account_id === undefined ? null : String(item.to_account_id),
        fromName: names.get(String(item.account_id)) ?? "",
        toName: names.get(String(item.to_account_id)) ?? "",
        rule: item.rule ?? "",
        occurrenceOn: item.occurrence_on,
        reason: item.reason,
    };
}

/** What an item does to the money of these accounts: 0 for a transfer that stays among them. */
export function effect(item, covered) {
    if (item.kind !== "transfer") return covered.has(item.from) ? item.amount : 0;
    return (covered.has(item.to) ? item.amount : 0) - (covered.has(item.from) ? item.amount : 0);
}

/** Items by the index of their day. */
function readItems(forecast, names) {
    const places = new Map(forecast.columns.date.map((day, index) => [day, index]));
    const itemsOn = new Map();
    for (const day of forecast.explain ?? []) {
        const index = places.get(day.date);
        if (index === undefined || day.items.length === 0) continue;
        itemsOn.set(index, day.items.map((item) => readItem(item, names)));
    }
    return itemsOn;
}

/** What will probably happen on each day, in cents and chances; null where the answer has no such columns. */
function readExpected(forecast) {
    const { p10, p50, p90, below_reserve: below } = forecast.columns;
    if (!p50 || !forecast.expectation) return null;
    const { basis, risk_7: week, risk_30: month, risk_90: quarter, reserve } = forecast.expectation;
    return {
        p10: p10.map(cents), p50: p50.map(cents), p90: p90.map(cents), below,
        basis, reserve: cents(reserve), risks: [[7, week], [30, month], [90, quarter]],
    };
}

/** What the service computed as one line: the total, or an account that was asked for alone. */
function wholeView(forecast, covered, itemsOn, { id, name }) {
    const columns = forecast.columns;
    return {
        id,
        name,
        currency: forecast.currency,
        covered,
        itemsOn,
        opening: cents(forecast.initial_balance),
        closing: columns.closing_balance.map(cents),
        income: columns.income.map(cents),
        expenses: columns.expenses.map(cents),
        status: id ? null : columns.balance_status, // Thresholds are of the total.
        expected: readExpected(forecast),
    };
}

function accountView(account, dayCount, itemsOn) {
    const covered = new Set([String(account.account_id)]);
    const income = new Array(dayCount).fill(0);
    const expenses = new Array(dayCount).fill(0);
    for (const [index, items] of itemsOn) {
        for (const item of items) {
            const moved = effect(item, covered);
            if (moved > 0) income[index] += moved;
            else expenses[index] += moved;
        }
    }
    return {
        id: String(account.account_id),
        name: account.name,
        currency: account.currency,
        covered,
        itemsOn,
        opening: cents(account.initial_balance),
        closing: account.closing_balance.map(cents),
        income,
        expenses,
        status: null,
        expected: null, // Only a forecast of the account alone knows it.
    };
}

/** The year as the page uses it; `views` holds the total first, then one per account. */
export function readPlan(user, accounts, forecast) {
    const dates = forecast.columns.date;
    const names = new Map(accounts.map((account) => [String(account.id), account.name]));
    for (const account of forecast.accounts ?? []) names.set(String(account.account_id), account.name);
    const itemsOn = readItems(forecast, names);
    const left = new Set((forecast.excluded_accounts ?? []).map(String));
    const counted = (forecast.accounts ?? []).filter((account) => !left.has(String(account.account_id)));
    const covered = new Set(counted.map((account) => String(account.account_id)));
    const parts = (forecast.accounts ?? []).map((part) => accountView(part, dates.length, itemsOn));
    return {
        dates,
        names,
        asOf: forecast.as_of,
        views: [wholeView(forecast, covered, itemsOn, { id: "", name: "All accounts" }), ...parts],
        left: [...left].map((id) => ({ id, name: names.get(id) ?? id })),
        reserve: cents(user.reserve ?? 0),
        healthyFrom: cents(user.healthy_from ?? 0),
        warningFrom: cents(user.warning_from ?? 0),
        nextIncomeOn: forecast.summary.next_income_on,
        safeToSpend: cents(forecast.summary.safe_to_spend),
    };
}

/** The view of an account by a forecast of it alone, from now on in place of one by the total's. */
export function addView(plan, id, forecast) {
    const items = readItems(forecast, plan.names);
    const view = wholeView(forecast, new Set([id]), items, { id, name: plan.names.get(id) ?? id });
    const place = plan.views.findIndex((one) => one.id === id);
    if (place < 0) plan.views.push(view);
    else plan.views[place] = view;
    return view;
}

/** The items of a day that touch this view's accounts, each with its `moved` cents. */
export function itemsOf(view, index) {
    return (view.itemsOn.get(index) ?? [])
        .filter((item) => view.covered.has(item.from) || view.covered.has(item.to))
        .map((item) => ({ ...item, moved: effect(item, view.covered) }));
}

/** Indexes of the first `count` days on which this view has items, in order. */
export function busyDays(view, count) {
    return [...view.itemsOn.keys()]
        .filter((index) => index < count && itemsOf(view, index).length > 0)
        .sort((one, other) => one - other);
}

/** The first `count` days of a view: closings, the earliest lowest day, the first day below zero. */
export function cut(view, count) {
    const closing = view.closing.slice(0, count);
    let lowest = 0;
    closing.forEach((balance, index) => {
        if (balance < closing[lowest]) lowest = index;
    });
    return {
        closing,
        income: view.income.slice(0, count),
        expenses: view.expenses.slice(0, count),
        lowest,
        firstNegative: closing.findIndex((balance) => balance < 0),
        band: view.expected && {
            low: view.expected.p10.slice(0, count),
            middle: view.expected.p50.slice(0, count),
            high: view.expected.p90.slice(0, count),
        },
        nextIncome: view.income.findIndex((amount, index) => index > 0 && amount > 0),
    };
}

/** One row per month of the first `count` days, in order; all amounts in cents. */
export function monthsOf(plan, view, count) {
    const rows = [];
    for (let index = 0; index < Math.min(count, plan.dates.length); index += 1) {
        const month = plan.dates[index].slice(0, 7);
        if (rows.at(-1)?.month !== month) {
            rows.push({ month, first: index, last: index, income: 0, expenses: 0, lowest: view.closing[index], closing: 0 });
        }
        const row = rows.at(-1);
        row.income += view.income[index];
        row.expenses += view.expenses[index];
        row.last = index;
        row.closing = view.closing[index];
        row.lowest = Math.min(row.lowest, view.closing[index]);
    }
    return rows;
}
