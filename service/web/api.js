// Asks the service and hands back `data`, or throws a problem that a person can read.
// Answers are never kept by the browser: logging out must leave nothing behind.

const TIMEOUT_MS = 15000;

/** An Error with `kind` ("refused" or "away"), `title`, `message`, `status`, `code`, `requestId`. */
function problem(kind, title, detail, rest = {}) {
    return Object.assign(new Error(detail), { kind, title, status: 0, code: "", requestId: "" }, rest);
}

async function bodyOf(response) {
    try {
        return await response.json();
    } catch {
        return null; // Not JSON: the status alone has to say it.
    }
}

/**
 * The answer to GET `path` for the bearer of `token`, as `{data, loadTime}`; seconds.
 * Errors: kind "away" when nothing answered in time, "refused" with the service's own words.
 */
export async function get(path, token) {
    let response;
    try {
        response = await fetch(path, {
            headers: { Accept: "application/json", Authorization: `Bearer ${token}` },
            cache: "no-store",
            credentials: "omit",
            signal: AbortSignal.timeout(TIMEOUT_MS),
        });
    } catch (error) {
        if (navigator.onLine === false) {
            throw problem("away", "You are offline", "The forecast comes back with your connection.");
        }
        const why = error.name === "TimeoutError"
            ? `Nothing came back within ${TIMEOUT_MS / 1000} seconds.`
            : "The connection was refused or broke off. Is the service running?";
        throw problem("away", "Tideline does not answer", why);
    }
    const body = await bodyOf(response);
    if (response.ok && body?.success) return { data: body.data, loadTime: body.load_time };
    throw problem(
        "refused",
        body?.title ?? `The service answered ${response.status}`,
        body?.detail ?? "It gave no reason in a form that this page can read.",
        {
            status: response.status,
            code: body?.code ?? "",
            requestId: body?.request_id ?? response.headers.get("X-Request-ID") ?? "",
        },
    );
}
