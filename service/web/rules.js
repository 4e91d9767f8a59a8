// The recurring room: what is in the plan, to edit and drop; and what the ledger suggests.

import { byId, make, tone } from "./dom.js";
import { accountOf, changed, known, moneyOn, onChanged } from "./known.js";
import { cents } from "./money.js";
import { addRule, editRule } from "./rule-edit.js";
import { suggestionsIn } from "./suggestions.js";
import { every, sentence } from "./talk.js";
import { rhythmWords } from "./words.js";

function ruleRow(rule, settled) {
    const name = make("button", { type: "button", class: "booking-name", "aria-haspopup": "dialog" }, rule.name);
    name.addEventListener("click", () => editRule(rule, settled));
    const isTransfer = rule.kind === "transfer";
    const amount = cents(rule.amount);
    const money = moneyOn(rule.account_id);
    const places = [accountOf(rule.account_id)?.name, isTransfer ? accountOf(rule.to_account_id)?.name : ""].filter(Boolean).join(" → ");
    return make("li", { class: "rule-row" },
        make("div", { class: "rule-words" }, name,
            make("span", { class: "hint" }, [
                rhythmWords(rule), places, rule.ends_on ? `until ${known.days.dated(rule.ends_on)}` : "",
            ].filter(Boolean).join(" · "))),
        rule.is_active ? "" : make("span", { class: "mark" }, "Paused"),
        make("span", { class: `booking-amount ${isTransfer ? "" : tone(amount)}` },
            isTransfer ? money.full(amount) : money.signed(amount)));
}

/** The room; `open()` reads what changed. */
export function rulesRoom() {
    const list = byId("rules-list");
    let asks = 0;
    let isOld = true;
    let isOwnChange = false;

    const suggestions = suggestionsIn(settled);

    onChanged(() => {
        if (!isOwnChange) isOld = true;
    });

    function nothing(title, words) {
        list.replaceChildren(make("li", { class: "nothing" }, make("strong", {}, title), words));
    }

    async function read() {
        asks += 1;
        const mine = asks;
        try {
            const rules = await every("/recurring-items");
            if (mine !== asks) return;
            isOld = false;
            rules.sort((one, other) => other.is_active - one.is_active || cents(other.amount) - cents(one.amount));
            list.replaceChildren(...rules.map((rule) => ruleRow(rule, settled)));
            if (rules.length === 0) nothing("Nothing is planned yet", "Accept a suggestion, or add your salary, rent and bills yourself.");
        } catch (problem) {
            if (mine === asks) nothing(problem.title ?? "This page has a fault", sentence(problem));
        }
    }

    /** After something was added, edited, dropped or accepted: the plan is computed again. */
    async function settled() {
        isOwnChange = true;
        changed();
        isOwnChange = false;
        await read();
    }

    byId("rule-add").addEventListener("click", () => addRule(settled));

    return {
        open() {
            if (!isOld) return;
            read();
            suggestions.read();
        },
        forget() {
            asks += 1;
            isOld = true;
            list.replaceChildren();
            suggestions.forget();
        },
    };
}
