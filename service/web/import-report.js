// The report of a dry run: what is new, known, matched and refused, balances, and what to do next.

import { make, tone } from "./dom.js";
import { accountOptions, choice, keyOf, tick } from "./fields.js";
import { columnsFrom, mappingForm } from "./import-mapping.js";
import { accountOf, known, moneyOn } from "./known.js";
import { cents } from "./money.js";

const RULES = {
    external_id: "same number of the bank", same: "same amount, day and text", alike: "same amount and text on a near day",
    pending: "was pending", pending_amount: "was pending, with another amount", dropped: "was dropped before",
};

const number = (count) => new Intl.NumberFormat(known.locale).format(count);

function table(title, count, heads, rows, isOpen = false) {
    if (rows.length === 0) return "";
    const more = count > rows.length ? make("p", { class: "hint" }, `The first ${number(rows.length)} of ${number(count)}.`) : "";
    const words = `${title} (${number(count)})`;
    return make("details", { class: "report-part", open: isOpen ? "" : null }, make("summary", {}, words),
        make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": words },
            make("table", {}, make("caption", { class: "sr-only" }, words),
                make("thead", {}, make("tr", {}, ...heads.map((one) => make("th", { scope: "col", class: one === "Amount" ? "number" : null }, one)))),
                make("tbody", {}, ...rows))), more);
}

const line = (row) => make("td", { class: "hint" }, row.line === null || row.line === undefined ? "–" : String(row.line));
const whose = (row) => (known.accounts.length > 1 ? accountOf(row.account_id)?.name ?? "" : "");

function amountCell(row) {
    const amount = cents(row.amount);
    return make("td", { class: `number ${tone(amount)}` }, moneyOn(row.account_id).signed(amount));
}

function words(row) {
    return make("td", { class: "long" }, row.description,
        make("span", { class: "hint part" }, [row.counterparty, row.category, whose(row)].filter((one) => one && one !== row.description).join(" · ")));
}

const day = (row) => make("td", { class: "day-cell" }, known.days.dated(row.transaction_date));

function foundRow(row) {
    const before = row.booking?.description ? `“${row.booking.description}”, ${known.days.dated(row.booking.transaction_date)}` : "";
    return make("tr", {}, line(row), day(row), words(row), amountCell(row),
        make("td", { class: "long" }, row.is_dropped ? "you dropped it before" : RULES[row.rule] ?? row.rule,
            make("span", { class: "hint part" }, before)));
}

function balances(list) {
    if (list.length === 0) return "";
    return make("div", { class: "report-balances" }, ...list.map((one) => {
        const money = moneyOn(one.account_id);
        const off = cents(one.difference);
        const name = accountOf(one.account_id)?.name ?? one.name ?? "";
        return make("p", { class: off === 0 ? "in" : "reason" }, off === 0
            ? `${name}: the balance of the file, ${money.full(cents(one.file_balance))} on ${known.days.dated(one.closing_on)}, is yours too.`
            : `${name}: the file says ${money.full(cents(one.file_balance))} on ${known.days.dated(one.closing_on)}, your bookings come to `
                + `${money.full(cents(one.ledger_balance))}: ${money.full(Math.abs(off))} ${off > 0 ? "are missing" : "are too many"} here.`);
    }));
}

const lostAccounts = (found) => (found.report.accounts ?? []).filter((one) => one.account_id === null);

/** Accounts that the file names and that are nobody's here: which of yours they are. */
function accountsForm(found, wishes, again) {
    const lost = lostAccounts(found);
    if (lost.length === 0) return "";
    const given = JSON.parse(wishes.accounts ?? "{}");
    const form = make("form", { class: "near report-form" },
        make("h3", {}, "Which accounts are these?"),
        make("div", { class: "fields" }, ...lost.map((one, index) => make("label", { class: "field" },
            make("span", {}, `${one.name ?? "No name in the file"} (${number(one.row_count)} rows)`),
            choice(`account-${index}`, [["", "Leave out"], ...accountOptions()], given[one.name] ?? "")))),
        make("div", { class: "box-end" }, make("button", { type: "submit", class: "plain" }, "Read again")));
    form.addEventListener("submit", (event) => {
        event.preventDefault();
        const unnamed = lost.findIndex((one) => one.name === null);
        lost.forEach((one, index) => {
            const key = keyOf(form.elements[`account-${index}`].value);
            if (one.name !== null && key !== null) given[one.name] = key;
        });
        const more = Object.keys(given).length > 0 ? { accounts: JSON.stringify(given) } : {};
        if (unnamed >= 0) more.account_id = form.elements[`account-${unnamed}`].value;
        again(more);
    });
    return form;
}

