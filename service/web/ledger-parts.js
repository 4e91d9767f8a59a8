// What hangs on a booking: the parts that it was for, and notes; both in the sheet of the booking.

import { make } from "./dom.js";
import { categoryOptions, choice, input, keyOf } from "./fields.js";
import { moneyOn } from "./known.js";
import { cents, decimal, isAmount, plain } from "./money.js";
import { drop, get, post, put, sentence } from "./talk.js";

function button(words, act, kind = "plain") {
    const made = make("button", { type: "button", class: kind }, words);
    made.addEventListener("click", act);
    return made;
}

function fold(words, ...inside) {
    return make("details", { class: "fold" }, make("summary", {}, words), ...inside);
}

function partRow(part, onChange) {
    const row = make("li", { class: "part-row" },
        choice("", categoryOptions(), part.subcategory_id ?? "", { "aria-label": "Category of this part" }),
        input("", part.amount === undefined ? "" : decimal(Math.abs(cents(part.amount))), { inputmode: "decimal", "aria-label": "Amount of this part" }),
        button("×", () => {
            row.remove();
            onChange();
        }, "quiet"));
    row.querySelector("button").setAttribute("aria-label", "Take this part away");
    row.querySelector("input").addEventListener("input", onChange);
    return row;
}

/** The parts as rows with a running rest; `done(booking)` is called once they are set. */
function splitting(booking, done) {
    const money = moneyOn(booking.account_id);
    const total = Math.abs(cents(booking.amount));
    const sign = cents(booking.amount) < 0 ? -1 : 1;
    const list = make("ul", { class: "parts" });
    const rest = make("p", { class: "hint", role: "status" });
    const error = make("p", { class: "error", role: "alert" });
    const amounts = () => [...list.querySelectorAll("input")].map((one) => (isAmount(one.value) ? cents(plain(one.value)) : 0));

    function tell() {
        const left = total - amounts().reduce((sum, one) => sum + one, 0);
        rest.textContent = left === 0 ? "The parts add up." : `${money.full(left)} of ${money.full(total)} is left to give a part.`;
    }

    async function send(splits) {
        error.textContent = "";
        try {
            done(await put(`/transactions/${booking.id}/splits`, { splits }, booking.version));
        } catch (problem) {
            error.textContent = sentence(problem);
        }
    }

    function set() {
        const boxes = [...list.children];
        if (boxes.length < 2) {
            error.textContent = "A booking is split into two parts or more.";
            return;
        }
        send(boxes.map((row, index) => ({
            amount: Number(decimal(sign * amounts()[index])),
            subcategory_id: keyOf(row.querySelector("select").value),
        })));
    }

    const parts = booking.splits ?? [];
    const first = parts.length > 0 ? parts : [{ subcategory_id: booking.subcategory_id, amount: decimal(total) }, {}];
    list.append(...first.map((part) => partRow(part, tell)));
    tell();
    return fold(parts.length > 0 ? `Split in ${parts.length} parts` : "Split in parts", list, rest, error,
        make("div", { class: "box-end" },
            parts.length > 0 ? button("Make it whole again", () => send([])) : null,
            button("Another part", () => {
                list.append(partRow({}, tell));
                list.lastChild.querySelector("select").focus();
            }),
            button("Set the parts", set)));
}

function notesOf(booking) {
    const list = make("ul", { class: "notes" });
    const text = make("textarea", { rows: 2, maxlength: 2000, "aria-label": "A new note" });
    const error = make("p", { class: "error", role: "alert" });
    const path = `/transactions/${booking.id}/notes`;

    async function act(work) {
        error.textContent = "";
        try {
            await work();
            await show();
        } catch (problem) {
            error.textContent = sentence(problem);
        }
    }

    async function show() {
        const { items } = await get(`${path}?limit=200`);
        list.replaceChildren(...items.map((note) => {
            const away = button("×", () => act(() => drop(`${path}/${note.id}`, note.version)), "quiet");
            away.setAttribute("aria-label", `Take the note away: ${note.note}`);
            return make("li", {}, make("span", {}, note.note), away);
        }));
    }

    const made = fold(booking.note_count > 0 ? `Notes (${booking.note_count})` : "Notes", list, text, error, make("div", { class: "box-end" }, button("Add the note", () => act(async () => {
        if (!text.value.trim()) return;
        await post(path, { note: text.value.trim() });
        text.value = "";
    }))));
    made.addEventListener("toggle", () => made.open && act(async () => {}));
    return made;
}

/** Both, folded; `done(booking)` is called after it was split. */
export function partsIn(booking, done) {
    return make("div", {}, booking.transfer_id ? null : splitting(booking, done), notesOf(booking));
}
