// The way in: log in, sign up, confirm an address, choose a new password, or paste a token.

import { ask } from "./api.js";
import { byId } from "./dom.js";
import { clearForms, onSubmit } from "./forms.js";
import * as session from "./session.js";

const WAYS = ["login-form", "signup-form", "forgot-form", "reset-form"];
const LEADS = {
    "login-form": "Every day of the next year, from your accounts, your income and your bills.",
    "signup-form": "An address and a password; no card, no bank.",
    "forgot-form": "We send a link to your address, if we know it.",
    "reset-form": "Choose a new password. Every other device is logged out.",
};
const SHORTEST_PASSWORD = 15;

function show(way) {
    for (const one of WAYS) byId(one).hidden = one !== way;
    byId("door-lead").textContent = LEADS[way];
    for (const link of document.querySelectorAll("[data-way]")) link.hidden = link.dataset.way === way;
}

/** Opens the door: the log-in, with a sentence if there is one. */
export function openDoor(sentence = "") {
    clearForms();
    show("login-form");
    byId("door-said").textContent = sentence;
    byId("email").focus();
}

/** Opens the door with the form for a token, and what was wrong with the last one. */
export function openTokenDoor(sentence) {
    openDoor();
    byId("token-way").open = true;
    byId("token").toggleAttribute("aria-invalid", true);
    byId("token-error").textContent = sentence;
    byId("token").focus();
}

const address = (values) => (values.email.includes("@") ? null : ["email", "Type your e-mail address."]);

function chosen(field) {
    return (values) => ([...values[field]].length < SHORTEST_PASSWORD
        ? [field, `A password has at least ${SHORTEST_PASSWORD} characters; four words are good.`] : null);
}

/** Goes through a link of a mail: `#verify=…` confirms an address, `#reset=…` asks for a password. */
export async function passLink() {
    const proof = session.takeFromAddress("verify");
    resetToken = session.takeFromAddress("reset");
    if (proof !== null) {
        try {
            await ask("POST", "/api/v2/email-verifications", { token: proof });
            return "Your address is confirmed.";
        } catch (problem) {
            return problem.message;
        }
    }
    return "";
}

let resetToken = null;

/** Shows the form for a new password when a link asked for it. */
export function wantsReset() {
    if (resetToken === null) return false;
    clearForms();
    show("reset-form");
    byId("door-said").textContent = "";
    byId("reset-password").focus();
    return true;
}

/** Wires the forms; `entered()` is called when somebody is in. */
export function door(entered) {
    for (const link of document.querySelectorAll("[data-way]")) {
        link.addEventListener("click", () => {
            show(link.dataset.way);
            byId("door-said").textContent = "";
            byId(link.dataset.way).querySelector("input").focus();
        });
    }
    onSubmit(byId("login-form"), (values) => address(values) ?? (values.password ? null : ["password", "Type your password."]),
        async ({ email, password }) => {
            await session.logIn(email, password);
            clearForms();
            entered();
        });
    onSubmit(byId("signup-form"), (values) => address(values) ?? chosen("password")(values)
        ?? (/^[A-Za-z]{3}$/.test(values.currency) ? null : ["currency", "Type a currency as three letters, such as EUR."]),
        async ({ email, password, currency }) => {
            const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
            await ask("POST", "/api/v2/register", { email, password, timezone: timeZone, currency: currency.toUpperCase() });
            openDoor("Look into your mail: it has a link that confirms your address. Then log in here.");
            byId("email").value = email;
        });
    onSubmit(byId("forgot-form"), address, async ({ email }) => {
        await ask("POST", "/api/v2/password-resets", { email });
        openDoor("If we know this address, a link is on its way to it.");
    });
    onSubmit(byId("reset-form"), chosen("new_password"), async (values) => {
        await ask("POST", "/api/v2/password-resets/complete", { token: resetToken, new_password: values.new_password });
        resetToken = null;
        openDoor("The new password holds from now on. Log in with it.");
    });
    onSubmit(byId("token-form"), ({ token }) => {
        if (!token) return ["token", "Paste the token first."];
        return /^[\x21-\x7e]+$/.test(token) ? null : ["token", "A token has no spaces and no special letters."];
    }, async ({ token }) => {
        session.keepToken(token);
        entered();
    });
}
