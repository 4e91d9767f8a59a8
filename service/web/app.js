// The page's course: who is there, what everybody needs to know, then the room that the address
// names; and all that can go wrong on the way, each with a sentence.

import { ask } from "./api.js";
import { budgetsRoom } from "./budgets.js";
import { byId } from "./dom.js";
import { door, openDoor, openTokenDoor, passLink, wantsReset } from "./door.js";
import { firstSteps } from "./first.js";
import { goalsRoom } from "./goals.js";
import { forecastAt, forgetForecast, readForecast, showForecast, showStale } from "./home.js";
import { importRoom } from "./import.js";
import { changed, forgetKnown, known, meet, refreshKnown } from "./known.js";
import { ledgerRoom } from "./ledger.js";
import { hush } from "./notes.js";
import { enterRoom, forgetRooms, isPlace, leaveRoom, markRoom, place, SCENE_OF } from "./rooms.js";
import { rulesRoom } from "./rules.js";
import * as session from "./session.js";
import { ME, onLost } from "./talk.js";
import { accountCommand } from "./words.js";

const ROOMS = {
    transactions: ledgerRoom(), budgets: budgetsRoom(), recurring: rulesRoom(), goals: goalsRoom(), import: importRoom(),
};
const SCENES = ["login", "loading", "trouble", "empty", ...Object.values(SCENE_OF)];
const ACCOUNTS = `${ME}/accounts?limit=200`;
const OLD_AFTER_MS = 10 * 60 * 1000; // A tab that comes back after this long asks again.
const LOADING_AFTER_MS = 120; // A quick answer is not announced; a slow one is.

let starts = 0;
let loads = 0;

function scene(name) {
    for (const one of SCENES) byId(one).hidden = one !== name;
    byId("logout").hidden = session.credentials() === null;
    byId("foot-plan").hidden = name !== "plan";
    byId("rooms").hidden = name === "login" || byId("logout").hidden;
}

const get = async (path) => (await ask("GET", path, undefined, session.credentials())).data;

function askWho(sentence = "") {
    const hadToken = session.credentials()?.token !== undefined;
    session.forget();
    forgetKnown();
    forgetRooms();
    hush();
    for (const room of Object.values(ROOMS)) room.forget();
    forgetForecast();
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

/** Shows the room of the address: everything it needs to know is known. */
function enter(forecast = null) {
    const { room, wishes } = place();
    const { user, accounts } = known;
    markRoom(room);
    byId("who").textContent = user.full_name || user.username || user.email || "";
    window.tidelinePreferTheme(user.theme);
    if (accounts.length === 0) {
        byId("account-currency").textContent = `in ${user.currency}`;
        byId("empty-curl").textContent = accountCommand(location.origin, user.currency, known.today);
        scene("empty");
        return;
    }
    if (forecast) {
        showForecast(user, accounts, forecast, () => scene(SCENE_OF[room]));
    } else {
        scene(SCENE_OF[room]);
        ROOMS[room]?.open(wishes);
    }
    enterRoom(room);
}

function refuse(problem, isFirst) {
    if (problem.status === 401) askWho(session.credentials()?.token ? problem.message : "Your session is over. Log in again.");
    else if (isFirst || problem.kind !== "away") showTrouble(problem);
    else showStale(problem);
}

/** Asks who it is, and for what the room of the address needs. */
async function load() {
    loads += 1;
    const mine = [session.fingerprint(), loads].join();
    const isMine = () => mine === [session.fingerprint(), loads].join();
    const { room } = place();
    const isFirst = byId(SCENE_OF[room]).hidden;
    byId("loading-title").textContent = room === "forecast" ? "Computing your forecast …" : "Reading your accounts …";
    const waiting = setTimeout(() => isFirst && scene("loading"), LOADING_AFTER_MS);
    try {
        const user = await get(ME); // Alone: a wrong token then costs one refusal, not three.
        const [{ items: accounts }, forecast] = await Promise.all([
            get(ACCOUNTS), room === "forecast" ? readForecast() : null]);
        if (!isMine()) return; // Somebody else came meanwhile, and with them another load.
        meet(user, accounts);
        if (room !== "forecast" && accounts.length > 0) await refreshKnown();
        if (!isMine()) return;
        enter(forecast);
    } catch (problem) {
        if (isMine()) refuse(problem, isFirst);
    } finally {
        clearTimeout(waiting);
    }
}

/** Goes to the room of the address, asking only for what is not known or no longer holds. */
function go() {
    leaveRoom();
    const isForecast = place().room === "forecast";
    markRoom(place().room);
    if (!known.user || (isForecast ? forecastAt() === 0 : known.categories.length === 0)) load();
    else enter();
}

door(() => {
    starts += 1;
    load();
});
firstSteps(async () => {
    changed();
    await load();
});
onLost((problem) => refuse(problem, true));
byId("logout").addEventListener("click", () => session.leave().catch((problem) => {
    showTrouble(Object.assign(problem, { title: "You are still logged in" }));
}));
byId("retry").addEventListener("click", start);
byId("empty-retry").addEventListener("click", load);
document.querySelector(".skip").addEventListener("click", (event) => {
    event.preventDefault(); // Its fragment would name no room.
    byId("main").focus();
});
window.addEventListener("online", () => {
    byId("offline").hidden = true;
    if (!byId("trouble").hidden || !byId("plan").hidden) start();
});
window.addEventListener("offline", () => {
    if (!byId("plan").hidden) showStale({ title: "You are offline" });
    else byId("offline").hidden = known.user === null;
});
document.addEventListener("visibilitychange", () => {
    if (!document.hidden && !byId("plan").hidden && forecastAt() > 0 && Date.now() - forecastAt() > OLD_AFTER_MS) load();
});
window.addEventListener("hashchange", () => {
    if (/^#(token|verify|reset)=/.test(location.hash)) start();
    else if (isPlace() && byId("login").hidden && session.credentials() !== null) go();
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
