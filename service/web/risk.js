// How likely it is, in words: chances as people say them, what they stand on, and one day of it.

import { byId } from "./dom.js";

const NEAR_DAYS = 30; // What a person can still do something about.

/** A chance from 0 to 1 as "1 in 5"; what is rarer than 1 in 100 or surer than 99 in 100 is said so. */
export function chanceWords(chance) {
    if (chance < 0.01) return "less than 1 in 100";
    if (chance > 0.99) return "more than 99 in 100";
    if (chance <= 0.5) {
        const of = Math.round(1 / chance);
        return `1 in ${of <= 12 ? of : Math.round(of / 5) * 5}`;
    }
    return `${Math.min(Math.round(chance * 10), 9)} in 10`;
}

/** The index, from tomorrow up to `count` days, of the day that is most likely to end too low. */
export function worstDay(below, count) {
    let worst = 1;
    for (let index = 1; index <= Math.min(count, below.length - 1); index += 1) {
        if (below[index] > below[worst]) worst = index;
    }
    return worst;
}

/** What the numbers stand on, said honestly. */
export function basisWords(basis) {
    if (basis === "history") return "Judged by your own history.";
    if (basis === "pooled") return "Your history is still short: a part of this is your plan and what accounts like yours do, so the band is wide.";
    return "There is too little history to know your habits: this is your plan with a wide margin.";
}

/** The risk of the next 30 days in one sentence. */
export function riskWords(plan, expected, { money, days }) {
    const chance = expected.risks.find(([count]) => count === NEAR_DAYS)[1];
    const floor = expected.reserve > 0 ? `below your reserve of ${money.full(expected.reserve)}`
        : expected.reserve < 0 ? `below ${money.full(expected.reserve)}` : "below zero";
    const said = `${chanceWords(chance)} that the balance falls ${floor} in the next ${NEAR_DAYS} days`;
    const words = `${said[0].toUpperCase()}${said.slice(1)}`;
    if (chance < 0.01 || expected.below.length < 2) return `${words}.`;
    return `${words}, most likely around ${days.short(plan.dates[worstDay(expected.below, NEAR_DAYS)])}.`;
}

/** The probable balance of a day as one sentence; of the day that is known, nothing. */
export function likelyWords(expected, index, { money }) {
    if (!expected || index === 0) return "";
    return `Probably ${money.full(expected.p50[index])}; 8 times in 10 between ${money.full(expected.p10[index])} and ${money.full(expected.p90[index])}.`;
}

/** Writes the risk above the chart, for all accounts together as the reserve is, and the key of a band below it. */
export function showRisk(plan, view, writers) {
    const { expected } = view;
    byId("risk").hidden = !expected || view.id !== "";
    byId("legend").hidden = !expected;
    if (!expected) return;
    byId("risk-words").textContent = riskWords(plan, expected, writers);
    byId("risk-basis").textContent = basisWords(expected.basis);
}
