// The room of transactions: one list that grows downward by keyset pages, always for the newest question.

import { accountsBox } from "./accounts.js";
import { setCategory } from "./category.js";
import { byId, make } from "./dom.js";
import { changed, known, onChanged } from "./known.js";
import { bulk } from "./ledger-choose.js";
import { addBooking, openBooking } from "./ledger-edit.js";
import { finder, isByDay } from "./ledger-query.js";
import { rowsIn } from "./ledger-rows.js";
import { spendingBox } from "./spending.js";
import { get, sentence } from "./talk.js";

const PAGE = 50;

/** The room; `open(wishes)` shows it, asking again only when something changed, `forget()` empties it. */
export function ledgerRoom() {
    const form = byId("ledger-form");
    let asked = null; // The fields of the question that the list answers.
    let cursor = null;
    let asking = null;
    let count = 0;
    let isOld = true;

    const chosen = bulk({ refresh: () => read(asked, { keep: true }) });
    const rows = rowsIn(byId("ledger-days"), {
        onOpen: (booking) => openBooking(booking, settled),
        onCategory: (booking, wanted, show) => setCategory(booking, wanted, show, quietly),
        isChosen: chosen.has,
    });
    const finding = finder((query) => read(query));
    const accounts = accountsBox();
    const spending = spendingBox();
    let isOwnChange = false;

    onChanged(() => {
        if (!isOwnChange) isOld = true;
    });

    /** A change that the list shows already: others must read again, the list need not. */
    function quietly() {
        isOwnChange = true;
        changed();
        isOwnChange = false;
        spending.show();
    }

    /**
     * After a booking was added, edited or dropped: where it stays in its place, its row alone is drawn
     * again, so that nobody loses theirs; else the same question is asked again.
     */
    function settled({ listed = null, now = null } = {}) {
        quietly();
        accounts.show();
        if (listed !== null && now === null) {
            rows.remove(listed);
            count -= 1;
            sayCount();
        } else if (listed !== null && isByDay(form) && now.transaction_date === listed.transaction_date) {
            rows.redraw(Object.assign(listed, now));
        } else {
            read(asked, { keep: true });
        }
    }

    function say(words) {
        byId("ledger-said").textContent = words;
    }

    function sayCount() {
        const isFiltered = [...asked.keys()].some((name) => name !== "order");
        if (count === 0 && isFiltered) say("Nothing matches.");
        else if (count === 0) say("");
        else say(cursor === null
            ? `${count === 1 ? "One booking" : `${count} bookings`}${isFiltered ? " found" : ""}, that is all.`
            : `${count} bookings shown; more follow below.`);
    }

    function showNothing() {
        const isFiltered = [...asked.keys()].some((name) => name !== "order");
        byId("ledger-days").replaceChildren(isFiltered
            ? make("p", { class: "nothing" }, make("strong", {}, "Nothing matches"),
                "No booking is like what you look for. Another word, or fewer filters, may find it.")
            : make("p", { class: "nothing" }, make("strong", {}, "No bookings yet"),
                "Add the first one above, or take in a file of your bank: ",
                make("a", { href: "#/import" }, "import a statement"), "."));
    }

    function showTrouble(problem, again) {
        const retry = make("button", { type: "button", class: "plain" }, "Try again");
        retry.addEventListener("click", again);
        byId("ledger-days").replaceChildren(make("div", { class: "nothing" },
            make("strong", {}, problem.title), problem.message, make("div", {}, retry)));
        byId("ledger-more").hidden = true;
        say("");
    }

    async function pageOf(query, limit, from, signal) {
        const fields = new URLSearchParams(query);
        fields.set("limit", limit);
        if (from !== null) fields.set("cursor", from);
        return get(`/transactions?${fields}`, { signal });
    }

    /** Asks anew; what an older question still answers is dropped. `keep` reads as far as the list reached. */
    async function read(query, { keep = false } = {}) {
        asking?.abort();
        asking = new AbortController();
        const mine = asking;
        byId("ledger-days").setAttribute("aria-busy", "true");
        try {
            const found = await pageOf(query, keep ? Math.min(Math.max(count, PAGE), 200) : PAGE, null, mine.signal);
            if (asking !== mine) return;
            asked = query;
            isOld = false;
            rows.clear();
            count = 0;
            if (!keep) chosen.clear();
            take(found);
            if (count === 0) showNothing();
        } catch (problem) {
            if (asking !== mine || problem.kind === "dropped") return;
            asked = query;
            showTrouble(problem, () => read(query));
        } finally {
            if (asking === mine) {
                asking = null;
                byId("ledger-days").removeAttribute("aria-busy");
            }
        }
    }

    function take(found) {
        rows.append(found.items, isByDay(form));
        chosen.know(found.items);
        count += found.items.length;
        cursor = found.next_cursor;
        byId("ledger-more").hidden = cursor === null;
        byId("choose-all").hidden = count === 0;
        sayCount();
    }

    async function more() {
        if (asking !== null || cursor === null || byId("ledger").hidden) return;
        asking = new AbortController();
        const mine = asking;
        byId("ledger-more").disabled = true;
        try {
            const found = await pageOf(asked, PAGE, cursor, mine.signal);
            if (asking === mine) take(found);
        } catch (problem) {
            if (asking === mine && problem.kind !== "dropped") say(`${sentence(problem)} “Show more” tries again.`);
        } finally {
            byId("ledger-more").disabled = false;
            if (asking === mine) asking = null;
        }
    }

    byId("ledger-more").addEventListener("click", more);
    new IntersectionObserver((seen) => {
        if (seen.some((one) => one.isIntersecting)) more();
    }, { rootMargin: "600px" }).observe(byId("ledger-end"));
    byId("booking-add").addEventListener("click", () => addBooking(finding.values().account_id, settled));

    return {
        open(wishes) {
            finding.fill();
            accounts.show();
            spending.show();
            chosen.fill();
            if (finding.wish(wishes) || isOld || asked === null) {
                if (asked === null) bones();
                finding.tell();
            }
        },
        forget() {
            asking?.abort();
            [asked, cursor, asking, count, isOld] = [null, null, null, 0, true];
            rows.clear();
            chosen.clear();
            accounts.forget();
            spending.forget();
            finding.clear({ all: true });
            say("");
        },
    };

    function bones() {
        byId("ledger-days").replaceChildren(...Array.from({ length: 8 }, () => make("div", { class: "bone bone-row" })));
        say(known.user ? "Reading your transactions …" : "");
    }
}
