// What a JSON Schema of /openapi.json says, in words a reader understands; and one plain value of it.

let book;

/** The document that `$ref`s point into. */
export function open(document) {
    book = document;
}

/** A node itself, or the one that its `$ref` points at. */
export const followed = (node) =>
    node && node.$ref ? followed(node.$ref.slice(2).split("/").reduce((at, key) => at[key], book)) : node;

/** The type in one line: `date or null`, `list of integer`, `skip | move | amount`. */
export function typeOf(schema) {
    schema = followed(schema) ?? {};
    if (schema.const !== undefined) return JSON.stringify(schema.const);
    if (schema.oneOf || schema.anyOf) return (schema.oneOf ?? schema.anyOf).map(typeOf).join(" or ");
    const types = [schema.type ?? "any"].flat();
    const plain = types.filter((name) => name !== "null").join(" or ");
    let words = plain === "array" ? `list of ${typeOf(schema.items)}` : schema.format ?? plain;
    if (schema.enum) words = schema.enum.filter((word) => word !== null).join(" | ");
    return types.includes("null") ? `${words} or null` : words;
}

/** Ranges, lengths and the default. */
export function limitsOf(schema) {
    schema = followed(schema) ?? {};
    const limits = [];
    if (schema.minimum !== undefined || schema.maximum !== undefined)
        limits.push(`${schema.minimum ?? ""} … ${schema.maximum ?? ""}`);
    if (schema.maxLength !== undefined) limits.push(`at most ${schema.maxLength} characters`);
    if (schema.maxItems !== undefined) limits.push(`at most ${schema.maxItems} items`);
    if (schema.default !== undefined && schema.default !== null) limits.push(`default ${JSON.stringify(schema.default)}`);
    return limits.join(", ");
}

/** `[path, schema, is required]` of everything under a schema, in reading order. */
export function leaves(schema, at = "", required = true) {
    schema = followed(schema) ?? {};
    const own = at ? [[at, schema, required]] : [];
    if (schema.properties)
        return own.concat(
            Object.entries(schema.properties).flatMap(([name, part]) =>
                leaves(part, at ? `${at}.${name}` : name, (schema.required ?? []).includes(name)),
            ),
        );
    const items = followed(schema.items);
    if (items?.properties || items?.items) return own.concat(leaves(items, `${at}[]`, true).slice(1));
    return own;
}

/** One plain value: the example, the default, the first word or the least. */
export function sample(schema) {
    schema = followed(schema) ?? {};
    if (schema.examples?.length) return schema.examples[0];
    if (schema.const !== undefined) return schema.const;
    if (schema.default !== undefined) return schema.default;
    if (schema.enum) return schema.enum[0];
    if (schema.oneOf || schema.anyOf) return sample((schema.oneOf ?? schema.anyOf)[0]);
    const type = [schema.type].flat()[0];
    if (type === "object")
        return Object.fromEntries(Object.entries(schema.properties ?? {}).map(([name, part]) => [name, sample(part)]));
    if (type === "array") return [sample(schema.items)];
    if (type === "integer") return Math.max(schema.minimum ?? 1, 1);
    if (type === "number") return 12.34;
    if (type === "boolean") return false;
    return { date: "2026-11-20", "date-time": "2026-11-20T08:30:00Z" }[schema.format] ?? "text";
}
