// Bars of money: how much of it is gone, where the days are, and what went beyond. The words beside a
// bar say all of it, so the bar itself is silent.

import { node } from "./line.js";

const share = (value) => `${Math.min(Math.max(value, 0), 1) * 100}%`;

/**
 * A bar of `filled` (0 to 1 and beyond, of what is there), with a mark at `pace` (0 to 1) if there is
 * one. What is beyond 1 is drawn in the colour of alarm, scaled so that all of it fits.
 */
export function bar(filled, { pace = null, tone = "" } = {}) {
    const root = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    root.setAttribute("class", `bar ${tone}`);
    root.setAttribute("aria-hidden", "true");
    const whole = Math.max(filled, 1);
    node(root, "rect", { class: "bar-track", width: "100%", height: "100%", rx: 5 });
    node(root, "rect", { class: "bar-fill", width: share(Math.min(filled, 1) / whole), height: "100%", rx: 5 });
    if (filled > 1) {
        node(root, "rect", { class: "bar-over", x: share(1 / whole), width: share((filled - 1) / whole), height: "100%" });
    }
    if (pace !== null && pace > 0 && pace < 1) {
        node(root, "line", { class: "bar-pace", x1: share(pace / whole), x2: share(pace / whole), y1: 0, y2: "100%" });
    }
    return root;
}
