// The form under an operation: fills it in, sends it, shows the answer or the same request as curl.

import { make } from "/docs-dom.js";
import { followed, sample, typeOf } from "/docs-schema.js";
import * as session from "/session.js";

const ASKED_HEADERS = ["Idempotency-Key", "If-Match"];

export const bodySchema = (operation) => followed(operation.requestBody?.content?.["application/json"]?.schema);

function input(id, parameter) {
    const schema = followed(parameter.schema);
    if (schema.enum) {
        const options = schema.enum.map((word) => make("option", {}, word));
        return make("select", { id }, make("option", { value: "" }, ""), ...options);
    }
    const isKey = parameter.name === "Idempotency-Key"; // Kept between two sends, so that the second is a replay.
    const value = isKey ? crypto.getRandomValues(new Uint32Array(4)).join("-") : parameter.required ? sample(schema) : "";
    return make("input", { id, value: String(value), placeholder: typeOf(schema), spellcheck: "false" });
}

export function tryForm(method, path, operation) {
    const id = operation.operationId;
    const inputs = new Map();
    const fields = make("div", { class: "fields" });
    for (const parameter of operation.parameters.filter((one) => one.in !== "header" || ASKED_HEADERS.includes(one.name))) {
        const control = input(`${id}-${parameter.name}`, parameter);
        inputs.set(parameter, control);
        fields.append(make("label", { for: control.id }, parameter.name), control);
    }
    const schema = bodySchema(operation);
    const isFile = operation.requestBody?.content?.["application/octet-stream"] !== undefined;
    let body = null;
    if (isFile) {
        body = make("input", { id: `${id}-body`, type: "file" });
        fields.append(make("label", { for: body.id }, "file"), body);
    } else if (schema) {
        const value = sample(schema);
        for (const name of Object.keys(value)) if (!(schema.required ?? []).includes(name)) delete value[name];
        body = make("textarea", { id: `${id}-body`, rows: "8", spellcheck: "false" });
        body.value = JSON.stringify(value, null, 2);
        fields.append(make("label", { for: body.id }, "body"), body);
    }
    const result = make("div", { "aria-live": "polite" });

    function request() {
        let address = path;
        const query = new URLSearchParams();
        const headers = { Accept: "application/json" };
        for (const [parameter, control] of inputs) {
            if (parameter.in === "path") address = address.replace(`{${parameter.name}}`, encodeURIComponent(control.value));
            else if (parameter.in === "header") headers[parameter.name] = control.value;
            else if (control.value !== "") query.set(parameter.name, control.value);
        }
        const who = session.credentials();
        if (who?.token) headers.Authorization = `Bearer ${who.token}`;
        else if (who && method !== "get") headers["X-CSRF-Token"] = who.csrf;
        for (const name of Object.keys(headers)) if (headers[name] === "") delete headers[name];
        const kind = isFile ? "application/octet-stream" : "application/json";
        if (method !== "get") headers["Content-Type"] = kind; // A cookie's write says so, body or not.
        return [address + (query.size ? `?${query}` : ""), { method: method.toUpperCase(), headers, body: isFile ? body.files[0] : body?.value }];
    }

    async function send(event) {
        event.preventDefault();
        const [address, options] = request();
        const began = performance.now();
        try {
            const answer = await fetch(address, options);
            const text = await answer.text();
            const took_ms = Math.round(performance.now() - began);
            const isJson = (answer.headers.get("Content-Type") ?? "").includes("json");
            const kept = ["ETag", "Server-Timing", "X-Request-ID", "Retry-After"]
                .filter((name) => answer.headers.get(name))
                .map((name) => `${name}: ${answer.headers.get(name)}`);
            result.replaceChildren(
                make("p", {}, make("span", { class: `status ${answer.ok ? "good" : "bad"}` }, `${answer.status} ${answer.statusText}`), ` in ${took_ms} ms`),
                make("pre", { tabindex: "0" }, [...kept, "", isJson && text ? indented(text) : text].join("\n")),
            );
        } catch (failure) {
            result.replaceChildren(make("p", { class: "status bad" }, `No answer: ${failure.message}`));
        }
    }

    function showCurl() {
        const [address, options] = request();
        const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;
        const words = ["curl", "-X", options.method, quoted(location.origin + address)];
        for (const [name, value] of Object.entries(options.headers)) words.push("-H", quoted(`${name}: ${value}`));
        if (isFile) words.push("--data-binary", quoted(`@${options.body?.name ?? "statement.csv"}`));
        else if (options.body) words.push("-d", quoted(options.body));
        result.replaceChildren(make("pre", { tabindex: "0" }, words.join(" ")));
    }

    return make(
        "details",
        { class: "try" },
        make("summary", {}, "Try it"),
        make(
            "form",
            { onsubmit: send, autocomplete: "off" },
            fields,
            make("div", { class: "row" }, make("button", {}, "Send"),
                make("button", { type: "button", class: "plain", onclick: showCurl }, "Show curl")),
        ),
        result,
    );
}

// Numbers keep their digits: 0.60 stays 0.60, which JSON.parse would lose.
function indented(text) {
    let depth = 0;
    const parts = text.match(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g) ?? [];
    return parts
        .map((part, at) => {
            const line = () => `\n${"  ".repeat(depth)}`;
            if (part === "{" || part === "[") {
                depth += 1;
                return /^[}\]]$/.test(parts[at + 1] ?? "") ? part : part + line();
            }
            if (part === "}" || part === "]") {
                depth -= 1;
                return /^[{[]$/.test(parts[at - 1] ?? "") ? part : line() + part;
            }
            return part === "," ? `,${line()}` : part === ":" ? ": " : part;
        })
        .join("");
}
