// The page's course: who is there, one load of user, accounts and the year, then the board; and all
// that can go wrong on the way, each with a sentence.

import { ask } from "./api.js";
import { board } from "./board.js";
import { byId } from "./dom.js";
import { door, openDoor, openTokenDoor, passLink, wantsReset } from "./door.js";
import { firstSteps, prepareItems } from "./first.js";
import { readPlan } from "./plan.js";
import * as session from "./session.js";
import { accountCommand, itemCommand } from "./words.js";

const SCENES = ["login", "loading", "trouble", "empty", "plan"];
const ME = "/api/v2/users/me";
const AS_OF = new URLSearchParams(location.search).get("as_of"); // A day to look back at; none is today.
const FORECAST = `${ME}/forecast?days=365&explain=true&by_account=true`
    + (AS_OF ? `&as_of=${encodeURIComponent(AS_OF)}` : "");
const ACCOUNTS = `${ME}/accounts?limit=200`;
const OLD_AFTER_MS = 10 * 60 * 1000; // A tab that comes back after this long asks again.
const LOADING_AFTER_MS = 120; // A quick answer is not announced; a slow one is.

const plan = board(askAccount);
let loadedAt = 0;
let starts = 0;

function scene(name) {
    for (const one of SCENES) byId(one).hidden = one !== name;
    byId("logout").hidden = session.credentials() === null;
}

const get = (path) => ask("GET", path, undefined, session.credentials());

function askWho(sentence = "") {
    const hadToken = session.credentials()?.token !== undefined;
    session.forget();
    byId("who").textContent = "";
    byId("foot-plan").textContent = "";
    scene("login");
    if (wantsReset()) return;
    if (hadToken) openTokenDoor(`${sentence} Paste the token again, or a newer one.`);
    else openDoor(sentence);
}

function showTrouble(problem) {
    byId("trouble-title").textContent = problem.title ?? "This page has a fault";
    byId("trouble-detail").textContent = problem.message;
    byId("trouble-id").textContent = problem.requestId ? `Request ${problem.requestId}` : "";
    scene("trouble");
}

/** What stays visible while newer numbers cannot be had. */
function showStale(problem) {
    const at = new Date(loadedAt).toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit" });
    byId("stale").textContent = `${problem.title}. These are the numbers of ${at}.`;
    byId("stale").hidden = false;
}

function showPlan(user, accounts, forecast, loadTime) {
    byId("who").textContent = user.full_name || user.username || user.email || "";
    window.tidelinePreferTheme(user.theme);
    if (accounts.length === 0) {
        byId("account-currency").textContent = `in ${user.currency}`;
        byId("empty-curl").textContent = accountCommand(location.origin, user.currency, forecast.as_of);
        scene("empty");
        return;
    }
    const loaded = readPlan(user, accounts, forecast);
    prepareItems(accounts[0].id, forecast.as_of, loaded.views[0].itemsOn.size === 0);
    byId("items-curl").textContent = itemCommand(location.origin, accounts[0].id, forecast.as_of);
    byId("stale").hidden = true;
    scene("plan"); // Before drawing: a hidden chart has no width.
    plan.show(user, loaded);
    const took = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 }).format(loadTime * 1000);
    byId("foot-plan").textContent = `${forecast.days} days, computed in PostgreSQL; answered in ${took} ms.`;
}

/** The forecast of one account alone; null, with a sentence on the page, when it cannot be had. */
async function askAccount(id) {
    try {
        return (await get(`${FORECAST}&account_id=${id}`)).data;
    } catch (problem) {
        byId("stale").textContent = `${problem.title}. ${problem.message}`;
        byId("stale").hidden = false;
        return null;
    }
}

async function load() {
    const mine = session.fingerprint();
    const isFirst = byId("plan").hidden;
    const waiting = setTimeout(() => isFirst && scene("loading"), LOADING_AFTER_MS);
    try {
        const user = await get(ME); // Alone: a wrong token then costs one refusal, not three.
        const [accounts, forecast] = await Promise.all([ACCOUNTS, FORECAST].map(get));
        if (session.fingerprint() !== mine) return; // Somebody else came meanwhile, and with them another load.
        loadedAt = Date.now();
        showPlan(user.data, accounts.data.items, forecast.data, forecast.loadTime);
    } catch (problem) {
        if (session.fingerprint() !== mine) return;
        if (problem.status === 401) askWho(session.credentials()?.token ? problem.message : "Your session is over. Log in again.");
        else if (isFirst || problem.kind !== "away") showTrouble(problem);
        else showStale(problem);
    } finally {
        clearTimeout(waiting);
    }
}

door(() => {
    starts += 1;
    load();
});
firstSteps(load);
byId("logout").addEventListener("click", () => session.leave().catch((problem) => {
    showTrouble(Object.assign(problem, { title: "You are still logged in" }));
}));
byId("retry").addEventListener("click", start);
byId("empty-retry").addEventListener("click", load);
window.addEventListener("online", () => {
    if (byId("login").hidden) start();
});
window.addEventListener("offline", () => {
    if (!byId("plan").hidden) showStale({ title: "You are offline" });
});
document.addEventListener("visibilitychange", () => {
    if (!document.hidden && loadedAt > 0 && Date.now() - loadedAt > OLD_AFTER_MS) load();
});
window.addEventListener("hashchange", () => {
    if (/^#(token|verify|reset)=/.test(location.hash)) start(); // Not the skip link's fragment.
});
window.addEventListener("beforeprint", () => {
    byId("days-details").open = true;
});

async function start() {
    starts += 1;
    const mine = starts; // Another address may come while this one waits for its answer.
    const given = session.takeFromAddress("token");
    if (given !== null) session.keepToken(given);
    try {
        const said = await passLink();
        const isIn = !wantsReset() && await session.resume();
        if (mine !== starts) return;
        if (isIn) await load();
        else askWho(said);
    } catch (problem) {
        if (mine === starts) showTrouble(problem);
    }
}

start();
