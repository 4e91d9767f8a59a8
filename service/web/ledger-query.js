// What the transactions are asked for: the filters as query fields, and the wait after the last key.

import { byId, make } from "./dom.js";
import { accountOptions, categoryOptions, WHOLE } from "./fields.js";
import { mark, valuesOf } from "./forms.js";
import { cents, decimal, isAmount, plain } from "./money.js";

const WAIT_MS = 250; // Between two keys of somebody who types.
const FILTERS = ["account_id", "subcategory_id", "direction", "is_pending", "from", "to", "least", "most"];
export const ORDERS = [
    ["newest", "Newest first"], ["oldest", "Oldest first"],
    ["largest", "Most money in first"], ["smallest", "Most money out first"],
];

const DAYS = ["newest", "oldest"];

/** Days read as headings only in the order of days. */
export const isByDay = (form) => DAYS.includes(form.elements.order.value);

/** `[field, sentence]` of a filter that cannot be asked, or null. */
function faultOf(values) {
    for (const name of ["least", "most"]) {
        if (values[name] !== "" && !isAmount(values[name])) return [name, "Type the amount as a number, such as 12.50."];
    }
    if (values.from && values.to && values.from > values.to) return ["to", "The last day lies before the first."];
    return null;
}

/** From which amount to which, with their sign; for money out the sizes are what is typed. */
function rangeOf({ least, most, direction }) {
    const turn = (text) => (text === "" ? "" : decimal(-Math.abs(cents(plain(text)))));
    const [low, high] = direction === "out" ? [turn(most), turn(least)] : [plain(least), plain(most)];
    return { min_amount: low, max_amount: high };
}

/** The query fields of the form, in the words of the service. */
function fieldsOf(values) {
    const asked = { text: values.text, account_id: values.account_id };
    Object.assign(asked, { from: values.from, to: values.to, is_pending: values.is_pending, direction: values.direction });
    const isWhole = values.subcategory_id.startsWith(WHOLE);
    asked[isWhole ? "category_id" : "subcategory_id"] = values.subcategory_id.slice(isWhole ? WHOLE.length : 0);
    Object.assign(asked, rangeOf(values));
    if (values.order !== "newest") asked.order = values.order;
    return new URLSearchParams(Object.entries(asked).filter(([, value]) => value !== ""));
}

/** How many filters are set, search and order aside. */
export const filterCount = (values) => FILTERS.filter((name) => values[name] !== "").length;

/** Wires the form; `ask(query, isTyped)` is called with what is wanted now. */
export function finder(ask) {
    const form = byId("ledger-form");
    let waiting = 0;
    byId("ledger-order").replaceChildren(...ORDERS.map(([value, words]) => make("option", { value }, words)));

    /** What is searched for by words is found by day: orders of amounts wait until the words are gone. */
    function settleOrder() {
        const hasText = form.elements.text.value.trim() !== "";
        for (const one of form.elements.order.options) one.disabled = hasText && !DAYS.includes(one.value);
        if (hasText && !isByDay(form)) form.elements.order.value = "newest";
    }

    function tell(isTyped = false) {
        clearTimeout(waiting);
        settleOrder();
        const values = valuesOf(form);
        const count = filterCount(values);
        byId("filter-count").textContent = count > 0 ? ` (${count})` : "";
        const fault = faultOf(values);
        const had = document.activeElement;
        mark(form, ...(fault ?? ["", ""]));
        if (fault && had?.form === form) had.focus(); // A sentence while typing moves nobody.
        if (!fault) ask(fieldsOf(values), isTyped);
    }

    form.addEventListener("input", (event) => {
        clearTimeout(waiting);
        if (event.target.matches("select, [type=date]")) return; // Their change follows at once.
        waiting = setTimeout(() => tell(true), WAIT_MS);
    });
    form.addEventListener("change", (event) => {
        if (event.target.matches("select, [type=date]")) tell();
    });
    form.addEventListener("submit", (event) => {
        event.preventDefault();
        tell();
    });
    function clear({ all = false } = {}) {
        for (const name of FILTERS) form.elements[name].value = "";
        if (all) form.elements.text.value = "";
    }
    byId("filters-clear").addEventListener("click", () => {
        clear();
        tell();
    });

    return {
        tell,
        clear,
        values: () => valuesOf(form),
        /** Fills the choices, keeping what is chosen where it still exists. */
        fill() {
            const { account_id: account, subcategory_id: category } = form.elements;
            const kept = [account.value, category.value];
            account.replaceChildren(make("option", { value: "" }, "All accounts"), ...accountOptions({ all: true }));
            category.replaceChildren(...categoryOptions([["", "All categories"]], true));
            [account.value, category.value] = kept.map((value, index) => ([account, category][index]
                .querySelector(`option[value="${value}"]`) ? value : ""));
        },
        /** Sets filters that an address wishes for; true when there are any. */
        wish(wishes) {
            const wanted = FILTERS.filter((name) => wishes.has(name));
            if (wanted.length === 0) return false;
            clear({ all: true });
            for (const name of wanted) form.elements[name].value = wishes.get(name);
            byId("ledger-filters").open = true;
            return true;
        },
    };
}
