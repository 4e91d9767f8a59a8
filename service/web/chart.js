// The balance line, drawn as SVG. It shows and points; what a day means is told by its owner.
// Presentation attributes and classes only: the content policy allows no inline style.

import { drawLine, node } from "./line.js";
import { dayTicks, niceTicks, span, thinned } from "./scale.js";

const LABEL_HEIGHT = 16;
const LANE = 26; // Half the height of the lane of money in and out.

/** Sizes for a chart of this width: narrow ones keep more of it for the line. */
function frameOf(width) {
    const narrow = width < 560;
    const height = narrow ? 330 : 420;
    const bottom = height - 2 * LANE - 44;
    return { width, height, narrow, left: narrow ? 44 : 60, right: width - (narrow ? 8 : 16), top: 38, bottom };
}

function drawGround(root, frame, picture, y, zero) {
    const { left, right, bottom } = frame;
    const { low, high, reserve, healthyFrom, warningFrom, money } = picture;
    if (reserve > 0) {
        const top = Math.max(y(reserve), frame.top - 8);
        node(root, "rect", { class: "reserve", x: left, y: top, width: right - left, height: zero - top });
    }
    for (const tick of niceTicks(low, high, frame.narrow ? 4 : 5)) {
        if (tick !== 0) node(root, "line", { class: "grid", x1: left, x2: right, y1: y(tick), y2: y(tick) });
        if (y(tick) <= bottom) {
            node(root, "text", { class: "tick", x: left - 8, y: y(tick) + 4, "text-anchor": "end" },
                frame.narrow ? money.short(tick) : money.axis(tick));
        }
    }
    const written = []; // Heights that have words; what would cover them goes without its own.
    const label = (amount, words, shade = "note") => {
        if (written.some((height) => Math.abs(height - y(amount)) < LABEL_HEIGHT)) return;
        written.push(y(amount));
        node(root, "text", { class: shade, x: right - 4, y: y(amount) - 6, "text-anchor": "end" },
            `${words} ${money.axis(amount)}`);
    };
    if (reserve > 0) label(reserve, "Reserve", "note sand");
    for (const [amount, words] of [[healthyFrom, "Healthy from"], [warningFrom, "Warning from"]]) {
        if (amount === 0 || amount >= high || amount <= low) continue;
        node(root, "line", { class: "threshold", x1: left, x2: right, y1: y(amount), y2: y(amount) });
        label(amount, words);
    }
}

function drawDays(root, frame, picture, x, middle) {
    const { left, right, bottom } = frame;
    const lane = bottom + 24 + LANE + 8;
    const most = Math.max(1, ...picture.income, ...picture.expenses.map(Math.abs));
    const width = Math.max(Math.min(x(1) - x(0) - 1, 10), 1.5);
    const tall = (amount) => Math.max(Math.sqrt(Math.abs(amount) / most) * LANE, 2);
    picture.income.forEach((income, index) => {
        const start = middle(index) - width / 2;
        const expenses = picture.expenses[index];
        if (income > 0) {
            node(root, "rect", { class: "in", x: start, width, y: lane - 1 - tall(income), height: tall(income), rx: 1 });
        }
        if (expenses < 0) {
            node(root, "rect", { class: "out", x: start, width, y: lane + 1, height: tall(expenses), rx: 1 });
        }
    });
    node(root, "line", { class: "lane", x1: left, x2: right, y1: lane, y2: lane });
    node(root, "text", { class: "tick", x: left - 8, y: lane - 8, "text-anchor": "end" }, "in");
    node(root, "text", { class: "tick", x: left - 8, y: lane + 15, "text-anchor": "end" }, "out");

    const { dates, days } = picture;
    node(root, "text", { class: "tick today", x: left, y: bottom + 18 }, picture.startsToday ? "Today" : days.short(dates[0]));
    for (const { index, kind, x: at } of thinned(dayTicks(dates), x, left + 20, dates.length > 120 ? 42 : 56)) {
        const label = kind === "month" ? days.month(dates[index]) : days.short(dates[index]);
        if (at > right - 20) continue;
        node(root, "line", { class: "grid", x1: at, x2: at, y1: bottom, y2: bottom + 5 });
        node(root, "text", { class: "tick", x: at, y: bottom + 18, "text-anchor": "middle" }, label);
    }
}

/** Two lines of text that stay inside the frame, centred on x where there is room. */
function label(root, frame, x, y, className, lines) {
    const room = 62;
    const anchor = x < frame.left + room ? "start" : x > frame.right - room ? "end" : "middle";
    const group = node(root, "g", { class: `label ${className}`, "text-anchor": anchor });
    lines.forEach((text, index) => {
        node(group, "text", { class: `label-${index + 1}`, x: Math.min(Math.max(x, frame.left), frame.right), y: y + index * 15 }, text);
    });
}

