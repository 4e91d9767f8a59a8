// Elements of the documentation page. Text goes in as text nodes only: nothing that the document says
// can become markup.

import { limitsOf, typeOf } from "/docs-schema.js";

export function make(tag, properties = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(properties)) {
        if (value === undefined || value === null) continue;
        if (name === "class") element.className = value;
        else if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
        else element.setAttribute(name, value);
    }
    element.append(...children.filter((child) => child !== null && child !== undefined));
    return element;
}

export function table(caption, heads, rows) {
    return make(
        "div",
        { class: "wide", tabindex: "0", role: "group", "aria-label": caption },
        make(
            "table",
            {},
            make("thead", {}, make("tr", {}, ...heads.map((head) => make("th", { scope: "col" }, head)))),
            make("tbody", {}, ...rows),
        ),
    );
}

export function fieldRow([name, schema, isRequired], where) {
    const note = [where, isRequired ? "required" : "", schema.description, limitsOf(schema)].filter(Boolean).join("; ");
    return make(
        "tr",
        {},
        make("th", { scope: "row" }, make("code", {}, name)),
        make("td", { class: "type" }, typeOf(schema)),
        make("td", {}, note),
    );
}
