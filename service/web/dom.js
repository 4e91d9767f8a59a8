// Elements by id and new ones. Text goes in as text only: nothing that was answered becomes markup.

/** The element with this id; a missing one is a mistake in the page and says so. */
export function byId(id) {
    const found = document.getElementById(id);
    if (!found) throw new Error(`The page has no #${id}.`);
    return found;
}

/** A new element; children are elements or text, and empty ones are left out. */
export function make(tag, attributes = {}, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
        if (value !== null && value !== undefined) made.setAttribute(name, value);
    }
    made.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
    return made;
}

/** The class of an income; spending is the usual case and stays in the colour of the text. */
export function tone(amount) {
    return amount > 0 ? "in" : "";
}

/** The class of a balance below zero, the only amount that is written in the colour of alarm. */
export function alarm(balance) {
    return balance < 0 ? "out" : "";
}
