// Sends a file and tells how far it is: bytes while they go, rows while the service reads them.

import { away, headersOf, problem, refused } from "./api.js";
import * as session from "./session.js";
import { get, ME } from "./talk.js";

const POLL_MS = 700;

function parsed(text) {
    try {
        return JSON.parse(text);
    } catch {
        return null;
    }
}

/**
 * The import that a file became, as the service answers it. `onProgress({sent, total, rows})` is
 * called on the way, `signal` breaks it off. Errors: those of ask.
 */
export function sendFile(file, fields, onProgress, signal) {
    const path = `${ME}/statement-imports?${fields}`;
    const credentials = session.credentials();
    const request = new XMLHttpRequest(); // fetch cannot say how much of a body has gone.
    let polling = 0;

    async function poll() {
        try {
            const [newest] = (await get("/statement-imports?limit=1")).items;
            if (newest?.status === "staged" && request.readyState < 4) onProgress({ sent: file.size, total: file.size, rows: newest.read_count });
        } catch {
            return; // The upload itself says what is wrong.
        }
    }

    return new Promise((resolve, reject) => {
        const end = (act, value) => {
            clearInterval(polling);
            signal.removeEventListener("abort", stop);
            act(value);
        };
        const stop = () => request.abort();
        request.open("POST", path);
        for (const [name, value] of Object.entries(headersOf("POST", credentials))) request.setRequestHeader(name, value);
        request.setRequestHeader("Content-Type", "application/octet-stream");
        request.upload.addEventListener("progress", (event) => onProgress({ sent: event.loaded, total: file.size, rows: null }));
        request.upload.addEventListener("load", () => {
            onProgress({ sent: file.size, total: file.size, rows: 0 });
            polling = setInterval(poll, POLL_MS);
        });
        request.addEventListener("load", () => {
            const answer = parsed(request.responseText);
            if (request.status < 300 && answer?.success) end(resolve, answer.data);
            else end(reject, refused(request.status, answer, request.getResponseHeader("X-Request-ID")));
        });
        request.addEventListener("error", () => end(reject, away("The connection broke off while the file was on its way. Nothing was booked.")));
        request.addEventListener("abort", () => end(reject, problem("dropped", "Broken off", "Nothing was booked.")));
        signal.addEventListener("abort", stop);
        request.send(file);
    });
}