function drawMarks(root, frame, picture, y, middle, zero) {
    const { lowest, firstNegative, closing, dates, days, money, isBelowZero } = picture;
    if (firstNegative >= 0) {
        const at = middle(firstNegative);
        node(root, "line", { class: "flag", x1: at, x2: at, y1: frame.top - 8, y2: zero });
        node(root, "circle", { class: "flag-dot", cx: at, cy: zero, r: 4 });
        label(root, frame, at, frame.top - 16, "negative", [`Below zero ${days.short(dates[firstNegative])}`]);
    }
    const x = middle(lowest);
    const at = y(closing[lowest]);
    if (isBelowZero) node(root, "line", { class: "leader", x1: x, x2: x, y1: at, y2: zero + 4 });
    node(root, "circle", { class: "low-ring", cx: x, cy: at, r: 9 });
    node(root, "circle", { class: closing[lowest] < 0 ? "low-dot below" : "low-dot", cx: x, cy: at, r: 4.5 });
    label(root, frame, x, isBelowZero ? Math.max(zero + 18, at + 24) : at + 24, "lowest", [`Lowest scheduled ${money.full(closing[lowest])}`, days.dated(dates[lowest])]);
}

function drawCursor(root, line) {
    const group = node(root, "g", { class: "cursor" });
    const dot = node(group, "circle", { class: "cursor-dot", r: 5.5 });
    const bubble = node(group, "g", { class: "bubble" });
    const box = node(bubble, "rect", { height: 26, y: 2, rx: 13 });
    const text = node(bubble, "text", { y: 19, "text-anchor": "middle" });
    return { line, dot, box, text };
}

/**
 * A chart inside `host`; `onPoint(index)` is called when a pointer chooses a day.
 * `draw(picture)` shows a slice, `point(index)` moves the cursor; both may be called at any time.
 */
export function chartIn(host, onPoint) {
    let state = null;

    function draw(picture) {
        const frame = frameOf(Math.max(host.clientWidth, 240));
        const count = picture.closing.length;
        const height = frame.bottom - frame.top;
        const { low, high, isBelowZero } = span(picture.closing, picture.closing[picture.lowest], height, picture.band);
        const round = (value) => Math.round(value * 100) / 100;
        const x = (index) => round(frame.left + ((frame.right - frame.left) * index) / count);
        const y = (amount) => round(frame.top + ((high - amount) / (high - low)) * height);
        const middle = (index) => round(x(index) + (x(1) - x(0)) / 2);
        const zero = y(0);
        const whole = { ...picture, low, high, isBelowZero };
        const root = document.createElementNS("http://www.w3.org/2000/svg", "svg");
        root.setAttribute("viewBox", `0 0 ${frame.width} ${frame.height}`);
        root.setAttribute("width", frame.width);
        root.setAttribute("height", frame.height);
        root.setAttribute("aria-hidden", "true");
        drawGround(root, frame, whole, y, zero);
        drawLine(root, frame, picture, x, y, zero);
        drawDays(root, frame, whole, x, middle);
        const ends = { y1: frame.top - 8, y2: frame.bottom + 32 + 2 * LANE };
        const line = node(root, "line", { class: "cursor cursor-line", ...ends }); // Under the labels.
        drawMarks(root, frame, whole, y, middle, zero);
        host.replaceChildren(root);
        state = { picture, frame, middle, y, count, cursor: drawCursor(root, line), width: host.clientWidth };
    }

    function point(index) {
        const { picture, frame, middle, y, cursor } = state;
        const at = middle(index);
        cursor.line.setAttribute("x1", at);
        cursor.line.setAttribute("x2", at);
        cursor.dot.setAttribute("cx", at);
        cursor.dot.setAttribute("cy", y(picture.closing[index]));
        cursor.text.textContent = `${picture.days.medium(picture.dates[index])}  ${picture.money.full(picture.closing[index])}`;
        const half = cursor.text.getComputedTextLength() / 2 + 12;
        const centre = Math.min(Math.max(at, frame.left + half - 30), frame.right - half + 8);
        cursor.text.setAttribute("x", centre);
        cursor.box.setAttribute("x", centre - half);
        cursor.box.setAttribute("width", half * 2);
    }

    function pick(event) {
        if (!state || (event.pointerType === "touch" && event.type === "pointermove" && !event.isPrimary)) return;
        const { frame, count } = state;
        const share = (event.clientX - host.getBoundingClientRect().left - frame.left) / (frame.right - frame.left);
        onPoint(Math.min(Math.max(Math.floor(share * count), 0), count - 1));
    }

    host.addEventListener("pointermove", pick);
    host.addEventListener("pointerdown", pick);
    return { draw, point, isStale: () => state !== null && host.clientWidth !== state.width };
}
