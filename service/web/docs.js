// Draws /openapi.json: every operation with its fields, answers and a form to try it.

import { fieldRow, make, row, table } from "/docs-dom.js";
import { followed, leaves, open, sample } from "/docs-schema.js";
import { bodySchema, tryForm } from "/docs-try.js";
import * as session from "/session.js";

const METHODS = ["get", "post", "put", "patch", "delete"];
const page = (id) => document.getElementById(id);
const pretty = (value) => JSON.stringify(value, null, 2);

function asked(operation) {
    const rows = operation.parameters.map((parameter) => {
        const schema = { ...followed(parameter.schema), description: parameter.description };
        return fieldRow([parameter.name, schema, parameter.required], parameter.in);
    });
    const body = bodySchema(operation);
    if (body) rows.push(...leaves(body).map((leaf) => fieldRow(leaf, "body")));
    return rows.length ? [make("h4", {}, "Asks"), table("Fields of the request", ["Field", "Type", ""], rows)] : [];
}

function answered(operation) {
    const rows = [];
    const shapes = [];
    for (const [status, given] of Object.entries(operation.responses)) {
        const answer = followed(given);
        rows.push(row(status, [answer.description]));
        const schema = followed(answer.content?.["application/json"]?.schema);
        const data = schema?.properties?.data;
        if (data)
            shapes.push(
                make(
                    "details",
                    {},
                    make("summary", {}, "Fields and example of data"),
                    table("Fields of data", ["Field", "Type", ""], leaves(data).map(([name, part, must]) =>
                        fieldRow([name, part, false], must ? "" : "may be absent"))),
                    make("pre", { tabindex: "0" }, pretty(sample(data))),
                ),
            );
    }
    return [make("h4", {}, "Answers"), table("Statuses", ["Status", ""], rows), ...shapes];
}

function article(method, path, operation) {
    return make(
        "article",
        { id: operation.operationId, "aria-labelledby": `${operation.operationId}-title` },
        make(
            "h3",
            { id: `${operation.operationId}-title` },
            make("span", { class: `method ${method}` }, method.toUpperCase()),
            make("span", { class: "path" }, path),
        ),
        make("p", {}, operation.summary),
        operation.description ? make("p", { class: "note" }, operation.description) : null,
        ...asked(operation),
        ...answered(operation),
        tryForm(method, path, operation),
    );
}

function draw(book) {
    open(book);
    page("title").textContent = book.info.title;
    page("version").textContent = book.info.version;
    document.title = book.info.title;
    const byTag = new Map(book.tags.map((tag) => [tag.name, []]));
    for (const [path, item] of Object.entries(book.paths))
        for (const method of METHODS)
            if (item[method] && !item[method].deprecated)
                byTag.get(item[method].tags[0]).push([
                    method,
                    path,
                    { ...item[method], parameters: (item[method].parameters ?? []).map(followed) },
                ]);
    const main = page("operations");
    main.replaceChildren(make("p", {}, book.info.description ?? ""));
    for (const [tag, operations] of byTag) {
        const list = make("ul", {});
        for (const [method, path, operation] of operations) {
            const words = `${method} ${path} ${operation.summary}`.toLowerCase();
            list.append(
                make("li", { "data-words": words },
                    make("a", { href: `#${operation.operationId}` },
                        make("span", { class: `method ${method}` }, method.toUpperCase()), ` ${operation.summary}`)),
            );
        }
        page("index").append(make("div", {}, make("h2", {}, tag), list));
        main.append(make("section", { "aria-label": tag }, make("h2", {}, tag),
            ...operations.map((one) => article(...one))));
    }
    if (location.hash) page(location.hash.slice(1))?.scrollIntoView();
}

page("filter").addEventListener("input", (event) => {
    const sought = event.target.value.trim().toLowerCase();
    for (const item of document.querySelectorAll("[data-words]")) item.hidden = !item.dataset.words.includes(sought);
    for (const group of page("index").children) group.hidden = !group.querySelector("li:not([hidden])");
});

session.resume().catch(() => false).finally(() => {
    page("token").value = session.credentials()?.token ?? "";
});
page("token").addEventListener("input", (event) => session.keepToken(event.target.value.trim()));
page("token-form").addEventListener("submit", (event) => event.preventDefault());

try {
    const answer = await fetch("/openapi.json");
    if (!answer.ok) throw new Error(`${answer.status} ${answer.statusText}`);
    draw(await answer.json());
} catch (failure) {
    page("operations").replaceChildren(make("p", { role: "alert" }, `The document could not be read: ${failure.message}`));
}
