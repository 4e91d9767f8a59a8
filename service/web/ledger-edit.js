// One booking in the sheet: a new one, or one to read, edit and drop.

import { byId, make } from "./dom.js";
import { accountOptions, categoryOptions, choice, field, input, keyOf, openSheet, tick } from "./fields.js";
import { accountOf, known, moneyOn, refreshKnown } from "./known.js";
import { partsIn } from "./ledger-parts.js";
import { cents, decimal, isAmount, plain } from "./money.js";
import { confirmed, say, warn } from "./notes.js";
import { drop, get, patch, post, sentence } from "./talk.js";

const COPIED = ["account_id", "amount", "transaction_date", "description", "comment", "subcategory_id", "counterparty",
    "external_id", "is_pending", "recurring_item_id", "tags"];

function fieldsOf(booking) {
    const amount = cents(booking.amount ?? 0);
    const parted = booking.transfer_id || booking.splits?.length;
    return [
        field("Description", input("description", booking.description ?? "", { maxlength: 200, required: "" }), { wide: true }),
        field("Direction", choice("direction", [["out", "Money out"], ["in", "Money in"]], amount > 0 ? "in" : "out")),
        field("Amount", input("amount", amount === 0 ? "" : decimal(Math.abs(amount)), { inputmode: "decimal", required: "" })),
        field("Day", input("transaction_date", booking.transaction_date ?? known.today, { type: "date", required: "" })),
        field("Account", choice("account_id", accountOptions({ chosen: booking.account_id }), booking.account_id)),
        field("Who with", input("counterparty", booking.counterparty ?? "", { maxlength: 200 })),
        parted ? null : field("Category", choice("subcategory_id", categoryOptions(), booking.subcategory_id ?? "")),
        field("Tags", input("tags", (booking.tags ?? []).join(" ")), { wide: true, hint: "words of your own, with spaces between" }),
        field("Comment", make("textarea", { name: "comment", maxlength: 2000, rows: 2 }, booking.comment ?? ""), { wide: true }),
        tick("Still pending", "is_pending", booking.is_pending ?? false),
    ].filter(Boolean);
}

function faultOf(values) {
    if (!values.description) return ["description", "Say what it was."];
    if (!isAmount(values.amount) || Number(plain(values.amount)) === 0) return ["amount", "Type the amount as a number, such as 12.50."];
    return values.transaction_date ? null : ["transaction_date", "Choose the day."];
}

function bodyOf(values) {
    const size = Number(plain(values.amount));
    const body = {
        description: values.description,
        amount: values.direction === "out" ? -Math.abs(size) : size,
        transaction_date: values.transaction_date,
        account_id: Number(values.account_id),
        counterparty: values.counterparty || null,
        comment: values.comment || null,
        is_pending: values.is_pending,
        tags: [...new Set(values.tags.split(/\s+/).filter(Boolean))],
    };
    if (values.subcategory_id !== undefined) body.subcategory_id = keyOf(values.subcategory_id);
    return body;
}

function differs(name, now, before) {
    if (name === "amount") return cents(now) !== cents(before);
    return JSON.stringify(now) !== JSON.stringify(before ?? null);
}

/** Only what differs from the booking as it was read. */
function changesOf(booking, body) {
    return Object.fromEntries(Object.entries(body).filter(([name, value]) => differs(name, value, booking[name])));
}

/** Opens an empty sheet; `settled()` is called once the booking stands. */
export function addBooking(accountId, settled) {
    const first = Number(accountId) || known.accounts.find((one) => one.is_active)?.id || known.accounts[0].id;
    const form = openSheet("Add a booking", fieldsOf({ account_id: first }), {
        act: "Add it",
        check: faultOf,
        async send(values) {
            const added = await post("/transactions", bodyOf(values));
            await refreshKnown();
            settled();
            say(`Added “${added.description}”, ${moneyOn(added.account_id).signed(cents(added.amount))}.`,
                () => takeBack(added, settled));
        },
    });
    form.elements.description.focus();
}

async function takeBack(added, settled) {
    try {
        await drop(`/transactions/${added.id}`, added.version);
        await refreshKnown();
        settled();
        say(`“${added.description}” is not booked.`);
    } catch (problem) {
        warn(sentence(problem));
    }
}

async function putBack(booking, settled) {
    try {
        const body = Object.fromEntries(COPIED.filter((name) => booking[name] !== null && booking[name] !== undefined)
            .map((name) => [name, booking[name]]));
        await post("/transactions", body);
        await refreshKnown();
        settled();
        say(`“${booking.description}” is booked again.`);
    } catch (problem) {
        warn(sentence(problem));
    }
}

async function dropBooking(booking, listed, settled) {
    const account = accountOf(booking.account_id);
    const amount = cents(booking.amount);
    const money = moneyOn(booking.account_id);
    const legs = booking.transfer_id ? " It is one leg of a transfer; the other leg stays as a plain booking." : "";
    const isMeant = await confirmed(`Drop “${booking.description}”?`,
        `${money.signed(amount)} on ${known.days.long(booking.transaction_date)}. ${account.name} goes from `
        + `${money.full(cents(account.current_balance))} to ${money.full(cents(account.current_balance) - amount)}.${legs}`,
        "Drop it");
    if (!isMeant) return;
    await drop(`/transactions/${booking.id}`, booking.version);
    byId("sheet").close();
    await refreshKnown();
    settled({ listed });
    const isPlain = !booking.transfer_id && !booking.splits?.length;
    say(`Dropped “${booking.description}”, ${money.signed(amount)}.`, isPlain ? () => putBack(booking, settled) : null);
}

/** Opens a booking of the list as it stands now. */
export async function openBooking(listed, settled) {
    let booking;
    try {
        booking = await get(`/transactions/${listed.id}`);
    } catch (problem) {
        warn(problem.status === 404 ? "This booking is no longer there." : sentence(problem));
        if (problem.status === 404) settled({ listed });
        return;
    }
    openSheet(`“${booking.description}”`, fieldsOf(booking), {
        act: "Keep changes",
        check: faultOf,
        async send(values) {
            const changes = changesOf(booking, bodyOf(values));
            if (Object.keys(changes).length === 0) return;
            const now = await patch(`/transactions/${booking.id}`, changes, booking.version);
            await refreshKnown();
            settled({ listed, now });
            say(`Changed “${values.description}”.`);
        },
        more: { words: "Drop …", act: () => dropBooking(booking, listed, settled) },
        after: partsIn(booking, (now) => {
            byId("sheet").close();
            settled({ listed, now });
        }),
    });
}
