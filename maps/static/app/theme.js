/* Light or dark, before anything is painted: as chosen here before, else as the system says. */
"use strict";

const ftzTheme = {
  choices: ["auto", "light", "dark"],
  chosen() {
    try { return localStorage.getItem("ftz-theme") || "auto"; } catch (_) { return "auto"; }
  },
  shown: () => document.documentElement.dataset.theme,
  apply() {
    const dark = ftzTheme.chosen() === "auto" ? matchMedia("(prefers-color-scheme: dark)").matches : ftzTheme.chosen() === "dark";
    document.documentElement.dataset.theme = dark ? "dark" : "light";
    document.dispatchEvent(new Event("ftz:theme"));
  },
  next() {
    const { choices } = ftzTheme, after = choices[(choices.indexOf(ftzTheme.chosen()) + 1) % choices.length];
    try { localStorage.setItem("ftz-theme", after); } catch (_) { /* Without storage it lasts as long as the page. */ }
    ftzTheme.apply();
    return after;
  },
};
ftzTheme.apply();
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", ftzTheme.apply);
