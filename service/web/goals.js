// The room of goals: what is saved for, how far it is, when it is there, and what it needs.

import { bar } from "./bars.js";
import { byId, make } from "./dom.js";
import { accountOptions, choice, field, input, keyOf, openSheet } from "./fields.js";
import { changed, known, moneyOf, onChanged } from "./known.js";
import { cents, decimal, isAmount, plain } from "./money.js";
import { confirmed, say, warn } from "./notes.js";
import { drop, every, get, patch, post, sentence } from "./talk.js";

/** When a goal is reached, by what is put aside and by what is left over. */
export function reachWords(goal, days) {
    if (goal.is_reached) return "Reached.";
    const at = goal.at_monthly.reached_on;
    const pace = goal.at_pace.reached_on;
    const late = goal.at_monthly.is_on_time === false ? `, after ${days.dated(goal.target_on)}` : "";
    const words = [at ? `Reached on ${days.dated(at)} with what you put aside${late}.` : "Nothing is put aside for it yet."];
    words.push(pace ? `With all that is expected to be left over: ${days.dated(pace)}.` : "By what is expected, nothing is left over for it.");
    return words.join(" ");
}

/** What it takes each month to be there in time; "" without a day to be there. */
export function neededWords(goal, days, money) {
    if (goal.is_reached || !goal.target_on || goal.needed.monthly === null) return "";
    return `${money.full(cents(goal.needed.monthly))} a month are needed to be there by ${days.dated(goal.target_on)}.`;
}

function fieldsOf(goal = {}) {
    const amount = (value) => (value === undefined || value === null ? "" : decimal(cents(value)));
    return [
        field("Name", input("name", goal.name ?? "", { maxlength: 200, required: "" }), { wide: true }),
        field("Amount to reach", input("target_amount", amount(goal.target_amount), { inputmode: "decimal", required: "" })),
        field("By when, if it matters", input("target_on", goal.target_on ?? "", { type: "date" })),
        field("Put aside each month", input("monthly", amount(goal.monthly ?? 0), { inputmode: "decimal" })),
        goal.id ? null : field("Saved already", input("saved", "", { inputmode: "decimal" })),
        goal.id ? null : field("Saved on", choice("account_id", [["", "No account of its own"], ...accountOptions()], ""),
            { hint: "Its balance then says what is saved" }),
    ].filter(Boolean);
}

function faultOf(values) {
    if (!values.name) return ["name", "Give it a name, such as A new boiler."];
    if (!isAmount(values.target_amount) || cents(plain(values.target_amount)) <= 0) return ["target_amount", "Type the amount as a number, such as 3000."];
    if (values.monthly && !isAmount(values.monthly)) return ["monthly", "Type what you put aside as a number, such as 150."];
    return values.saved && !isAmount(values.saved) ? ["saved", "Type what is saved as a number, such as 500."] : null;
}

function bodyOf(values) {
    const body = {
        name: values.name, target_amount: Number(plain(values.target_amount)),
        target_on: values.target_on || null, monthly: Number(plain(values.monthly || "0")),
    };
    if (values.account_id) body.account_id = keyOf(values.account_id);
    else if (values.saved) body.saved = Number(plain(values.saved));
    return body;
}

const given = (body) => Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null));

/** The room; `open()` reads what changed. */
export function goalsRoom() {
    const list = byId("goals-list");
    let asks = 0;
    let isOld = true;
    onChanged(() => {
        isOld = true;
    });

    function nothing(title, words) {
        list.replaceChildren(make("li", { class: "nothing" }, make("strong", {}, title), words));
    }

    function add() {
        openSheet("Add a goal", fieldsOf(), {
            act: "Add it", check: faultOf,
            async send(values) {
                const goal = await post("/financial-goals", given(bodyOf(values)));
                await settled();
                say(`“${goal.name}” is one of your goals.`);
            },
        });
    }

    function edit(goal) {
        openSheet(`“${goal.name}”`, fieldsOf(goal), {
            act: "Keep changes", check: faultOf,
            async send(values) {
                await patch(`/financial-goals/${goal.id}`, bodyOf(values), goal.version);
                await settled();
                say(`Changed “${values.name}”.`);
            },
            more: { words: "Drop …", async act() {
                if (!await confirmed(`Drop “${goal.name}”?`, "The goal goes with what was noted as put in. The money stays where it is.", "Drop it")) return;
                await drop(`/financial-goals/${goal.id}`, goal.version);
                byId("sheet").close();
                await settled();
                say(`Dropped “${goal.name}”.`);
            } },
        });
    }

    function putIn(goal) {
        openSheet(`Put into “${goal.name}”`, [
            field("Amount", input("amount", "", { inputmode: "decimal", required: "" }), { hint: "with a minus: taken out" }),
            field("On", input("contributed_on", known.today, { type: "date", max: known.today })),
        ], {
            act: "Note it",
            check: (values) => (isAmount(values.amount) && cents(plain(values.amount)) !== 0 ? null : ["amount", "Type the amount as a number, such as 50."]),
            async send(values) {
                const amount = Number(plain(values.amount));
                const item = await post(`/financial-goals/${goal.id}/contributions`, given({ amount, contributed_on: values.contributed_on || null }));
                await settled();
                say(`${moneyOf(goal.currency).signed(cents(amount))} noted for “${goal.name}”.`, async () => {
                    try {
                        await drop(`/goal-contributions/${item.id}`);
                        await settled();
                        say("Taken back.");
                    } catch (problem) {
                        warn(sentence(problem));
                    }
                });
            },
        });
    }

    function row(goal, state) {
        const money = moneyOf(goal.currency);
        const name = make("button", { type: "button", class: "booking-name", "aria-haspopup": "dialog" }, goal.name);
        name.addEventListener("click", () => edit(goal));
        const put = make("button", { type: "button", class: "plain", "aria-label": `Put something into ${goal.name}` }, "Put in");
        put.addEventListener("click", () => putIn(goal));
        const needed = state ? neededWords(state, known.days, money) : "";
        return make("li", { class: "goal" },
            make("div", { class: "goal-top" }, name,
                make("span", { class: "booking-amount" }, `${money.full(cents(state?.saved ?? goal.saved))} of ${money.full(cents(goal.target_amount))}`)),
            bar(state ? state.percent / 100 : 0),
            make("p", { class: "hint" }, state ? `${state.percent} % saved. ${reachWords(state, known.days)}` : "This goal rests."),
            needed ? make("p", { class: "goal-needed" }, needed) : null,
            goal.account_id === null ? put : make("p", { class: "hint" }, "What is saved is what its account says."));
    }

    async function read() {
        asks += 1;
        const mine = asks;
        try {
            const [goals, progress] = await Promise.all([every("/financial-goals"), get("/financial-goals/progress")]);
            if (mine !== asks) return;
            isOld = false;
            const states = new Map(progress.goals.map((one) => [one.financial_goal_id, one]));
            list.replaceChildren(...goals.map((goal) => row(goal, states.get(goal.id))));
            if (goals.length === 0) nothing("Nothing is saved for yet", "Add what you want to have, and see when you have it.");
        } catch (problem) {
            if (mine === asks) nothing(problem.title ?? "This page has a fault", sentence(problem));
        }
    }

    async function settled() {
        changed();
        await read();
    }

    byId("goal-add").addEventListener("click", add);
    return {
        open() {
            if (isOld) read();
        },
        forget() {
            asks += 1;
            isOld = true;
            list.replaceChildren();
        },
    };
}
