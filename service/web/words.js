// The sentences of the page: what a view, a day and an item are called in words.

const RANGES = new Map([[30, "the next 30 days"], [90, "the next 90 days"], [365, "the next year"]]);

export function rangeWords(count) {
    return RANGES.get(count) ?? `the next ${count} days`;
}

/** The words for a balance status; the service decides which it is, the thresholds say why. */
export function statusWords(status, closing, plan, money) {
    if (closing < 0) return "Below zero";
    if (status === "healthy") return "Healthy";
    if (status === "warning") return `Below ${money.axis(plan.healthyFrom)}`;
    return status === "danger" ? `Below ${money.axis(plan.warningFrom)}` : "";
}

/** Keeps a minus and its amount on one line of a sentence. */
function held(words) {
    return words.replace("−", "−\u2060");
}

/** The answer in one line and its reason in a second one. */
export function headline(plan, view, part, count, { money, days }) {
    const day = (index) => days.dated(plan.dates[index]);
    const low = held(money.full(part.closing[part.lowest]));
    const range = rangeWords(count);
    const whose = (title) => (view.id ? `${view.name}: ${title[0].toLowerCase()}${title.slice(1)}` : title);
    if (part.closing[part.lowest] < 0) {
        const first = day(part.firstNegative);
        const deep = part.lowest === part.firstNegative
            ? `That day ends at ${low}, the lowest point of ${range}.`
            : `The lowest point of ${range} is ${low} on ${day(part.lowest)}.`;
        const title = part.firstNegative === 0 ? "Below zero today" : `Below zero on ${first}`;
        return { title: whose(title), detail: deep };
    }
    const fall = part.band && view.expected.basis !== "plan" ? part.band.middle.findIndex((balance) => balance < 0) : -1;
    if (fall > 0) {
        return {
            title: whose(`Probably below zero on ${day(fall)}`),
            detail: `What is scheduled alone stays above zero: its lowest point is ${low} on ${day(part.lowest)}.`,
        };
    }
    const floor = `The lowest point is ${low} on ${day(part.lowest)}.`;
    if (!view.id && plan.reserve > 0 && part.closing[part.lowest] < plan.reserve) {
        return {
            title: `Above zero, but below your reserve in ${range}`,
            detail: `${floor} Your reserve is ${money.full(plan.reserve)}.`,
        };
    }
    return { title: whose(`Above zero for ${range}`), detail: floor };
}

/** Why an item stands on its day, in words; empty when it is simply scheduled. */
export function reasonWords(item, days) {
    const planned = item.occurrenceOn ? days.short(item.occurrenceOn) : "another day";
    if (item.reason === "overdue") return `Overdue since ${planned}`;
    if (item.reason === "rolled") return `Usually ${planned}, which is not a business day`;
    if (item.reason === "moved") return `Moved from ${planned}`;
    if (item.reason === "other_amount") return "Another amount this time";
    return "";
}

/** Where an item's money comes from or goes to. */
export function placeWords(item) {
    if (item.kind === "transfer") return `${item.fromName} → ${item.toName}`;
    return item.fromName;
}

/** The chart as one paragraph, for those who do not see it. */
export function chartWords(plan, view, part, count, { money, days }) {
    const on = (index) => days.long(plan.dates[index]);
    const sentences = [
        `Balance of ${view.id ? view.name : "all accounts"} for ${rangeWords(count)}.`,
        `It starts at ${money.full(view.opening)} and ends at ${money.full(part.closing.at(-1))}.`,
        `The lowest point is ${money.full(part.closing[part.lowest])} on ${on(part.lowest)}.`,
    ];
    if (part.firstNegative >= 0) sentences.push(`It is first below zero on ${on(part.firstNegative)}.`);
    if (part.band) {
        const end = part.band.middle.length - 1;
        sentences.push(`By what usually happens it probably ends at ${money.full(part.band.middle[end])},`
            + ` 8 times in 10 between ${money.full(part.band.low[end])} and ${money.full(part.band.high[end])}.`);
    }
    return sentences.join(" ");
}

/** Commands that end an empty page; `origin` is where this page came from. */
export function accountCommand(origin, currency, today) {
    return `curl ${origin}/api/v2/users/me/accounts \\
  -H "Authorization: Bearer $TOKEN" \\
  -H "Content-Type: application/json" \\
  -d '{"name": "Everyday", "type": "checking", "currency": "${currency}",
       "opening_balance": 1200.00, "opened_on": "${today}"}'`;
}

export function itemCommand(origin, accountId, today) {
    return `curl ${origin}/api/v2/users/me/recurring-items \\
  -H "Authorization: Bearer $TOKEN" \\
  -H "Content-Type: application/json" \\
  -d '{"kind": "income", "name": "Salary", "amount": 2400.00, "account_id": ${accountId},
       "frequency": "monthly", "anchor_on": "${today}"}'`;
}

const RHYTHMS = {
    once: ["once", "times"], daily: ["every day", "days"], weekly: ["every week", "weeks"], biweekly: ["every two weeks", "fortnights"],
    semimonthly: ["twice a month", "half months"], monthly: ["every month", "months"], quarterly: ["every quarter", "quarters"],
    yearly: ["every year", "years"],
};

/** How often something comes: "every month", "every 3 weeks". */
export function rhythmWords({ frequency, every_n: every }) {
    const [plain, many] = RHYTHMS[frequency] ?? [frequency, frequency];
    const words = every > 1 && frequency !== "once" ? `every ${every} ${many}` : plain;
    return `${words[0].toUpperCase()}${words.slice(1)}`;
}

/** A confidence from 0 to 1 in words, with its number. */
export function sureWords(confidence) {
    const sure = Number(confidence);
    const words = sure >= 0.9 ? "Very likely" : sure >= 0.75 ? "Likely" : sure >= 0.5 ? "Possible" : "A guess";
    return `${words} (${Math.round(sure * 100)} %)`;
}
