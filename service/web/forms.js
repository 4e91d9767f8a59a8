// Forms: what was typed, one request at a time, and a refusal beside the field that it names.

/** The fields of a form by name: trimmed text, except passwords, which are taken as typed. */
export function valuesOf(form) {
    const fields = [...form.elements].filter((field) => field.name);
    return Object.fromEntries(fields.map((field) => [
        field.name,
        field.type === "password" ? field.value : field.value.trim(),
    ]));
}

function mark(form, name, sentence) {
    for (const field of form.elements) {
        field.toggleAttribute?.("aria-invalid", sentence !== "" && field.name === name);
    }
    form.querySelector(".error").textContent = sentence;
    const blamed = form.elements.namedItem(name);
    if (sentence !== "") (blamed ?? form.querySelector("input")).focus();
}

/**
 * Calls `send(values)` when the form is submitted and shows its refusal in the form. `check(values)`
 * answers `[field, sentence]` for what need not be asked, or null.
 */
export function onSubmit(form, check, send) {
    form.addEventListener("submit", async (event) => {
        event.preventDefault();
        const button = form.querySelector("button[type=submit]");
        if (button.disabled) return;
        const values = valuesOf(form);
        const wrong = check(values);
        if (wrong) {
            mark(form, ...wrong);
            return;
        }
        button.disabled = true;
        mark(form, "", "");
        try {
            await send(values);
        } catch (problem) {
            mark(form, problem.field ?? "", problem.kind === "away" ? `${problem.title}. ${problem.message}` : problem.message);
        } finally {
            button.disabled = false;
        }
    });
}

/** Empties every form, so that nothing typed stays behind. */
export function clearForms() {
    for (const form of document.forms) {
        form.reset();
        mark(form, "", "");
    }
}
