// Several bookings at once: which are chosen, what they come to, and one category or one drop for all.

import { byId } from "./dom.js";
import { categoryOptions, keyOf } from "./fields.js";
import { accountOf, categoryWords, changed, moneyOf, refreshKnown } from "./known.js";
import { cents } from "./money.js";
import { confirmed, say, warn } from "./notes.js";
import { post, sentence } from "./talk.js";

const NO_CHANGE = "-";
const MOST = 1000; // The service takes so many at a time.

/** The bar under the list; `refresh()` reads the list again after a change. */
export function bulk({ refresh }) {
    const host = byId("ledger-days");
    const seen = new Map(); // Bookings by id, as the list shows them.
    const chosen = new Set();
    let last = null; // The box that was ticked last: Shift reaches from there.

    const boxes = () => [...host.querySelectorAll(".pick input")];
    const list = () => [...chosen].map((id) => seen.get(id)).filter(Boolean);

    function words() {
        const sums = new Map();
        for (const one of list()) {
            const currency = accountOf(one.account_id)?.currency;
            sums.set(currency, (sums.get(currency) ?? 0) + cents(one.amount));
        }
        const total = [...sums].map(([currency, sum]) => moneyOf(currency).signed(sum)).join(", ");
        return `${chosen.size} chosen, ${total}`;
    }

    function show() {
        byId("bulk").hidden = chosen.size === 0;
        byId("ledger").classList.toggle("choosing", chosen.size > 0);
        byId("bulk-words").textContent = chosen.size === 0 ? "" : words();
        byId("bulk-apply").disabled = byId("bulk-category").value === NO_CHANGE;
        const all = boxes();
        byId("choose-all").textContent = all.length > 0 && all.every((one) => one.checked) ? "Choose none" : "Choose all shown";
    }

    function clear() {
        chosen.clear();
        last = null;
        for (const box of boxes()) box.checked = false;
        show();
    }

    function set(box, isOn) {
        box.checked = isOn;
        const id = Number(box.dataset.id);
        if (isOn && chosen.size < MOST) chosen.add(id);
        else chosen.delete(id);
        if (isOn && !chosen.has(id)) box.checked = false;
    }

    async function act(work, done, undo = null) {
        const buttons = byId("bulk").querySelectorAll("button");
        for (const one of buttons) one.disabled = true;
        try {
            await work();
            clear();
            changed();
            await Promise.all([refreshKnown(), refresh()]);
            say(done, undo);
        } catch (problem) {
            warn(`Nothing was changed. ${sentence(problem)}`);
        } finally {
            for (const one of buttons) one.disabled = false;
            show();
        }
    }

    host.addEventListener("click", (event) => {
        if (!event.target.matches(".pick input")) return;
        const all = boxes();
        const [from, to] = [all.indexOf(last), all.indexOf(event.target)];
        if (event.shiftKey && from >= 0) {
            for (const box of all.slice(Math.min(from, to), Math.max(from, to) + 1)) set(box, event.target.checked);
        } else {
            set(event.target, event.target.checked);
        }
        last = event.target;
        show();
    });
    byId("choose-all").addEventListener("click", () => {
        const all = boxes();
        const isOn = !all.every((one) => one.checked);
        for (const box of all) set(box, isOn);
        show();
    });
    byId("bulk-clear").addEventListener("click", clear);
    byId("bulk-category").addEventListener("change", show);
    /** The chosen ones by the category that they have, to set it again. */
    function groups() {
        const found = new Map();
        for (const one of list()) found.set(one.subcategory_id, [...(found.get(one.subcategory_id) ?? []), one.id]);
        return found;
    }

    byId("bulk-apply").addEventListener("click", () => {
        const wanted = keyOf(byId("bulk-category").value);
        const before = groups();
        const many = chosen.size === 1 ? "One booking" : `${chosen.size} bookings`;
        act(() => post("/transactions/batch-edit", { ids: [...chosen], subcategory_id: wanted }),
            `${many}: ${categoryWords(wanted) ?? "no category"}.`,
            () => act(async () => {
                for (const [id, ids] of before) await post("/transactions/batch-edit", { ids, subcategory_id: id });
            }, `${many} as before.`));
    });
    byId("bulk-drop").addEventListener("click", async () => {
        const many = chosen.size === 1 ? "one booking" : `${chosen.size} bookings`;
        const isMeant = await confirmed(`Drop ${many}?`,
            `${words().replace(/^\d+ chosen, /, "Together ")}: the accounts get this back. A file that holds them does not bring them again.`,
            `Drop ${many}`);
        if (isMeant) act(() => post("/transactions/batch-drop", { ids: [...chosen] }), `Dropped ${many}.`);
    });

    return {
        has: (id) => chosen.has(id),
        clear() {
            seen.clear();
            clear();
        },
        know(bookings) {
            for (const one of bookings) seen.set(one.id, one);
            show();
        },
        fill() {
            byId("bulk-category").replaceChildren(...categoryOptions([[NO_CHANGE, "Choose a category"], ["", "No category"]]));
            show();
        },
    };
}
