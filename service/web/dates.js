// Days as ISO text ("2026-11-20") and their words. A day has no time zone: all arithmetic is in UTC.

export const DAY_MS = 86400000;

/** The instant at which this day begins in UTC. */
export function instant(day) {
    const [year, month, date] = day.split("-").map(Number);
    return Date.UTC(year, month - 1, date);
}

/** Whole days from one day to another; negative when `to` is earlier. */
export function daysBetween(from, to) {
    return Math.round((instant(to) - instant(from)) / DAY_MS);
}

/** 0 for Sunday to 6 for Saturday. */
export function weekday(day) {
    return new Date(instant(day)).getUTCDay();
}

/** Writers of days in one locale. */
export function daysIn(locale) {
    const format = (options) => {
        let writer;
        try {
            writer = new Intl.DateTimeFormat(locale, { timeZone: "UTC", ...options });
        } catch {
            writer = new Intl.DateTimeFormat("en-US", { timeZone: "UTC", ...options });
        }
        return (day) => writer.format(instant(day));
    };
    const month = format({ month: "short" });
    const monthAndYear = format({ month: "short", year: "numeric" });
    return {
        long: format({ weekday: "long", day: "numeric", month: "long", year: "numeric" }),
        medium: format({ weekday: "short", day: "numeric", month: "short" }),
        dated: format({ day: "numeric", month: "short", year: "numeric" }),
        short: format({ day: "numeric", month: "short" }),
        month: (day) => (day.slice(5, 7) === "01" ? monthAndYear(day) : month(day)),
        monthYear: monthAndYear,
        away: awayIn(locale),
    };
}

function awayIn(locale) {
    let writer;
    try {
        writer = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
    } catch {
        writer = new Intl.RelativeTimeFormat("en-US", { numeric: "auto" });
    }
    return (from, to) => {
        const count = daysBetween(from, to);
        if (Math.abs(count) < 14) return writer.format(count, "day");
        if (Math.abs(count) < 70) return writer.format(Math.round(count / 7), "week");
        return writer.format(Math.round(count / 30.44), "month");
    };
}
