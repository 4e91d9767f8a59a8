// The token: taken from the address or the form, kept in this tab only, gone after log-out.

const KEY = "tideline.token";

/** The token in `#token=…`, or null; the fragment leaves the address bar and the history at once. */
export function takeFromAddress() {
    const token = new URLSearchParams(location.hash.slice(1)).get("token");
    if (token === null) return null;
    history.replaceState(null, "", location.pathname + location.search);
    return token.trim() || null;
}

/** The token of this tab, or null. */
export function kept() {
    return sessionStorage.getItem(KEY);
}

export function keep(token) {
    sessionStorage.setItem(KEY, token);
}

export function forget() {
    sessionStorage.removeItem(KEY);
}

/** Leaves no trace: both storages emptied and the page, with all it remembers, loaded afresh. */
export function leave() {
    sessionStorage.clear();
    localStorage.clear();
    location.replace("/");
}
