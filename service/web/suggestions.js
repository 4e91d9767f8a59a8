// What the ledger repeats, as suggestions: why, how sure, and when next; accepted or dismissed.

import { byId, make, tone } from "./dom.js";
import { accountOf, categoryWords, known, moneyOn } from "./known.js";
import { cents } from "./money.js";
import { say, warn } from "./notes.js";
import { drop, every, get, post, sentence } from "./talk.js";
import { rhythmWords, sureWords } from "./words.js";

const PATH = "/recurring-proposals";

/** The bookings that speak for it, read when somebody wants to see them. */
function evidence(one) {
    const money = moneyOn(one.account_id);
    const { days } = known;
    const list = make("ul", { tabindex: "0", "aria-label": `Bookings of ${one.name}` });
    const said = make("p", { class: "hint", role: "status" });
    const box = make("details", { class: "evidence" }, make("summary", {},
        `Seen ${one.booking_count} times, ${days.dated(one.first_on)} to ${days.dated(one.last_on)}`), list, said);
    box.addEventListener("toggle", async () => {
        if (!box.open || list.childElementCount > 0) return;
        said.textContent = "Reading …";
        try {
            const found = await get(`${PATH}/${one.fingerprint}`);
            list.replaceChildren(...found.evidence.toReversed().map((seen) => make("li", {},
                make("span", {}, days.dated(seen.transaction_date)),
                make("span", { class: "hint" }, seen.description),
                make("span", { class: "booking-amount" }, money.signed(cents(seen.amount))))));
            said.textContent = "";
        } catch (problem) {
            said.textContent = sentence(problem);
        }
    });
    return box;
}

/** Between which amounts it moved, where they differ. */
function rangeWords(one) {
    const [least, most] = [cents(one.least_amount), cents(one.most_amount)];
    const money = moneyOn(one.account_id);
    return least === most ? "" : `${money.full(Math.min(Math.abs(least), Math.abs(most)))} to ${money.full(Math.max(Math.abs(least), Math.abs(most)))}`;
}

/** The list; `settled()` is called when the plan changed. `read()` asks for suggestions. */
export function suggestionsIn(settled) {
    const list = byId("suggestions");
    let asks = 0;

    function tell(words) {
        byId("suggestions-said").textContent = words;
    }

    async function act(row, work) {
        const buttons = [...row.querySelectorAll("button")];
        for (const one of buttons) one.disabled = true;
        try {
            await work();
            const next = row.nextElementSibling ?? row.previousElementSibling;
            row.remove();
            (next?.querySelector("button") ?? byId("suggestions-look")).focus();
            if (list.childElementCount === 0) tell("That was all.");
        } catch (problem) {
            warn(sentence(problem));
            if (problem.status === 404) read();
        } finally {
            for (const one of buttons) one.disabled = false;
        }
    }

    async function back(work, words) {
        try {
            await work();
            await Promise.all([settled(), read()]);
            say(words);
        } catch (problem) {
            warn(sentence(problem));
        }
    }

    function accept(one, row) {
        return act(row, async () => {
            const item = await post(`${PATH}/${one.fingerprint}/accept`);
            await settled();
            say(`“${item.name}” is in your plan from ${known.days.dated(one.next_on)}.`,
                () => back(() => drop(`/recurring-items/${item.id}`, item.version), `“${item.name}” is a suggestion again.`));
        });
    }

    function dismiss(one, row) {
        return act(row, async () => {
            const gone = await post(`${PATH}/${one.fingerprint}/dismiss`);
            say(`“${one.name}” is not suggested again.`,
                () => back(() => drop(`/recurring-dismissals/${gone.id}`), `“${one.name}” is a suggestion again.`));
        });
    }

    function rowOf(one) {
        const amount = cents(one.amount);
        const yes = make("button", { type: "button", class: "primary", "aria-label": `Accept ${one.name}` }, "Accept");
        const no = make("button", { type: "button", class: "plain", "aria-label": `Dismiss ${one.name}` }, "Dismiss");
        const isTransfer = one.kind === "transfer";
        const places = [accountOf(one.account_id)?.name, accountOf(one.to_account_id)?.name].filter(Boolean).join(" → ");
        const row = make("li", { class: "rule-row" },
            make("div", { class: "rule-words" }, make("h3", {}, one.name),
                make("span", { class: "hint" }, [rhythmWords(one), places, categoryWords(one.subcategory_id), rangeWords(one)].filter(Boolean).join(" · ")),
                make("span", {}, `Next ${known.days.medium(one.next_on)}, ${known.days.away(known.today, one.next_on)}. `,
                    make("span", { class: "hint" }, sureWords(one.confidence)))),
            make("span", { class: `booking-amount ${isTransfer ? "" : tone(amount)}` },
                isTransfer ? moneyOn(one.account_id).full(Math.abs(amount)) : moneyOn(one.account_id).signed(amount)),
            make("div", { class: "rule-ends" }, yes, no),
            evidence(one));
        yes.addEventListener("click", () => accept(one, row));
        no.addEventListener("click", () => dismiss(one, row));
        return row;
    }

    async function read() {
        asks += 1;
        const mine = asks;
        tell("Looking through your bookings …");
        try {
            const items = await every(PATH);
            if (mine !== asks) return;
            list.replaceChildren(...items.map(rowOf));
            tell(items.length === 0 ? "Nothing new repeats itself in your bookings." : "");
        } catch (problem) {
            if (mine !== asks) return;
            list.replaceChildren();
            tell(sentence(problem));
        }
    }

    byId("suggestions-look").addEventListener("click", read);
    return {
        read,
        forget() {
            asks += 1;
            list.replaceChildren();
            tell("");
        },
    };
}
