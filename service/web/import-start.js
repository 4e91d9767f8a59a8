// Where an import begins: a place to drop a file or a button to choose one, then how far it is.

import { make } from "./dom.js";
import { accountOptions, choice, field } from "./fields.js";
import { known } from "./known.js";

const ACCEPTED = ".csv,.tsv,.txt,.ofx,.qfx,.qif,.xml,.sta,.mt940,.940,.swi,text/csv,application/xml";

/** A size in words. */
export function sizeWords(bytes) {
    const [unit, size] = bytes >= 1048576 ? ["megabyte", bytes / 1048576] : ["kilobyte", bytes / 1024];
    return new Intl.NumberFormat(known.locale, { style: "unit", unit, maximumFractionDigits: size < 10 ? 1 : 0 }).format(size);
}

/** The drop zone; `onFile(file, accountId)` is called with a file, and "" for an account that the file names. */
export function chooser(onFile) {
    const picker = make("input", { type: "file", id: "import-file", class: "sr-only", accept: ACCEPTED, tabindex: "-1", "aria-label": "File of your bank" });
    const button = make("button", { type: "button", class: "primary" }, "Choose a file");
    const options = accountOptions();
    const account = choice("account_id", options.length === 1 ? options : [["", "As the file says"], ...options],
        options.length === 1 ? options[0].value : "", { id: "import-account" });
    const error = make("p", { class: "error", role: "alert" });
    const zone = make("div", { class: "drop" },
        make("p", { class: "drop-words" }, make("strong", {}, "Drop a file of your bank here"),
            make("span", { class: "hint" }, "CSV, OFX, QFX, QIF, CAMT.053 or MT940")),
        picker, button, error);
    let depth = 0; // Entering a child leaves nothing.

    function take(files) {
        zone.classList.remove("over");
        depth = 0;
        const [file] = files;
        if (!file) return;
        if (files.length > 1) error.textContent = "One file at a time, please.";
        else if (file.size === 0) error.textContent = `“${file.name}” is empty.`;
        else onFile(file, account.value);
    }

    button.addEventListener("click", () => picker.click());
    picker.addEventListener("change", () => take(picker.files));
    zone.addEventListener("dragenter", (event) => {
        event.preventDefault();
        depth += 1;
        zone.classList.add("over");
    });
    zone.addEventListener("dragover", (event) => event.preventDefault());
    zone.addEventListener("dragleave", () => {
        depth -= 1;
        if (depth <= 0) zone.classList.remove("over");
    });
    zone.addEventListener("drop", (event) => {
        event.preventDefault();
        take(event.dataTransfer.files);
    });
    return make("section", { class: "sheet import-sheet", "aria-label": "A new file" },
        field("Account", account, { hint: options.length === 1 ? "" : "for a file that names none, or names it otherwise" }), zone,
        make("p", { class: "hint" }, "First you see what it would do. Nothing is booked before you say so, and an import can be taken back."));
}

/** What is shown while a file is on its way; `tell({sent, total, rows})` moves it. */
export function progress(file, onStop) {
    const bar = make("progress", { max: 1, value: 0, "aria-label": `Progress of ${file.name}` });
    const words = make("p", { role: "status" }, `Sending ${sizeWords(file.size)} …`);
    const stop = make("button", { type: "button", class: "plain" }, "Stop");
    stop.addEventListener("click", onStop);
    return {
        host: make("section", { class: "sheet import-sheet" }, make("h2", { tabindex: "-1" }, `Reading ${file.name}`), bar, words,
            make("div", { class: "box-end" }, stop)),
        tell({ sent, total, rows }) {
            if (rows === null) {
                bar.value = total > 0 ? sent / total : 0;
                return;
            }
            bar.removeAttribute("value"); // How many rows there are is not known before the end.
            words.textContent = rows > 0 ? `${new Intl.NumberFormat(known.locale).format(rows)} rows read …` : "The file is there; its rows are read …";
        },
    };
}
