// The lines of the chart: the plan, and over it what will probably happen, with its band.

import { bandPath, stepPath } from "./scale.js";

/** A new element of SVG at the end of `parent`. */
export function node(parent, name, attributes = {}, text = "") {
    const made = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    if (text) made.textContent = text;
    parent.append(made);
    return made;
}

function fade(parent, id, className, [from, to]) {
    const gradient = node(parent, "linearGradient", { id, x1: 0, x2: 0, y1: 0, y2: 1, class: className });
    node(gradient, "stop", { offset: 0, "stop-opacity": from });
    node(gradient, "stop", { offset: 1, "stop-opacity": to });
}

/** One line in two colours: above zero and below it. */
function halves(root, d, className) {
    node(root, "path", { class: className, d, "clip-path": "url(#clip-above)" });
    node(root, "path", { class: `${className} below`, d, "clip-path": "url(#clip-below)" });
}

/**
 * Draws the balances; with a `band` (cents by day: `low`, `middle`, `high`) the middle is the main
 * line and the plan a thin one, without one the plan is all there is.
 */
export function drawLine(root, frame, { closing, band }, x, y, zero) {
    const { left, right, bottom } = frame;
    const defs = node(root, "defs");
    fade(defs, "fade-above", "stop-sea", [0.34, 0.05]);
    fade(defs, "fade-below", "stop-coral", [0.16, 0.4]);
    for (const [id, start, height] of [["above", 0, zero], ["below", zero, Math.max(bottom - zero, 0) + 60]]) {
        const clip = node(defs, "clipPath", { id: `clip-${id}` });
        node(clip, "rect", { x: left - 4, y: start, width: right - left + 8, height });
    }
    const line = stepPath(closing, x, y);
    if (band) {
        const frameOf = node(defs, "clipPath", { id: "clip-frame" });
        node(frameOf, "rect", { x: left, y: 0, width: right - left, height: bottom });
        node(root, "path", { class: "band", d: bandPath(band.low, band.high, x, y), "clip-path": "url(#clip-frame)" });
    } else {
        const area = `${line}V${zero}H${left}Z`;
        node(root, "path", { class: "area", d: area, fill: "url(#fade-above)", "clip-path": "url(#clip-above)" });
        node(root, "path", { class: "area", d: area, fill: "url(#fade-below)", "clip-path": "url(#clip-below)" });
    }
    node(root, "line", { class: "zero", x1: left, x2: right, y1: zero, y2: zero });
    halves(root, line, band ? "line thin" : "line");
    if (band) halves(root, stepPath(band.middle, x, y), "expected");
}
