// Asks the service and hands back `data`, or throws a problem that a person can read.
// Answers are never kept by the browser: logging out must leave nothing behind.

const TIMEOUT_MS = 15000;

/** An Error with `kind` ("refused" or "away"), `title`, `message`, `status`, `code`, `requestId`, `field`. */
function problem(kind, title, detail, rest = {}) {
    const known = { kind, title, status: 0, code: "", requestId: "", field: "" };
    return Object.assign(new Error(detail), known, rest);
}

async function bodyOf(response) {
    try {
        return await response.json();
    } catch {
        return null; // Not JSON: the status alone has to say it.
    }
}

/** A name for one write, so that sending it again does nothing twice. */
function writeKey() {
    return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function requestOf(method, body, credentials) {
    const headers = { Accept: "application/json" };
    if (credentials?.token) headers.Authorization = `Bearer ${credentials.token}`;
    if (method !== "GET") {
        headers["Content-Type"] = "application/json";
        if (credentials?.csrf) headers["X-CSRF-Token"] = credentials.csrf;
        if (method === "POST" && credentials) headers["Idempotency-Key"] = writeKey();
    }
    return {
        method,
        headers,
        body: body === undefined ? undefined : JSON.stringify(body),
        cache: "no-store",
        credentials: credentials?.token ? "omit" : "same-origin",
        signal: AbortSignal.timeout(TIMEOUT_MS),
    };
}

/**
 * The answer to one request, as `{data, loadTime}`; seconds. `credentials` are those of session.js.
 * Errors: kind "away" when nothing answered in time, "refused" with the service's own words.
 */
export async function ask(method, path, body, credentials = null) {
    let response;
    try {
        response = await fetch(path, requestOf(method, body, credentials));
    } catch (error) {
        if (navigator.onLine === false) {
            throw problem("away", "You are offline", "This comes back with your connection.");
        }
        const why = error.name === "TimeoutError"
            ? `Nothing came back within ${TIMEOUT_MS / 1000} seconds.`
            : "The connection was refused or broke off. Is the service running?";
        throw problem("away", "Tideline does not answer", why);
    }
    const answer = await bodyOf(response);
    if (response.ok && answer?.success) return { data: answer.data, loadTime: answer.load_time };
    throw problem(
        "refused",
        answer?.title ?? `The service answered ${response.status}`,
        answer?.detail ?? "It gave no reason in a form that this page can read.",
        {
            status: response.status,
            code: answer?.code ?? "",
            field: answer?.field ?? "",
            requestId: answer?.request_id ?? response.headers.get("X-Request-ID") ?? "",
        },
    );
}
