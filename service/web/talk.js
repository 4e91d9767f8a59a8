// Questions and writes of whoever is logged in, and what a session that ended means to all rooms.

import { ask } from "./api.js";
import * as session from "./session.js";

export const ME = "/api/v2/users/me";
export const LONG = { timeoutMs: 90000 }; // For what may work on a whole file; the service itself gives up after 60 s.
const PAGES_MOST = 25; // 5,000 categories: more is no list that a person chooses from.
let lost = () => {};

/** `callback(problem)` is called when the service no longer knows who asks. */
export function onLost(callback) {
    lost = callback;
}

async function spoken(method, path, body, options) {
    const mine = session.fingerprint();
    try {
        return (await ask(method, path, body, session.credentials(), options)).data;
    } catch (problem) {
        if (problem.status === 401 && session.fingerprint() === mine) lost(problem);
        throw problem;
    }
}

/** What a path under the user answers. */
export const get = (path, options) => spoken("GET", ME + path, undefined, options);

/** Adds, edits and drops; `version` is the one that was read, where the row has one. */
export const post = (path, body = {}, options = {}) => spoken("POST", ME + path, body, options);
export const put = (path, body, version) => spoken("PUT", ME + path, body, { version });
export const patch = (path, body, version) => spoken("PATCH", ME + path, body, { version });
export const drop = (path, version) => spoken("DELETE", ME + path, undefined, { version });

/** Every item of a list, page after page. */
export async function every(path) {
    const items = [];
    let cursor = "";
    for (let page = 0; page < PAGES_MOST && cursor !== null; page += 1) {
        const mark = path.includes("?") ? "&" : "?";
        const found = await get(`${path}${mark}limit=200${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ""}`);
        items.push(...found.items);
        cursor = found.next_cursor;
    }
    return items;
}

/** One sentence of a problem, with what can be done about it. */
export function sentence(problem) {
    if (problem.kind === "away") return `${problem.title}. ${problem.message}`;
    if (problem.status === 412) return "This was changed elsewhere meanwhile. It is shown as it stands now.";
    return problem.message;
}
