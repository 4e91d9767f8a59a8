// The room of imports: choose or drop a file, look at what it would do, book it, take it back.

import { byId, make } from "./dom.js";
import { columnsOf, mappingForm } from "./import-mapping.js";
import { pastImports } from "./import-past.js";
import { reportOf } from "./import-report.js";
import { chooser, progress } from "./import-start.js";
import { changed, refreshKnown } from "./known.js";
import { say, warn } from "./notes.js";
import { LONG, post, sentence } from "./talk.js";
import { sendFile } from "./upload.js";

/** The room; a file in sight stays while other rooms are visited. */
export function importRoom() {
    const body = byId("import-body");
    let file = null;
    let wishes = {}; // How the file is to be read, beside what the service finds out.
    let sending = null;
    let past = null;

    function begin() {
        [file, wishes] = [null, {}];
        past = pastImports(settled);
        body.replaceChildren(chooser((chosen, accountId) => {
            file = chosen;
            wishes = accountId === "" ? {} : { account_id: accountId };
            look();
        }), past.host);
        past.read();
    }

    function fieldsOf() {
        const fields = new URLSearchParams({ dry_run: "true", name: file.name.slice(0, 200) });
        for (const [name, value] of Object.entries(wishes)) if (value !== "" && value !== null) fields.set(name, value);
        return fields;
    }

    /** A dry run of the file as it is wished to be read. */
    async function look() {
        sending = new AbortController();
        const mine = sending;
        const shown = progress(file, () => mine.abort());
        body.replaceChildren(shown.host);
        shown.host.querySelector("h2").focus();
        try {
            const found = await sendFile(file, fieldsOf(), shown.tell, mine.signal);
            if (sending === mine) show(found);
        } catch (problem) {
            if (sending !== mine) return;
            if (problem.kind === "dropped") begin();
            else refuse(problem);
        }
    }

    function again(more) {
        Object.assign(wishes, more);
        look();
    }

    const other = () => {
        const made = make("button", { type: "button", class: "plain" }, "Choose another file");
        made.addEventListener("click", begin);
        return made;
    };

    /** What to do about a file that was refused: say it plainly, and offer columns where they are the trouble. */
    async function refuse(problem) {
        const isTable = ["mapping", "date_order", "decimal_mark", "delimiter", "encoding"].includes(problem.field);
        const retry = make("button", { type: "button", class: "plain" }, "Try again");
        retry.addEventListener("click", look);
        const title = make("h2", { tabindex: "-1" }, problem.kind === "away" ? problem.title
            : isTable ? "Say what the columns mean" : "This file cannot be read");
        body.replaceChildren(make("section", { class: "sheet import-sheet" }, title,
            make("p", { role: "alert" }, problem.message),
            make("p", { class: "hint" }, `${file.name}. Nothing was booked.`),
            isTable ? mappingForm(await columnsOf(file), wishes, {}, again) : "",
            make("div", { class: "box-end" }, other(), isTable ? "" : retry)));
        title.focus();
    }

    function show(found) {
        if (found.status === "failed" && found.read_count === 0) {
            refuse({ title: "", message: found.failure, kind: "refused", field: "" });
            return;
        }
        body.replaceChildren(reportOf(found, {
            file, wishes, again, other: other(),
            book: () => book(found),
        }));
        body.querySelector("h2").focus();
    }

    async function book(found) {
        const button = body.querySelector("#import-book");
        const mine = body.firstElementChild;
        for (const one of mine.querySelectorAll("button, input, select")) one.disabled = true;
        button.textContent = "Booking …";
        try {
            const booked = await post(`/statement-imports/${found.id}/book`, {}, LONG);
            await settled();
            if (body.firstElementChild !== mine) return; // Somebody else is here by now.
            if (booked.status === "failed") show(booked);
            else done(booked);
        } catch (problem) {
            for (const one of mine.querySelectorAll("button, input, select")) one.disabled = false;
            button.textContent = "Try again";
            warn(problem.kind === "away" ? `${sentence(problem)} Look under “Files before” whether it was booked.`
                : `Nothing was booked. ${sentence(problem)}`);
        }
    }

    async function settled() {
        await refreshKnown();
        changed();
    }

    function done(booked) {
        const undo = make("button", { type: "button", class: "plain" }, "Undo this import");
        undo.addEventListener("click", () => takeBack(booked, undo));
        const look = make("a", { class: "button primary", href: "#/transactions" }, "See the transactions");
        const title = make("h2", { tabindex: "-1" }, booked.new_count === 1 ? "One row is booked" : `${booked.new_count} rows are booked`);
        body.replaceChildren(make("section", { class: "sheet import-sheet" }, title,
            make("p", {}, [
                booked.matched_count > 0 ? `${booked.matched_count} pending bookings are posted now.` : "",
                booked.duplicate_count > 0 ? `${booked.duplicate_count} were there already.` : "",
                booked.rejected_count > 0 ? `${booked.rejected_count} could not be read and are not booked.` : "",
            ].filter(Boolean).join(" ")),
            make("div", { class: "box-end" }, undo, other(), look)));
        title.focus();
    }

    async function takeBack(booked, button) {
        button.disabled = true;
        button.textContent = "Taking back …";
        try {
            const undone = await post(`/statement-imports/${booked.id}/undo`, {}, LONG);
            await settled();
            begin();
            say(undone.kept_count > 0
                ? `Taken back, but ${undone.kept_count} bookings that were changed since stay.`
                : `Taken back: ${undone.dropped_count} bookings are gone again.`);
        } catch (problem) {
            button.disabled = false;
            button.textContent = "Undo this import";
            warn(sentence(problem));
        }
    }

    return {
        open() {
            if (body.childElementCount === 0) begin();
            else past?.read();
        },
        forget() {
            sending?.abort();
            sending = null;
            file = null;
            body.replaceChildren();
        },
    };
}
