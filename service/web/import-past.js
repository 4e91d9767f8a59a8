// Files that were read before, newest first, each with a way back.

import { make } from "./dom.js";
import { accountOf, known } from "./known.js";
import { confirmed, say, warn } from "./notes.js";
import { get, LONG, post, sentence } from "./talk.js";

const SHOWN = 20;
const STATES = { staged: "not finished", previewed: "looked at, not booked", booked: "booked", failed: "failed", undone: "taken back" };

/** The list; `settled()` is called after one was taken back. */
export function pastImports(settled) {
    const list = make("ul", {});
    const host = make("section", { class: "sheet", "aria-labelledby": "past-title", hidden: "" },
        make("h2", { id: "past-title" }, "Files before"), list);

    async function takeBack(one) {
        const isMeant = await confirmed(`Take back “${one.file_name ?? "this file"}”?`,
            `${one.new_count} bookings that it added go, and what it changed is as it was. What you changed since stays.`, "Take it back");
        if (!isMeant) return;
        try {
            const undone = await post(`/statement-imports/${one.id}/undo`, {}, LONG);
            await settled();
            await read();
            say(`Taken back: ${undone.dropped_count} bookings are gone again${undone.kept_count > 0 ? `, ${undone.kept_count} stay` : ""}.`);
        } catch (problem) {
            warn(sentence(problem));
        }
    }

    function rowOf(one) {
        const undo = make("button", { type: "button", class: "plain", "aria-label": `Take back ${one.file_name ?? "this file"}` }, "Take back");
        undo.addEventListener("click", () => takeBack(one));
        const counts = one.status === "failed" ? one.failure
            : `${one.new_count} new, ${one.duplicate_count} known, ${one.rejected_count} refused`;
        return make("li", { class: "rule-row" },
            make("div", { class: "rule-words" }, make("strong", {}, one.file_name ?? one.format.toUpperCase()),
                make("span", { class: "hint" }, [known.days.dated(one.created_at.slice(0, 10)), accountOf(one.account_id)?.name, counts].filter(Boolean).join(" · "))),
            make("span", { class: "mark" }, STATES[one.status] ?? one.status),
            one.status === "booked" ? undo : "");
    }

    async function read() {
        try {
            const { items } = await get(`/statement-imports?limit=${SHOWN}`);
            host.hidden = items.length === 0;
            list.replaceChildren(...items.map(rowOf));
        } catch (problem) {
            host.hidden = false;
            list.replaceChildren(make("li", { class: "hint" }, sentence(problem)));
        }
    }

    return { host, read };
}
