// The category of a booking as a choice in its row: set at once, taken back when it is refused.

import { make } from "./dom.js";
import { categoryOptions, keyOf } from "./fields.js";
import { categoryWords } from "./known.js";
import { say, warn } from "./notes.js";
import { get, patch, sentence } from "./talk.js";

const SETTLED_MS = 700; // Arrow keys walk a closed choice: only where they stop is meant.

/** A choice with one option; the rest comes when somebody goes there, as pages hold many rows. */
export function categoryChoice(booking, onCategory) {
    const box = make("select", { class: "booking-category", "aria-label": `Category of ${booking.description}` });
    let isFilled = false;
    let settling = 0;

    function show() {
        box.classList.toggle("none", booking.subcategory_id === null);
        if (isFilled) {
            box.value = booking.subcategory_id ?? "";
            return;
        }
        const words = booking.subcategory ?? categoryWords(booking.subcategory_id) ?? "No category";
        box.replaceChildren(make("option", { value: booking.subcategory_id ?? "" }, words));
    }

    function fill() {
        if (isFilled) return;
        isFilled = true;
        box.replaceChildren(...categoryOptions());
        show();
    }

    function settle() {
        clearTimeout(settling);
        const wanted = keyOf(box.value);
        if (isFilled && wanted !== booking.subcategory_id) onCategory(booking, wanted, show);
    }

    box.addEventListener("pointerdown", fill);
    box.addEventListener("focus", fill);
    box.addEventListener("blur", settle);
    box.addEventListener("change", () => {
        clearTimeout(settling);
        settling = setTimeout(settle, SETTLED_MS);
    });
    show();
    return box;
}

function take(booking, answer) {
    for (const name of ["subcategory_id", "subcategory", "category"]) booking[name] = answer[name];
}

/**
 * Sets the category of a booking: shown at once, as it was again with a sentence when it is refused.
 * `show()` draws it; `done()` is called once it holds.
 */
export async function setCategory(booking, wanted, show, done) {
    const before = booking.subcategory_id;
    const path = `/transactions/${booking.id}`;
    booking.subcategory_id = wanted;
    show();
    try {
        const stands = await get(path);
        if (stands.subcategory_id !== before) {
            take(booking, stands);
            show();
            warn(`“${booking.description}” was changed elsewhere meanwhile. It is shown as it stands now.`);
            return;
        }
        const answer = await patch(path, { subcategory_id: wanted }, stands.version);
        take(booking, answer);
        show();
        done();
        say(`“${booking.description}”: ${categoryWords(wanted) ?? "no category"}.`, async () => {
            try {
                take(booking, await patch(path, { subcategory_id: before }, answer.version));
                show();
                done();
                say(`“${booking.description}” is as it was: ${categoryWords(before) ?? "no category"}.`);
            } catch (problem) {
                warn(sentence(problem));
            }
        });
    } catch (problem) {
        booking.subcategory_id = before;
        show();
        warn(`The category stays as it was. ${sentence(problem)}`);
    }
}
