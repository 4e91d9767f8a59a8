// Fields that forms are made of, choices of accounts and categories, and the sheet that a form opens in.

import { byId, make } from "./dom.js";
import { mark, onSubmit } from "./forms.js";
import { known } from "./known.js";

/** A control under its name; `hint` is a second line. */
export function field(words, control, { hint = "", wide = false } = {}) {
    return make("label", { class: wide ? "field wide" : "field" },
        make("span", {}, words), control, hint ? make("small", { class: "hint" }, hint) : null);
}

/** A box to tick with its words. */
export function tick(words, name, isOn = false) {
    return make("label", { class: "tick" }, make("input", { type: "checkbox", name, checked: isOn ? "" : null }), words);
}

export const input = (name, value = "", attributes = {}) => make("input", { name, value, autocomplete: "off", ...attributes });

/** A choice; `options` are elements, or pairs of value and words. */
export function choice(name, options, value = "", attributes = {}) {
    const made = make("select", { name, ...attributes }, ...options.map((one) => (Array.isArray(one)
        ? make("option", { value: one[0] }, one[1]) : one)));
    made.value = value ?? "";
    return made;
}

/** Accounts as options; closed ones only where they are chosen or asked for. */
export function accountOptions({ chosen = null, all = false } = {}) {
    return known.accounts
        .filter((one) => all || one.is_active || one.id === chosen)
        .map((one) => make("option", { value: one.id }, one.name));
}

export const WHOLE = "all-of-"; // Before the key of a category that is meant with all its parts.

/** Every subcategory under its category; `first` are pairs of value and words above them. */
export function categoryOptions(first = [["", "No category"]], hasWhole = false) {
    return [
        ...first.map(([value, words]) => make("option", { value }, words)),
        ...known.categories.filter((one) => one.subcategories.length > 0).map((category) => make("optgroup", { label: category.name },
            hasWhole ? make("option", { value: WHOLE + category.id }, `All of ${category.name}`) : null,
            ...category.subcategories.map((one) => make("option", { value: one.id }, one.name)))),
    ];
}

/** The number of a chosen key, null for none. */
export const keyOf = (text) => (text === "" ? null : Number(text));

/**
 * Opens a form in the sheet; `send(values)` does it and the sheet closes. `more` is a second button,
 * `{words, act}`; `after` stands below the fields. Answers the form.
 */
export function openSheet(title, fields, { act, check = () => null, send, more = null, after = null }) {
    const box = byId("sheet");
    const cancel = make("button", { class: "plain", type: "button" }, "Cancel");
    const form = make("form", { class: "near", novalidate: "" },
        make("h2", { id: "sheet-title" }, title),
        make("div", { class: "fields" }, ...fields),
        after,
        make("div", { class: "error-home" }, make("p", { class: "error", role: "alert" })),
        make("div", { class: "box-end" },
            more ? make("button", { class: "danger far", type: "button" }, more.words) : null,
            cancel,
            make("button", { class: "primary", type: "submit" }, act)));
    cancel.addEventListener("click", () => box.close());
    form.querySelector(".danger")?.addEventListener("click", async () => {
        try {
            await more.act();
        } catch (problem) {
            mark(form, problem.field ?? "", problem.message);
        }
    });
    onSubmit(form, check, async (values) => {
        await send(values);
        box.close();
    });
    box.replaceChildren(form);
    box.setAttribute("aria-labelledby", "sheet-title");
    box.addEventListener("close", () => {
        box.replaceChildren(); // Nothing typed stays behind.
        box.removeAttribute("aria-labelledby");
    }, { once: true });
    box.showModal();
    return form;
}
