// Money as whole cents, and its words. Sums are made in integers; floats never meet each other.
// numeric(14,2) is at most 14 digits, a double holds 15: each amount arrives exact.

/** Whole cents of an amount with at most two decimals, given as JSON number or text. */
export function cents(amount) {
    return Math.round(Number(amount) * 100) + 0; // + 0 turns -0 into 0.
}

const TYPED = /^-?\d{1,12}(\.\d{1,2})?$/;

/** An amount as typed, `1,234.50`, `1.234,50` or `1 234,5`, as a plain number in text; the last mark is the decimal one. */
export function plain(text) {
    const marked = text.replace(/[\s'’]/g, "").replace(/^−/, "-").match(/^(-?[\d.,]*?)(?:[.,](\d{1,2}))?$/);
    if (!marked) return text;
    return marked[1].replace(/[.,]/g, "") + (marked[2] ? `.${marked[2]}` : "");
}

/** Whether a typed text is an amount. */
export const isAmount = (text) => TYPED.test(plain(text));

/** The exact decimal text of whole cents: -5 is "-0.05". */
export function decimal(whole) {
    const digits = String(Math.abs(whole)).padStart(3, "0");
    return `${whole < 0 ? "-" : ""}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

function formatter(locale, options) {
    try {
        return new Intl.NumberFormat(locale, options);
    } catch {
        return new Intl.NumberFormat("en-US", options); // An unknown locale still shows money.
    }
}

/**
 * Writers of cents in one currency: `full` (all decimals), `signed` (+ before income),
 * `whole` (no decimals), `axis` (short from
 * 10,000), `short` (short from 1,000). The minus is the typographic one, which is as wide as the plus.
 */
export function moneyIn(locale, currency) {
    const style = { style: "currency", currency, currencyDisplay: "narrowSymbol" };
    const usual = formatter(locale, style).resolvedOptions().minimumFractionDigits;
    const decimals = { minimumFractionDigits: Math.min(usual, 2), maximumFractionDigits: 2 };
    const plain = formatter(locale, { ...style, ...decimals });
    const plus = formatter(locale, { ...style, ...decimals, signDisplay: "exceptZero" });
    const whole = formatter(locale, { ...style, minimumFractionDigits: 0, maximumFractionDigits: 0 });
    const compact = formatter(locale, { ...style, notation: "compact", maximumFractionDigits: 1 });
    const words = (format) => (amount) => format.format(decimal(amount)).replace("-", "−");
    const [short, long] = [words(compact), words(whole)];
    return {
        full: words(plain),
        signed: words(plus),
        whole: long,
        short: (amount) => (Math.abs(amount) >= 100000 ? short(amount) : long(amount)),
        axis: (amount) => (Math.abs(amount) >= 1000000 ? short(amount) : long(amount)),
    };
}
