// Where things stand on the chart: pure arithmetic, no drawing.

import { weekday } from "./dates.js";

const LABEL_ROOM = 54; // Pixels under the lowest point, so that its two lines of text always fit.
const ZERO_ROOM = 42; // Pixels under the zero line, when those lines have to stand below it.

/** Round steps of 1, 2 or 5 times a power of ten that divide low..high into about `count` parts. */
export function niceTicks(low, high, count) {
    const rough = Math.max((high - low) / count, 100);
    const power = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 5, 10].map((part) => part * power).find((size) => size >= rough);
    const ticks = [];
    for (let tick = Math.ceil(low / step) * step; tick <= high; tick += step) ticks.push(tick + 0);
    return ticks;
}

/**
 * The cents shown at top and bottom: all balances, a band's too, zero, and room for the label of the lowest.
 * `isBelowZero`: that label stands under the zero line, which would otherwise run through it.
 */
export function span(closing, lowestCents, height, band = null) {
    const top = Math.max(0, ...closing, ...(band?.high ?? []));
    const bottom = Math.min(0, ...closing, ...(band?.low ?? []));
    const high = top + Math.max((top - bottom) * 0.08, 1000);
    const under = (amount, room) => (amount - (room / height) * high) / (1 - room / height);
    const low = Math.min(bottom, under(lowestCents, LABEL_ROOM));
    const gap = (lowestCents / (high - low)) * height;
    const isBelowZero = lowestCents >= 0 && gap < LABEL_ROOM;
    return { high, low: isBelowZero ? Math.min(low, under(0, ZERO_ROOM)) : low, isBelowZero };
}

/**
 * Days that get a label under the axis, as `{index, kind}` with kind "day" or "month".
 * Up to 45 days: Mondays; up to 120: the 1st and the 15th; else the first of each month.
 */
export function dayTicks(dates) {
    const count = dates.length;
    const ticks = [];
    dates.forEach((day, index) => {
        const date = day.slice(8);
        if (count <= 45 && weekday(day) === 1) ticks.push({ index, kind: "day" });
        else if (count > 45 && count <= 120 && (date === "01" || date === "15")) {
            ticks.push({ index, kind: "day" });
        } else if (count > 120 && date === "01") ticks.push({ index, kind: "month" });
    });
    return ticks;
}

/** Ticks whose labels stand at least `gap` pixels from `start` and from one another. */
export function thinned(ticks, place, start, gap) {
    const shown = [];
    let last = start;
    for (const tick of ticks) {
        const x = place(tick.index);
        if (x - last < gap) continue;
        shown.push({ ...tick, x });
        last = x;
    }
    return shown;
}

/** The balance as steps: each day's closing holds for the width of its day. */
export function stepPath(closing, x, y) {
    let path = `M${x(0)} ${y(closing[0])}`;
    closing.forEach((balance, index) => {
        if (index > 0 && balance !== closing[index - 1]) path += `H${x(index)}V${y(balance)}`;
    });
    return `${path}H${x(closing.length)}`;
}

/** The area between two lines of steps, closed. */
export function bandPath(low, high, x, y) {
    let back = "";
    for (let index = low.length - 1; index >= 0; index -= 1) {
        const next = index === 0 ? "" : `V${y(low[index - 1])}`;
        back += low[index] === low[index - 1] ? "" : `H${x(index)}${next}`;
    }
    return `${stepPath(high, x, y)}V${y(low.at(-1))}${back}Z`;
}
