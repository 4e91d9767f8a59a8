// What the owner is warned of, above everything else on the forecast, until it is dismissed.

import { byId, make } from "./dom.js";
import { known } from "./known.js";
import { say, warn } from "./notes.js";
import { get, post, sentence } from "./talk.js";

const KINDS = { low_balance: "Low balance", bill_unfunded: "Bill without money", unusual_spending: "Unusual spending" };
const SHOWN_MOST = 20;
let asks = 0;

function row(alert) {
    const away = make("button", { type: "button", class: "quiet", "aria-label": `Dismiss: ${alert.text}` }, "Dismiss");
    const item = make("li", { class: "alert" },
        make("div", { class: "alert-words" },
            make("span", { class: "mark sandy" }, KINDS[alert.kind] ?? alert.kind),
            make("p", {}, alert.text),
            make("span", { class: "hint" }, `Since ${known.days.dated(alert.raised_on)}`)),
        away);
    away.addEventListener("click", async () => {
        away.disabled = true;
        try {
            await post(`/alerts/${alert.id}/dismiss`);
            item.remove();
            byId("alerts").hidden = byId("alerts-list").children.length === 0;
            say("Dismissed. You hear of it again only if it becomes worse.");
            byId("headline").focus(); // The button that had the focus is gone.
        } catch (problem) {
            away.disabled = false;
            warn(sentence(problem));
        }
    });
    return item;
}

/** Reads what is open and shows it; a refusal leaves the forecast as it is and says so. */
export async function readAlerts() {
    asks += 1;
    const mine = asks;
    try {
        const { items } = await get(`/alerts?status=open&limit=${SHOWN_MOST}`);
        if (mine !== asks) return;
        byId("alerts-list").replaceChildren(...items.map(row));
        byId("alerts").hidden = items.length === 0;
    } catch (problem) {
        if (mine !== asks || problem.status === 401) return;
        byId("alerts-list").replaceChildren(make("li", { class: "hint" }, `Your alerts cannot be read. ${sentence(problem)}`));
        byId("alerts").hidden = false;
    }
}

export function forgetAlerts() {
    asks += 1;
    byId("alerts-list").replaceChildren();
    byId("alerts").hidden = true;
}
