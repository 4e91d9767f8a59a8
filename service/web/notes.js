// What the page says of what was done, for a while, with a way back; and questions before what
// cannot be taken back.

import { byId, make } from "./dom.js";

const SHOWN_MS = 12000; // WCAG 2.2.1 asks for time enough; the pointer or the focus holds it longer.
let fading = 0;

/** Takes back what is said. */
export function hush() {
    clearTimeout(fading);
    byId("note").hidden = true;
    byId("note-words").textContent = "";
    byId("note-undo").replaceChildren();
}

function fade() {
    clearTimeout(fading);
    fading = setTimeout(() => {
        if (byId("note").matches(":hover, :focus-within")) fade();
        else hush();
    }, SHOWN_MS);
}

/** Says a sentence; `undo()`, if there is one, is a button beside it. */
export function say(words, undo = null, { isTrouble = false } = {}) {
    const button = undo === null ? "" : make("button", { type: "button", class: "quiet" }, "Undo");
    if (undo !== null) {
        button.addEventListener("click", async () => {
            button.disabled = true;
            await undo();
        });
    }
    byId("note").classList.toggle("toast-trouble", isTrouble);
    byId("note").hidden = false;
    byId("note-words").textContent = words;
    byId("note-undo").replaceChildren(button);
    fade();
}

/** Says what went wrong. */
export const warn = (words) => say(words, null, { isTrouble: true });

/**
 * Asks in words before something is done; true when it is wanted. `act` names the button.
 */
export function confirmed(title, words, act) {
    const box = byId("ask");
    byId("ask-title").textContent = title;
    byId("ask-words").textContent = words;
    byId("ask-yes").textContent = act;
    box.returnValue = "";
    box.showModal();
    byId("ask-no").focus();
    return new Promise((resolve) => {
        box.addEventListener("close", () => resolve(box.returnValue === "yes"), { once: true });
    });
}

byId("note-close").addEventListener("click", hush);
