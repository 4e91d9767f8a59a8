// Which room the address names: `#/transactions` and the like; none is the forecast. A fragment of a
// mail (`#verify=…`) or a token never begins with a slash, so the two are never mistaken.

import { byId } from "./dom.js";

const TITLES = {
    forecast: "Forecast", transactions: "Transactions", budgets: "Budgets", recurring: "Recurring",
    goals: "Goals", import: "Import",
};
export const SCENE_OF = {
    forecast: "plan", transactions: "ledger", budgets: "budgets", recurring: "rules",
    goals: "goals", import: "imports",
};
const scrolled = new Map();
let current = "";

/** The room and the parameters of this address, as `{room, wishes}`. */
export function place() {
    const [, name = "", query = ""] = location.hash.match(/^#\/([a-z]*)(?:\?(.*))?$/) ?? [];
    return { room: name in TITLES ? name : "forecast", wishes: new URLSearchParams(query) };
}

/** Whether a fragment names a room; `#main` of the skip link, or a token, does not. */
export const isPlace = () => location.hash === "" || location.hash.startsWith("#/");

/** Marks the room in the navigation and in the title of the tab. */
export function markRoom(room) {
    for (const link of byId("rooms").querySelectorAll("a")) {
        if (link.dataset.room === room) link.setAttribute("aria-current", "page");
        else link.removeAttribute("aria-current");
    }
    document.title = room === "forecast" ? "Tideline" : `${TITLES[room]} · Tideline`;
}

/** Remembers how far the room that is left was read. */
export function leaveRoom() {
    if (current) scrolled.set(current, window.scrollY);
}

/** Whether the focus stands where it was left by going: not where somebody has put it meanwhile. */
function isFocusFree() {
    const at = document.activeElement;
    return !at || at === document.body || byId("rooms").contains(at) || !at.checkVisibility();
}

/** Puts the reader where they were in this room, and the focus on its title. */
export function enterRoom(room) {
    if (current === room) return;
    const isArrival = current === "";
    current = room;
    if (isArrival) return;
    if (isFocusFree()) byId(SCENE_OF[room]).querySelector("h1").focus({ preventScroll: true });
    window.scrollTo({ top: scrolled.get(room) ?? 0, behavior: "instant" });
}

/** Forgets where anybody was. */
export function forgetRooms() {
    current = "";
    scrolled.clear();
}
