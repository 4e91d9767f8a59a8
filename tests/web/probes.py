"""What accessibility tests ask the page, as JavaScript, and the arithmetic of contrast."""

import re

CONTROLS = """() => [...document.querySelectorAll(
    "button, a[href], input, select, textarea, summary, [role=slider]")]
    .filter((one) => one.checkVisibility({ visibilityProperty: true }))
    .filter((one) => !one.classList.contains("skip"))
    .map((one) => ({
        html: one.outerHTML.slice(0, 120),
        height: (/^(radio|checkbox)$/.test(one.type) ? one.closest("label") : one)
            .getBoundingClientRect().height,
        name: (one.getAttribute("aria-label") || [...(one.labels ?? [])]
            .map((label) => label.textContent).join(" ") || (one.matches("input, select, textarea")
            ? "" : one.textContent)).trim(),
    }))"""

HEADINGS = """() => [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")]
    .filter((one) => one.checkVisibility())
    .map((one) => Number(one.tagName[1]))"""

DUPLICATE_IDS = """() => {
    const ids = [...document.querySelectorAll("[id]")].map((one) => one.id);
    return ids.filter((id, index) => ids.indexOf(id) !== index);
}"""

DANGLING_IDS = """() => ["aria-labelledby", "aria-describedby", "for"].flatMap((name) =>
    [...document.querySelectorAll(`[${name}]`)]
        .flatMap((one) => one.getAttribute(name).split(" "))
        .filter((id) => !document.getElementById(id)))"""

# Every element that has text of its own, its colour and the colours behind it, nearest first.
COLOURS = """() => [...document.querySelectorAll("body *, svg text")]
    .filter((one) => one.checkVisibility({ visibilityProperty: true }))
    .filter((one) => !one.closest(".sr-only, .skip, noscript, option"))
    .filter((one) => [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))
    .map((one) => {
        const style = getComputedStyle(one);
        const size = parseFloat(style.fontSize);
        const ground = [];
        const bubble = one.closest(".bubble");
        if (bubble) ground.push(getComputedStyle(bubble.querySelector("rect")).fill);
        for (let at = one; at; at = at.parentElement) {
            ground.push(getComputedStyle(at).backgroundColor);
        }
        return {
            words: one.textContent.trim().slice(0, 40),
            colour: one instanceof SVGElement ? style.fill : style.color,
            ground,
            isLarge: size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700),
        };
    })"""

TOKEN = """(name) => {
    const probe = document.createElement("i");
    probe.style.color = `var(--${name})`;
    document.body.append(probe);
    const colour = getComputedStyle(probe).color;
    probe.remove();
    return colour;
}"""

FOCUS = """() => {
    const one = document.activeElement;
    if (!one || one === document.body) return null;
    const drawn = one.type === "radio" ? one.nextElementSibling : one;
    const style = getComputedStyle(drawn);
    return {
        html: one.outerHTML.slice(0, 160),
        isVisible: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    };
}"""

# (what is drawn, what it is drawn on, WCAG 1.4.3 for text and 1.4.11 for lines and edges).
PAIRS = [
    *[
        (text, ground, 4.5)
        for text in ("ink", "muted")
        for ground in ("ground", "surface", "sunken")
    ],
    *[(text, "surface", 4.5) for text in ("sea", "in", "out", "sand")],
    ("sea-ink", "sea", 4.5),
    ("surface", "ink", 4.5),
    ("out", "out-ground", 4.5),
    ("sand", "sand-ground", 4.5),
    ("ink", "sand-ground", 4.5),
    ("in", "sunken", 4.5),
    ("out", "ground", 4.5),
    *[(line, "surface", 3.0) for line in ("control-edge", "focus", "muted")],
    ("control-edge", "ground", 3.0),
    ("focus", "ground", 3.0),
]
TOKENS = sorted({name for above, below, _ in PAIRS for name in (above, below)})

Colour = tuple[float, float, float, float]


def parsed(colour: str) -> Colour:
    """Red, green, blue (0-255) and alpha (0-1) of "rgb(…)" or "rgba(…)"."""
    numbers = [float(part) for part in re.findall(r"[\d.]+", colour)]
    assert colour.startswith("rgb"), colour
    return numbers[0], numbers[1], numbers[2], numbers[3] if len(numbers) > 3 else 1.0


def over(above: Colour, below: Colour) -> Colour:
    """A translucent colour laid on an opaque one."""
    alpha = above[3]
    red, green, blue = (
        top * alpha + ground * (1 - alpha) for top, ground in zip(above[:3], below[:3], strict=True)
    )
    return red, green, blue, 1.0


def luminance(colour: Colour) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    linear = [
        part / 255 / 12.92 if part / 255 <= 0.04045 else ((part / 255 + 0.055) / 1.055) ** 2.4
        for part in colour[:3]
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(colour: str, ground: str | list[str]) -> float:
    """Contrast ratio, 1 to 21, of a colour on what lies behind it, nearest first."""
    behind: Colour = (255.0, 255.0, 255.0, 1.0)
    for layer in reversed([ground] if isinstance(ground, str) else ground):
        behind = over(parsed(layer), behind)
    light, dark = sorted((luminance(over(parsed(colour), behind)), luminance(behind)), reverse=True)
    return (light + 0.05) / (dark + 0.05)
