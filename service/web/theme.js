// Which theme the page wears, set before the first paint: this is why it is a plain script in the head.
// The system's choice holds until the reader makes one; logging out forgets it.
(function () {
    "use strict";
    var root = document.documentElement;
    var dark = window.matchMedia("(prefers-color-scheme: dark)");

    function kept() {
        try {
            return localStorage.getItem("tideline.theme");
        } catch {
            return null; // A browser that keeps nothing still shows the page.
        }
    }

    function current() {
        return root.dataset.theme || (dark.matches ? "dark" : "light");
    }

    function wear(theme) {
        if (theme === "light" || theme === "dark") root.dataset.theme = theme;
        else delete root.dataset.theme;
        label();
    }

    function label() {
        var button = document.getElementById("theme");
        if (!button) return;
        var other = current() === "dark" ? "light" : "dark";
        button.textContent = other === "dark" ? "Dark" : "Light";
        button.setAttribute("aria-label", "Switch to the " + other + " theme");
    }

    wear(kept());
    dark.addEventListener("change", label);
    document.addEventListener("DOMContentLoaded", function () {
        label();
        var button = document.getElementById("theme");
        if (!button) return;
        button.addEventListener("click", function () {
            var other = current() === "dark" ? "light" : "dark";
            wear(other);
            try {
                localStorage.setItem("tideline.theme", other);
            } catch {
                return; // The choice then lasts as long as the page.
            }
        });
    });

    // The account's own preference counts only where this browser was told nothing.
    window.tidelinePreferTheme = function (theme) {
        if (!kept()) wear(theme);
    };
})();
