// Bookings on the page: grouped by day, each with its category as a choice and what marks it.

import { categoryChoice } from "./category.js";
import { make, tone } from "./dom.js";
import { accountOf, known, moneyOn } from "./known.js";
import { cents } from "./money.js";

/** What a booking is called aloud. */
export const bookingWords = (booking) => `${booking.description}, ${moneyOn(booking.account_id).signed(cents(booking.amount))}`;

/** A booking that was read whole has its parts; in a list it says only that there are some. */
const isSplit = (booking) => (booking.splits ? booking.splits.length > 0 : booking.is_split === true);

function marksOf(booking) {
    return [
        booking.is_pending ? make("span", { class: "mark sandy" }, "Pending") : null,
        booking.recurring_item_id ? make("span", { class: "mark" }, "Recurring") : null,
    ].filter(Boolean);
}

/** The category as a choice; of a transfer or a split booking, which have none, a mark. */
function placeOf(booking, onCategory) {
    if (booking.transfer_id) return make("span", { class: "booking-place" }, make("span", { class: "mark" }, "⇄ Transfer"));
    if (isSplit(booking)) return make("span", { class: "booking-place" }, make("span", { class: "mark" }, "Split in parts"));
    return make("span", { class: "booking-place" }, categoryChoice(booking, onCategory));
}

/** One booking as a row; `isDated` writes its day. */
function rowOf(booking, isDated, { onOpen, onCategory, isChosen }) {
    const words = bookingWords(booking);
    const name = make("button", { type: "button", class: "booking-name", "aria-haspopup": "dialog" }, booking.description);
    name.addEventListener("click", () => onOpen(booking));
    const amount = cents(booking.amount);
    const hints = [
        isDated ? known.days.dated(booking.transaction_date) : "",
        booking.counterparty && booking.counterparty !== booking.description ? booking.counterparty : "",
        known.accounts.length > 1 ? accountOf(booking.account_id)?.name : "",
    ].filter(Boolean).join(" · ");
    const pick = make("input", { type: "checkbox", "aria-label": `Choose ${words}`, "data-id": booking.id });
    pick.checked = isChosen(booking.id);
    return make("li", { class: "booking", "data-id": booking.id },
        make("label", { class: "pick" }, pick),
        make("div", { class: "booking-words" }, name,
            make("span", { class: "hint" }, hints, hints && marksOf(booking).length > 0 ? " " : "", ...marksOf(booking))),
        placeOf(booking, onCategory),
        make("span", { class: `booking-amount ${booking.transfer_id ? "" : tone(amount)}` }, moneyOn(booking.account_id).signed(amount)));
}

/** The day's money in and out as one sum, where the day has one currency. */
function sumOf(list) {
    const currencies = new Set(list.map((one) => accountOf(one.account_id)?.currency));
    if (currencies.size !== 1 || list.length < 2) return "";
    return moneyOn(list[0].account_id).signed(list.reduce((sum, one) => sum + cents(one.amount), 0));
}

/** A list inside `host`; `append(bookings, isByDay)` adds a page below, `clear()` empties it. */
export function rowsIn(host, handlers) {
    const days = new Map();
    let flat = null;

    function dayOf(day) {
        if (days.has(day)) return days.get(day);
        const near = known.days.away(known.today, day);
        const isNear = /^\d/.test(near) === false; // "today", "yesterday": words, no counts.
        const sum = make("span", { class: "hint day-sum" });
        const list = make("ul", {});
        const group = make("section", { class: "day-group" },
            make("h2", { class: "day-head" }, make("span", {},
                isNear && Math.abs(Date.parse(day) - Date.parse(known.today)) < 2 * 86400000
                    ? `${near[0].toUpperCase()}${near.slice(1)}, ${known.days.medium(day)}` : known.days.long(day)), sum),
            list);
        host.append(group);
        days.set(day, { list, sum, bookings: [] });
        return days.get(day);
    }

    return {
        clear() {
            days.clear();
            flat = null;
            host.replaceChildren();
        },
        append(bookings, isByDay) {
            for (const booking of bookings) {
                if (isByDay) {
                    const day = dayOf(booking.transaction_date);
                    day.bookings.push(booking);
                    day.list.append(rowOf(booking, false, handlers));
                    day.sum.textContent = sumOf(day.bookings);
                } else {
                    if (flat === null) {
                        flat = make("ul", {});
                        host.append(flat);
                    }
                    flat.append(rowOf(booking, true, handlers));
                }
            }
        },
        /** Draws one booking again where it stands; false when it is not in the list. */
        redraw(booking) {
            const row = host.querySelector(`.booking[data-id="${booking.id}"]`);
            row?.replaceWith(rowOf(booking, flat !== null, handlers));
            const day = days.get(booking.transaction_date);
            if (day) day.sum.textContent = sumOf(day.bookings);
            return row !== null;
        },
        /** Takes one booking out, and its day when that was the last. */
        remove(booking) {
            host.querySelector(`.booking[data-id="${booking.id}"]`)?.remove();
            const day = days.get(booking.transaction_date);
            if (!day) return;
            day.bookings = day.bookings.filter((one) => one.id !== booking.id);
            day.sum.textContent = sumOf(day.bookings);
            if (day.bookings.length === 0) {
                day.list.parentElement.remove();
                days.delete(booking.transaction_date);
            }
        },
    };
}