function headline(found) {
    if (found.new_count === 0 && lostAccounts(found).length > 0) return "Say which accounts these are";
    if (found.new_count === 0 && found.matched_count === 0) return found.duplicate_count > 0 ? "Nothing new in this file" : "Nothing that could be booked";
    return found.new_count === 1 ? "One new row" : `${number(found.new_count)} new rows`;
}

function counts(found) {
    const card = (title, count, shade = "") => make("li", { class: "card" }, make("span", { class: "card-title" }, title),
        make("span", { class: `card-value ${count > 0 ? shade : ""}` }, number(count)));
    return make("ul", { class: "cards report-cards" }, card("New", found.new_count, "in"), card("Known already", found.duplicate_count),
        card("Pending, now posted", found.matched_count), card("Refused", found.rejected_count, "out"));
}

/** The whole report; `actions` has file, wishes, again(wishes), book() and the button `other`. */
export function reportOf(found, { file, wishes, again, book, other }) {
    const { report } = found;
    const isStrict = wishes.strict === "true";
    const many = found.new_count + found.matched_count;
    const isStuck = many === 0 || found.status === "failed";
    const yes = make("button", { type: "button", id: "import-book", class: "primary" },
        many === 1 ? "Book one row" : `Book ${number(many)} rows`);
    yes.disabled = isStuck;
    yes.addEventListener("click", book);
    const strict = tick("Strict: book nothing while a row is refused", "strict", isStrict);
    strict.querySelector("input").addEventListener("change", (event) => again({ strict: event.target.checked ? "true" : "" }));
    const restore = tick("Bring back what I dropped", "restore", wishes.restore === "true");
    restore.querySelector("input").addEventListener("change", (event) => again({ restore: event.target.checked ? "true" : "" }));
    const hasDropped = wishes.restore === "true" || (report.duplicate ?? []).some((one) => one.is_dropped);
    const isTable = found.format === "csv";
    const unclear = isTable && found.rejected_count > found.new_count + found.duplicate_count;
    return make("section", { class: "sheet import-sheet" },
        make("h2", { tabindex: "-1" }, headline(found)),
        make("p", { class: "hint" }, `${file.name}, ${found.format.toUpperCase()}, ${number(found.read_count)} rows read. Nothing is booked yet.`),
        found.failure ? make("p", { class: "error", role: "alert" }, found.failure) : "",
        counts(found),
        balances(report.balances ?? []),
        accountsForm(found, wishes, again),
        table("Refused rows", found.rejected_count, ["Line", "Column", "Why", "Text"], (report.rejected ?? []).map((row) => make("tr", {}, line(row),
            make("td", {}, row.column ?? "–"), make("td", { class: "long" }, row.reason), make("td", { class: "long raw" }, row.text ?? ""))), true),
        table("New", found.new_count, ["Line", "Day", "What", "Amount"],
            (report.new ?? []).map((row) => make("tr", {}, line(row), day(row), words(row), amountCell(row))), true),
        table("Pending, now posted", found.matched_count, ["Line", "Day", "What", "Amount", "Which"], (report.matched ?? []).map(foundRow)),
        table("Known already", found.duplicate_count, ["Line", "Day", "What", "Amount", "Why"], (report.duplicate ?? []).map(foundRow)),
        isTable ? make("details", { class: "report-part", open: unclear ? "" : null }, make("summary", {}, "How the columns are read"),
            mappingForm(columnsFrom(found.options), wishes, found.options, again)) : "",
        make("div", { class: "report-ticks" }, strict, hasDropped ? restore : ""),
        make("div", { class: "box-end" }, other, yes));
}
