// Asks the service and hands back `data`, or throws a problem that a person can read.
// Answers are never kept by the browser: logging out must leave nothing behind.

const TIMEOUT_MS = 15000;

/** An Error with `kind` ("refused", "away" or "dropped"), `title`, `message`, `status`, `code`, `requestId`, `field`. */
export function problem(kind, title, detail, rest = {}) {
    const known = { kind, title, status: 0, code: "", requestId: "", field: "" };
    return Object.assign(new Error(detail), known, rest);
}

/** The problem of a request that nothing came back for; `why` is for when there is a connection. */
export function away(why) {
    if (navigator.onLine === false) return problem("away", "You are offline", "This comes back with your connection.");
    return problem("away", "Tideline does not answer", why);
}

/** The problem that a refusal of the service tells; `answer` is its body, if it was JSON. */
export function refused(status, answer, requestId) {
    return problem(
        "refused",
        answer?.title ?? `The service answered ${status}`,
        answer?.detail ?? "It gave no reason in a form that this page can read.",
        { status, code: answer?.code ?? "", field: answer?.field ?? "", requestId: answer?.request_id ?? requestId ?? "" },
    );
}

async function bodyOf(response) {
    try {
        return await response.json();
    } catch {
        return null; // Not JSON: the status alone has to say it.
    }
}

/** A name for one write, so that sending it again does nothing twice. */
export function writeKey() {
    return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The headers that say who asks, and for a write that it is this page's own. */
export function headersOf(method, credentials) {
    const headers = { Accept: "application/json" };
    if (credentials?.token) headers.Authorization = `Bearer ${credentials.token}`;
    if (method !== "GET" && credentials?.csrf) headers["X-CSRF-Token"] = credentials.csrf;
    if (method === "POST" && credentials) headers["Idempotency-Key"] = writeKey();
    return headers;
}

function requestOf(method, body, credentials, { version, signal, timeoutMs = TIMEOUT_MS }) {
    const headers = headersOf(method, credentials);
    if (method !== "GET") headers["Content-Type"] = "application/json";
    if (version !== undefined) headers["If-Match"] = `"${version}"`;
    const limit = AbortSignal.timeout(timeoutMs);
    return {
        method,
        headers,
        body: body === undefined ? undefined : JSON.stringify(body),
        cache: "no-store",
        credentials: credentials?.token ? "omit" : "same-origin",
        signal: signal ? AbortSignal.any([limit, signal]) : limit,
    };
}

/**
 * The answer to one request, as `{data, loadTime}`; seconds. `credentials` are those of session.js;
 * `version` is the one that an edit means, `signal` takes the question back, `timeoutMs` waits longer.
 * Errors: kind "away" when nothing answered in time, "refused" with the service's own words,
 * "dropped" when it was taken back.
 */
export async function ask(method, path, body, credentials = null, options = {}) {
    let response;
    try {
        response = await fetch(path, requestOf(method, body, credentials, options));
    } catch (error) {
        if (options.signal?.aborted) throw problem("dropped", "Taken back", "A newer question was asked.");
        throw away(error.name === "TimeoutError"
            ? `Nothing came back within ${(options.timeoutMs ?? TIMEOUT_MS) / 1000} seconds.`
            : "The connection was refused or broke off. Is the service running?");
    }
    const answer = await bodyOf(response);
    if (response.ok && answer?.success) return { data: answer.data, loadTime: answer.load_time };
    throw refused(response.status, answer, response.headers.get("X-Request-ID"));
}
