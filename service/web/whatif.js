// What if: changes that are thought of, laid over the forecast by the service; nothing is written
// but what is saved by name.

import { byId, make } from "./dom.js";
import { choice, field, input, accountOptions } from "./fields.js";
import { mark, onSubmit, valuesOf } from "./forms.js";
import { known, moneyOf } from "./known.js";
import { confirmed, say, warn } from "./notes.js";
import { drop, every, post, sentence } from "./talk.js";
import { faultOf, KINDS, thoughtOf } from "./whatif-thought.js";
import { showCompared } from "./whatif-view.js";

/** The panel; `open(asOf)` reads what it needs, `asOf` is a day to look back at or "". */
export function whatIf() {
    const box = byId("whatif-box");
    let asOf = "";
    let thoughts = [];
    let items = [];
    let saved = [];
    let asks = 0;
    let form = null;

    const laid = () => thoughts.filter((one) => one.part === "saved").map((one) => one.value);
    const bodyOf = () => {
        const body = {};
        for (const { part, value } of thoughts.filter((one) => one.part !== "saved")) {
            if (part === "balance") body.balance = value;
            else (body[part] ??= []).push(value);
        }
        return body;
    };
    const wishes = () => ({
        ...bodyOf(), ...(laid().length > 0 ? { scenario_ids: laid() } : {}), ...(asOf ? { as_of: asOf } : {}),
    });

    function chips() {
        byId("whatif-thoughts").replaceChildren(...thoughts.map((thought, index) => {
            const away = make("button", { type: "button", class: "quiet", "aria-label": `Take out: ${thought.words}` }, "×");
            away.addEventListener("click", () => {
                thoughts.splice(index, 1);
                think();
                form.elements.kind.focus();
            });
            return make("li", { class: "thought" }, thought.words, away);
        }));
        byId("whatif-save").hidden = !thoughts.some((one) => one.part !== "saved");
    }

    /** Asks for the comparison of all thoughts; false, with the reason said, when it is refused. */
    async function think() {
        asks += 1;
        const mine = asks;
        chips();
        if (thoughts.length === 0) {
            byId("whatif-result").replaceChildren();
            return true;
        }
        try {
            const answer = await post("/forecast/compare", { ...wishes(), days: 365, fields: "date,baseline,scenario" });
            if (mine === asks) showCompared(byId("whatif-result"), answer, known.days, moneyOf(answer.currency));
            return true;
        } catch (problem) {
            if (mine === asks) mark(form, "kind", sentence(problem));
            return false;
        }
    }

    /** Shows the fields that this kind of thought has. */
    function fit() {
        const { kind } = valuesOf(form);
        const has = { name: ["income", "expense", "once"], amount: ["income", "expense", "once", "balance"],
            on_day: ["income", "expense", "once", "pause"], account_id: ["income", "expense", "once"], rested: ["pause"] };
        for (const [name, kinds] of Object.entries(has)) form.elements[name].closest(".field").hidden = !kinds.includes(kind);
    }

    function build() {
        form = make("form", { class: "near", novalidate: "", "aria-label": "What if" },
            make("div", { class: "fields" },
                field("What if", choice("kind", KINDS, "income"), { wide: true }),
                field("Name", input("name", "", { maxlength: 200 })),
                field("Amount", input("amount", "", { inputmode: "decimal" })),
                field("From or on", input("on_day", asOf || known.today, { type: "date" })),
                field("Account", choice("account_id", accountOptions(), known.accounts.find((one) => one.is_active)?.id)),
                field("Which one", choice("rested", items.map((one) => [one.id, one.name]), items[0]?.id))),
            make("div", { class: "error-home" }, make("p", { class: "error", role: "alert" })),
            make("button", { class: "primary", type: "submit" }, "Show what would be"));
        form.elements.kind.addEventListener("change", fit);
        onSubmit(form, faultOf, async (values) => {
            thoughts.push(thoughtOf(values, items));
            if (await think()) form.elements.amount.value = form.elements.name.value = "";
            else {
                thoughts.pop();
                chips();
            }
        });
        byId("whatif-form").replaceChildren(form);
        fit();
    }

    function listSaved() {
        byId("whatif-saved").replaceChildren(...saved.map((scenario) => {
            const lay = make("button", { type: "button", class: "plain", "aria-label": `Lay on: ${scenario.name}` }, scenario.name);
            lay.addEventListener("click", () => {
                if (laid().includes(scenario.id)) return;
                thoughts.push({ part: "saved", value: scenario.id, words: `Saved: ${scenario.name}` });
                think();
            });
            const away = make("button", { type: "button", class: "quiet", "aria-label": `Drop the saved “${scenario.name}”` }, "×");
            away.addEventListener("click", async () => {
                if (!await confirmed(`Drop “${scenario.name}”?`, "The saved thought goes; your plan was never changed by it.", "Drop it")) return;
                try {
                    await drop(`/scenarios/${scenario.id}`, scenario.version);
                    thoughts = thoughts.filter((one) => one.part !== "saved" || one.value !== scenario.id);
                    await readSaved();
                    think();
                } catch (problem) {
                    warn(sentence(problem));
                }
            });
            return make("li", { class: "thought" }, lay, away);
        }));
        byId("whatif-kept").hidden = saved.length === 0;
    }

    async function readSaved() {
        saved = await every("/scenarios");
        listSaved();
    }

    onSubmit(byId("whatif-save"), ({ name }) => (name ? null : ["name", "Give it a name, such as A smaller flat."]), async ({ name }) => {
        await post("/scenarios", { name, ...bodyOf() });
        byId("whatif-save").reset();
        await readSaved();
        say(`“${name}” is saved. Nothing of it is in your plan.`);
    });

    async function open() {
        asks += 1;
        const mine = asks;
        try {
            const [rules] = await Promise.all([every("/recurring-items"), readSaved()]);
            if (mine !== asks) return;
            items = rules.filter((one) => one.is_active);
            build();
            chips();
        } catch (problem) {
            if (mine === asks) byId("whatif-form").replaceChildren(make("p", { class: "hint" }, sentence(problem)));
        }
    }

    box.addEventListener("toggle", () => box.open && open());

    return {
        /** The forecast was read anew: what was compared is compared again when it is in sight. */
        renew(day) {
            asOf = day ?? "";
            if (box.open) open().then(think);
        },
        forget() {
            asks += 1;
            thoughts = [];
            box.open = false;
            for (const id of ["whatif-form", "whatif-thoughts", "whatif-result", "whatif-saved"]) byId(id).replaceChildren();
            byId("whatif-save").hidden = true;
        },
    };
}
