// Who this page speaks for: the cookie of a log-in, which no script can read, or a token that stays
// in this tab. Log-out leaves neither.

import { ask } from "./api.js";

const KEY = "tideline.token";
let csrf = null; // Proves that a write of a cookie comes from this page; in memory alone.

/** The parameter `name` of the fragment, or null; it leaves the address bar and the history at once. */
export function takeFromAddress(name) {
    const value = new URLSearchParams(location.hash.slice(1)).get(name);
    if (value === null) return null;
    history.replaceState(null, "", location.pathname + location.search);
    return value.trim() || null;
}

/** What a request carries, `{token}` or `{csrf}`; null while nobody is logged in. */
export function credentials() {
    const token = sessionStorage.getItem(KEY);
    if (token !== null) return { token };
    return csrf === null ? null : { csrf };
}

/** A text that is equal exactly while the same session lasts. */
export function fingerprint() {
    return sessionStorage.getItem(KEY) ?? csrf;
}

/** Goes on with a session that this browser has; true when there is one. */
export async function resume() {
    if (credentials() !== null) return true;
    try {
        csrf = (await ask("GET", "/api/v2/session")).data.csrf_token;
    } catch (problem) {
        if (problem.status !== 401) throw problem; // 401: the cookie was of a session that is over.
    }
    return csrf !== null;
}

/** Speaks with this token from here on; with the cookie again, if there is one, when it is empty. */
export function keepToken(token) {
    if (token) sessionStorage.setItem(KEY, token);
    else sessionStorage.removeItem(KEY);
}

/** Logs in with a password; the session is a cookie from here on. Errors: those of ask. */
export async function logIn(email, password) {
    const answer = await ask("POST", "/api/v2/login", { email, password, cookie: true });
    sessionStorage.removeItem(KEY);
    csrf = answer.data.csrf_token;
}

export function forget() {
    sessionStorage.removeItem(KEY);
    csrf = null;
}

/**
 * Ends the session and leaves no trace: storages and caches emptied, the page loaded afresh. Errors:
 * those of ask while the cookie is still good, as only the service can take it away.
 */
export async function leave() {
    const isCookie = credentials()?.csrf !== undefined;
    const end = () => ask("POST", "/api/v2/logout", {}, credentials());
    try {
        await end().catch(async (problem) => {
            if (!isCookie || problem.status !== 403) throw problem;
            csrf = null; // Another tab has logged in since: the cookie is of that session now.
            if (await resume()) await end();
        });
    } catch (problem) {
        // A token that is over, or a service that is away: what is here goes all the same.
        if (isCookie && problem.status !== 401) throw problem;
    }
    sessionStorage.clear();
    localStorage.clear();
    location.replace("/");
}
