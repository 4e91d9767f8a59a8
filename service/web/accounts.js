// Accounts with their balances: edit one, close it, drop it, open another.

import { byId, make } from "./dom.js";
import { choice, field, input, openSheet, tick } from "./fields.js";
import { changed, known, moneyOn, refreshKnown } from "./known.js";
import { cents, decimal, isAmount, plain } from "./money.js";
import { confirmed, say } from "./notes.js";
import { drop, patch, post } from "./talk.js";

const TYPES = ["checking", "savings", "credit", "investment", "cash", "other"]
    .map((one) => [one, `${one[0].toUpperCase()}${one.slice(1)}`]);

function faultOf(values) {
    if (!values.name) return ["name", "Give the account a name."];
    if (!isAmount(values.opening_balance)) return ["opening_balance", "Type the balance as a number, such as 1200.50."];
    if (values.currency !== undefined && !/^[A-Za-z]{3}$/.test(values.currency)) {
        return ["currency", "Type a currency as three letters, such as EUR."];
    }
    return null;
}

function bodyOf(values) {
    const body = {
        name: values.name,
        type: values.type,
        opening_balance: Number(plain(values.opening_balance)),
        bank_name: values.bank_name || null,
    };
    if (values.currency !== undefined) body.currency = values.currency.toUpperCase();
    if (values.is_active !== undefined) body.is_active = values.is_active;
    return body;
}

function fieldsOf(account) {
    return [
        field("Name", input("name", account.name ?? "", { maxlength: 200, required: "" }), { wide: true }),
        field("Kind", choice("type", TYPES, account.type ?? "checking")),
        field("Opening balance", input("opening_balance", decimal(cents(account.opening_balance ?? 0)), { inputmode: "decimal" })),
        account.id ? null : field("Currency", input("currency", known.user.currency, { maxlength: 3 })),
        field("Bank", input("bank_name", account.bank_name ?? "", { maxlength: 200 })),
        account.id ? tick("In use", "is_active", account.is_active) : null,
    ].filter(Boolean);
}

/** The box of accounts; `show()` draws it. */
export function accountsBox() {
    async function settled(words) {
        await refreshKnown();
        changed();
        show();
        say(words);
    }

    async function dropAccount(account) {
        const isMeant = await confirmed(`Drop the account “${account.name}”?`,
            "Only an account that nothing was booked on can go. One that was used can be put out of use instead.", "Drop it");
        if (!isMeant) return;
        await drop(`/accounts/${account.id}`, account.version);
        byId("sheet").close();
        await settled(`Dropped “${account.name}”.`);
    }

    function edit(account) {
        openSheet(`“${account.name}”`, fieldsOf(account), {
            act: "Keep changes",
            check: faultOf,
            async send(values) {
                await patch(`/accounts/${account.id}`, bodyOf(values), account.version);
                await settled(`Changed “${values.name}”.`);
            },
            more: { words: "Drop …", act: () => dropAccount(account) },
        });
    }

    function show() {
        byId("accounts-list").replaceChildren(...known.accounts.map((account) => {
            const name = make("button", { type: "button", class: "booking-name", "aria-haspopup": "dialog" }, account.name);
            name.addEventListener("click", () => edit(account));
            const balance = cents(account.current_balance);
            return make("li", { class: "account-row" }, name,
                make("span", { class: "hint" }, [account.type, account.currency, account.is_active ? "" : "out of use"].filter(Boolean).join(" · ")),
                make("span", { class: `booking-amount ${balance < 0 ? "out" : ""}` }, moneyOn(account.id).full(balance)));
        }));
    }

    byId("account-add").addEventListener("click", () => openSheet("Open an account", fieldsOf({}), {
        act: "Open it",
        check: faultOf,
        async send(values) {
            await post("/accounts", bodyOf(values));
            await settled(`Opened “${values.name}”.`);
        },
    }));

    return { show, forget: () => byId("accounts-list").replaceChildren() };
}
