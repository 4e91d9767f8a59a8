// Forms: what was typed, one request at a time, and a refusal beside the field that it names.

function valueOf(field) {
    if (field.type === "checkbox") return field.checked;
    return field.type === "password" ? field.value : field.value.trim();
}

/** The fields of a form by name: trimmed text, except passwords, which are taken as typed; ticks are booleans. */
export function valuesOf(form) {
    return Object.fromEntries([...form.elements].filter((field) => field.name).map((field) => [field.name, valueOf(field)]));
}

/** Says a sentence in a form, at the field `name`, which gets the focus; "" takes it back. */
export function mark(form, name, sentence) {
    const error = form.querySelector(".error");
    if (!error) return; // A form that asks nothing, such as a question with two buttons.
    for (const field of form.elements) {
        if (sentence !== "" && field.name === name) field.setAttribute("aria-invalid", "true");
        else field.removeAttribute("aria-invalid");
    }
    error.textContent = sentence;
    const blamed = form.elements.namedItem(name);
    if (form.classList.contains("near")) (blamed?.closest?.(".field") ?? form.querySelector(".error-home")).append(error);
    if (sentence !== "") (blamed ?? form.querySelector("input, select")).focus();
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
