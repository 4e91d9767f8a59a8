// The loaded plan on the page: which account, which range, which day; and everything that follows.

import { chartIn } from "./chart.js";
import { daysIn } from "./dates.js";
import { byId, make } from "./dom.js";
import { moneyIn } from "./money.js";
import { dayWords, showCards, showDay, showOverdue, showUpcoming } from "./panels.js";
import { addView, busyDays, cut } from "./plan.js";
import { likelyWords, showRisk } from "./risk.js";
import { showDays, showMonths } from "./tables.js";
import { chartWords, headline } from "./words.js";

const SAID_AFTER_MS = 350; // A held arrow key passes days faster than a voice can name them.

/**
 * The board; `show(user, plan)` fills it, keeping account, range and day where they still exist.
 * `ask(id, asOf)` answers the forecast of one account alone, or null.
 */
export function board(ask) {
    const host = byId("chart");
    const chart = chartIn(host, (index) => point(index));
    let plan = null;
    let locale = "en-US";
    let writers = null;
    let view = null;
    let wanted = null;
    let part = null;
    let count = 365;
    let chosen = 0;
    let voice = 0;

    function point(index, { aloud = false } = {}) {
        chosen = Math.min(Math.max(index, 0), part.closing.length - 1);
        chart.point(chosen);
        showDay(plan, view, chosen, writers);
        byId("day-likely").textContent = likelyWords(view.expected, chosen, writers);
        host.setAttribute("aria-valuenow", chosen);
        host.setAttribute("aria-valuetext",
            `${writers.days.long(plan.dates[chosen])}, ${writers.money.full(part.closing[chosen])}`);
        clearTimeout(voice);
        if (aloud) {
            voice = setTimeout(() => {
                byId("said").textContent = `${dayWords(plan, view, chosen, writers)} ${likelyWords(view.expected, chosen, writers)}`.trim();
            }, SAID_AFTER_MS);
        }
    }

    function draw() {
        chart.draw({
            ...part,
            ...writers,
            dates: plan.dates.slice(0, part.closing.length),
            startsToday: plan.dates[0] === plan.asOf,
            reserve: view.id ? 0 : plan.reserve,
            healthyFrom: view.id ? 0 : plan.healthyFrom,
            warningFrom: view.id ? 0 : plan.warningFrom,
        });
        chart.point(chosen);
    }

    function refresh() {
        writers = { money: moneyIn(locale, view.currency), days: daysIn(locale) };
        part = cut(view, Math.min(count, plan.dates.length));
        chosen = Math.min(chosen, part.closing.length - 1);
        const { title, detail } = headline(plan, view, part, count, writers);
        byId("headline").textContent = title;
        byId("subline").textContent = plan.left.length > 0 && !view.id
            ? `${detail} Not counted, because of another currency: ${plan.left.map((one) => one.name).join(", ")}.` : detail;
        byId("chart-words").textContent = chartWords(plan, view, part, count, writers);
        showRisk(plan, view, writers);
        host.setAttribute("aria-valuemax", part.closing.length - 1);
        showCards(plan, view, part, writers, (index) => {
            point(index, { aloud: true });
            host.scrollIntoView({ block: "nearest" });
        });
        draw();
        point(chosen);
        showOverdue(plan, view, writers);
        showUpcoming(plan, view, writers);
        showMonths(plan, view, count, writers);
        showDays(plan, view, count, writers);
    }

    function turnTo(chosenView) {
        view = chosenView;
        byId("account").value = view.id;
        refresh();
    }

    /** Asks for what only a forecast of one account alone knows, and shows it. */
    async function complete(id) {
        const asked = plan;
        const forecast = await ask(id, plan.asOf);
        if (wanted !== id || plan !== asked) return; // Another choice, or a newer plan, came first.
        if (forecast !== null) turnTo(addView(plan, id, forecast));
        else byId("account").value = view.id;
    }

    function choose(id) {
        wanted = id;
        const known = plan.views.find((one) => one.id === id);
        if (known) turnTo(known); // Its plan at once; what is probable of it when that comes.
        if (!known || (id !== "" && !known.expected)) complete(id);
    }

    function step(direction) {
        const busy = busyDays(view, part.closing.length);
        const next = direction > 0 ? busy.find((index) => index > chosen) : busy.findLast((index) => index < chosen);
        if (next !== undefined) point(next, { aloud: true });
    }

    function onKey(event) {
        const far = count > 100 ? 30 : 7; // A page is a month of a year, else a week.
        const moves = {
            ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1,
            PageDown: -far, PageUp: far, Home: -Infinity, End: Infinity,
        };
        if (!plan || !(event.key in moves) || event.ctrlKey || event.metaKey || event.altKey) return;
        event.preventDefault();
        point(chosen + moves[event.key], { aloud: true });
    }

    host.addEventListener("keydown", onKey);
    byId("day-previous").addEventListener("click", () => step(-1));
    byId("day-next").addEventListener("click", () => step(1));
    byId("account").addEventListener("change", (event) => choose(event.target.value));
    for (const radio of document.getElementsByName("range")) {
        radio.addEventListener("change", () => {
            count = Number(radio.value);
            refresh();
        });
    }
    new ResizeObserver(() => {
        if (plan && chart.isStale() && host.clientWidth > 0) draw();
    }).observe(host);

    return {
        show(user, loaded) {
            plan = loaded;
            locale = user.locale || navigator.language;
            view = plan.views.find((one) => one.id === view?.id) ?? plan.views[0];
            const choices = [...plan.views, ...plan.left];
            byId("account").replaceChildren(...choices.map((one) => make("option", { value: one.id }, one.name)));
            byId("account").value = view.id;
            byId("account-label").hidden = choices.length < 3; // The total and one account are the same.
            choose(view.id);
        },
    };
}
