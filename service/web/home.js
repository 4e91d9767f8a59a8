// The forecast's room: the year of one person, read again when something changed or it grew old.

import { forgetAlerts, readAlerts } from "./alerts.js";
import { ask } from "./api.js";
import { board } from "./board.js";
import { byId } from "./dom.js";
import { prepareItems } from "./first.js";
import { onChanged } from "./known.js";
import { readPlan } from "./plan.js";
import * as session from "./session.js";
import { ME } from "./talk.js";
import { whatIf } from "./whatif.js";
import { itemCommand } from "./words.js";

const AS_OF = new URLSearchParams(location.search).get("as_of"); // A day to look back at; none is today.
const YEAR = `${ME}/forecast?days=365&explain=true&by_account=true`;
const FORECAST = YEAR + (AS_OF ? `&as_of=${encodeURIComponent(AS_OF)}` : "");

const plan = board(askAccount);
const thoughts = whatIf();
let readAt = 0;
let isOld = true;

/** When the numbers on the page were read; 0 when there are none that still hold. */
export const forecastAt = () => (isOld ? 0 : readAt);

onChanged(() => {
    isOld = true;
});

/** The forecast of the year, as `{data, loadTime}`. Errors: those of ask. */
export const readForecast = () => ask("GET", FORECAST, undefined, session.credentials());

/** Draws the year; the room must be in sight, because a hidden chart has no width. */
export function showForecast(user, accounts, { data: forecast, loadTime }, enter) {
    readAt = Date.now();
    isOld = false;
    const loaded = readPlan(user, accounts, forecast);
    prepareItems(accounts[0].id, forecast.as_of, loaded.views[0].itemsOn.size === 0);
    byId("items-curl").textContent = itemCommand(location.origin, accounts[0].id, forecast.as_of);
    byId("stale").hidden = true;
    enter();
    plan.show(user, loaded);
    readAlerts();
    thoughts.renew(AS_OF);
    const took = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 }).format(loadTime * 1000);
    byId("foot-plan").textContent = `${forecast.days} days, computed in PostgreSQL; answered in ${took} ms.`;
}

/** Forgets what belongs to one person alone. */
export function forgetForecast() {
    forgetAlerts();
    thoughts.forget();
}

/** What stays visible while newer numbers cannot be had. */
export function showStale(problem) {
    const at = new Date(readAt).toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit" });
    byId("stale").textContent = `${problem.title}. These are the numbers of ${at}.`;
    byId("stale").hidden = false;
}

/** The forecast of one account alone as of a day; null, with a sentence on the page, when it cannot be had. */
async function askAccount(id, asOf) {
    try {
        return (await ask("GET", `${YEAR}&as_of=${asOf}&account_id=${id}`, undefined, session.credentials())).data;
    } catch (problem) {
        byId("stale").textContent = `${problem.title}. ${problem.message}`;
        byId("stale").hidden = false;
        return null;
    }
}
