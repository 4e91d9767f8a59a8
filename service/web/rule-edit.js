// A recurring item in the sheet: a new one, or one to edit, pause and drop.

import { byId } from "./dom.js";
import { accountOptions, categoryOptions, choice, field, input, keyOf, openSheet, tick } from "./fields.js";
import { accountOf, known, moneyOn } from "./known.js";
import { cents, decimal, isAmount, plain } from "./money.js";
import { confirmed, say, warn } from "./notes.js";
import { drop, patch, post, sentence } from "./talk.js";

const KINDS = [["expense", "Money out"], ["income", "Money in"], ["transfer", "Between my accounts"]];
const FREQUENCIES = [
    ["once", "Once"], ["daily", "Daily"], ["weekly", "Weekly"], ["biweekly", "Every two weeks"], ["semimonthly", "Twice a month"],
    ["monthly", "Monthly"], ["quarterly", "Quarterly"], ["yearly", "Yearly"],
];
const READ_ONLY = new Set(["id", "version", "created_at", "updated_at"]);

function fieldsOf(rule) {
    const amount = Math.abs(cents(rule.amount ?? 0));
    return [
        field("Name", input("name", rule.name ?? "", { maxlength: 200, required: "" }), { wide: true }),
        field("What is it", choice("kind", KINDS, rule.kind ?? "expense")),
        field("Amount", input("amount", amount === 0 ? "" : decimal(amount), { inputmode: "decimal", required: "" })),
        field("How often", choice("frequency", FREQUENCIES, rule.frequency ?? "monthly")),
        field("Every", input("every_n", rule.every_n ?? 1, { type: "number", min: 1, max: 999 }), { hint: "1: every time, 2: every second" }),
        field("Counted from", input("anchor_on", rule.anchor_on ?? known.today, { type: "date", required: "" })),
        field("Last day, if any", input("ends_on", rule.ends_on ?? "", { type: "date" })),
        field("Account", choice("account_id", accountOptions({ chosen: rule.account_id }), rule.account_id)),
        field("To account", choice("to_account_id", [["", "–"], ...accountOptions({ chosen: rule.to_account_id })], rule.to_account_id ?? ""),
            { hint: "for transfers" }),
        field("Category", choice("subcategory_id", categoryOptions(), rule.subcategory_id ?? ""), { wide: true }),
        rule.id ? tick("In the plan", "is_active", rule.is_active) : null,
    ].filter(Boolean);
}

function faultOf(values) {
    if (!values.name) return ["name", "Give it a name, such as Salary or Rent."];
    if (!isAmount(values.amount) || cents(plain(values.amount)) === 0) return ["amount", "Type the amount as a number, such as 950."];
    if (!values.anchor_on) return ["anchor_on", "Choose the day that it is counted from."];
    return values.kind === "transfer" && !values.to_account_id ? ["to_account_id", "Choose where a transfer arrives."] : null;
}

function bodyOf(values) {
    const size = Math.abs(Number(plain(values.amount)));
    const body = {
        name: values.name,
        kind: values.kind,
        amount: values.kind === "expense" ? -size : size,
        frequency: values.frequency,
        every_n: Number(values.every_n) || 1,
        anchor_on: values.anchor_on,
        ends_on: values.ends_on || null,
        account_id: Number(values.account_id),
        to_account_id: values.kind === "transfer" ? keyOf(values.to_account_id) : null,
        subcategory_id: keyOf(values.subcategory_id),
    };
    if (values.is_active !== undefined) body.is_active = values.is_active;
    return body;
}

const given = (body) => Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null));

/** Opens an empty sheet; `settled()` is called once the item stands. */
export function addRule(settled) {
    openSheet("Add a recurring item", fieldsOf({ account_id: known.accounts.find((one) => one.is_active)?.id }), {
        act: "Add it",
        check: faultOf,
        async send(values) {
            const added = await post("/recurring-items", given(bodyOf(values)));
            await settled();
            say(`“${added.name}” is in your plan.`, () => undo(async () => {
                await drop(`/recurring-items/${added.id}`, added.version);
                say(`“${added.name}” is no longer in your plan.`);
            }, settled));
        },
    });
}

/** Takes something back, or says why not. */
async function undo(work, settled) {
    try {
        await work();
        await settled();
    } catch (problem) {
        warn(sentence(problem));
    }
}

async function dropRule(rule, settled) {
    const amount = cents(rule.amount);
    const isMeant = await confirmed(`Drop “${rule.name}”?`,
        `${moneyOn(rule.account_id).signed(amount)} on ${accountOf(rule.account_id)?.name} leaves the forecast. What was booked for it stays.`,
        "Drop it");
    if (!isMeant) return;
    await drop(`/recurring-items/${rule.id}`, rule.version);
    byId("sheet").close();
    await settled();
    say(`Dropped “${rule.name}”.`, () => undo(async () => {
        await post("/recurring-items", given(Object.fromEntries(Object.entries(rule).filter(([name]) => !READ_ONLY.has(name)))));
        say(`“${rule.name}” is in your plan again; link what was booked for it anew.`);
    }, settled));
}

/** Opens an item as it was listed. */
export function editRule(rule, settled) {
    openSheet(`“${rule.name}”`, fieldsOf(rule), {
        act: "Keep changes",
        check: faultOf,
        async send(values) {
            const body = bodyOf(values);
            const changes = Object.fromEntries(Object.entries(body).filter(([name, value]) =>
                (name === "amount" ? cents(value) !== cents(rule.amount) : value !== (rule[name] ?? null))));
            if (Object.keys(changes).length > 0) await patch(`/recurring-items/${rule.id}`, changes, rule.version);
            await settled();
            say(`Changed “${values.name}”.`);
        },
        more: { words: "Drop …", act: () => dropRule(rule, settled) },
    });
}
