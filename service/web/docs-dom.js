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
            { role: "table" },
            make("thead", { role: "rowgroup" }, make("tr", { role: "row" },
                ...heads.map((head) => make("th", { scope: "col", role: "columnheader" }, head)))),
            make("tbody", { role: "rowgroup" }, ...rows),
        ),
    );
}

/** A row of a table: its head, then its cells. The roles outlive the stacked form on a phone. */
export function row(head, ...cells) {
    return make("tr", { role: "row" },
        make("th", { scope: "row", role: "rowheader" }, make("code", {}, head)),
        ...cells.map(([text, name]) => make("td", { role: "cell", class: name }, text)));
}

export function fieldRow([name, schema, isRequired], where) {
    const note = [where, isRequired ? "required" : "", schema.description, limitsOf(schema)].filter(Boolean).join("; ");
    return row(name, [typeOf(schema), "type"], [note]);
}
