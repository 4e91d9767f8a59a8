// What the columns of a table mean, where the service did not find out, or found something else.

import { make } from "./dom.js";
import { choice, field } from "./fields.js";

const MEANINGS = [
    ["date", "Day"], ["amount", "Amount"], ["debit", "Money out"], ["credit", "Money in"], ["description", "Description"],
    ["counterparty", "Who with"], ["category", "Category"], ["external_id", "Number of the bank"], ["currency", "Currency"],
    ["account", "Account"], ["comment", "Comment"], ["direction", "In or out"],
];
const ORDERS = [["", "As the file shows"], ["dmy", "Day, month, year"], ["mdy", "Month, day, year"], ["ymd", "Year, month, day"]];
const MARKS = [["", "As the file shows"], [".", "Point: 1,234.50"], [",", "Comma: 1.234,50"]];
const HEAD_BYTES = 65536;
const MOST_COLUMNS = 60;

/** The columns as the service read them: `{columns, sample}`. */
export const columnsFrom = (options) => ({ columns: options.columns ?? [], sample: options.sample ?? [] });

/** The columns of a file that was refused, from its first filled line: enough to choose among. */
export async function columnsOf(file) {
    const head = await file.slice(0, HEAD_BYTES).text();
    const lines = head.split(/\r?\n/).filter((one) => one.trim() !== "");
    const count = (text, mark) => text.split(mark).length;
    const marks = [";", "\t", "|", ","];
    const best = lines.slice(0, 30).map((text) => {
        const mark = marks.reduce((one, other) => (count(text, other) > count(text, one) ? other : one));
        return { text, mark, many: count(text, mark) };
    });
    const found = best.reduce((one, other) => (other.many > one.many ? other : one), { text: "", mark: ",", many: 0 });
    const cells = found.text.split(found.mark).slice(0, MOST_COLUMNS).map((one) => one.trim().replace(/^"|"$/g, ""));
    return { columns: cells.filter(Boolean), sample: [] };
}

function cellsOf({ columns, sample }) {
    const row = sample.find((one) => one.length === columns.length);
    return columns.map((name, index) => [name, row?.[index] ? `${name}: ${String(row[index]).slice(0, 40)}` : name]);
}

/** The form; `again(wishes)` reads the file once more as it is said. `options` are those of the import. */
export function mappingForm(table, wishes, options, again) {
    const known = wishes.mapping ? JSON.parse(wishes.mapping) : options.mapping ?? {};
    const cells = cellsOf(table);
    const dialect = options.dialect ?? {};
    const form = make("form", { class: "near report-form" },
        make("div", { class: "fields" },
            ...MEANINGS.map(([name, words]) => field(words, choice(name, [["", "–"], ...cells], known[name] ?? ""))),
            field("Order of a date", choice("date_order", ORDERS, wishes.date_order ?? ""), {
                hint: dialect.is_ambiguous?.includes("date_order") ? "the file does not tell" : "" }),
            field("Decimal mark", choice("decimal_mark", MARKS, wishes.decimal_mark ?? ""), {
                hint: dialect.is_ambiguous?.includes("decimal_mark") ? "the file does not tell" : "" })),
        make("p", { class: "error", role: "alert" }),
        make("div", { class: "box-end" }, make("button", { type: "submit", class: "plain" }, "Read again")));
    form.addEventListener("submit", (event) => {
        event.preventDefault();
        const chosen = Object.fromEntries(MEANINGS.map(([name]) => [name, form.elements[name].value]).filter(([, value]) => value !== ""));
        if (!chosen.date || !(chosen.amount || chosen.debit || chosen.credit)) {
            form.querySelector(".error").textContent = "Say at least which column is the day, and which the amount.";
            form.elements[chosen.date ? "amount" : "date"].focus();
            return;
        }
        again({ mapping: JSON.stringify(chosen), date_order: form.elements.date_order.value, decimal_mark: form.elements.decimal_mark.value });
    });
    return form;
}
