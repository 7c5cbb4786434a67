/* Light or dark: as chosen here before, else as the system says. `theme_first.js` does the same
   before anything is painted. */

const CHOICES = ["auto", "light", "dark"];
const DARK = "(prefers-color-scheme: dark)";

export function chosen() {
  try {
    return localStorage.getItem("ftz-theme") || "auto";
  } catch {
    return "auto";
  }
}

export const shown = () => document.documentElement.dataset.theme;

export function apply() {
  const dark = chosen() === "auto" ? matchMedia(DARK).matches : chosen() === "dark";
  document.documentElement.dataset.theme = dark ? "dark" : "light";
  document.dispatchEvent(new Event("ftz:theme"));
}

export function next() {
  const after = CHOICES[(CHOICES.indexOf(chosen()) + 1) % CHOICES.length];
  try {
    localStorage.setItem("ftz-theme", after);
  } catch {
    /* Without storage it lasts as long as the page. */
  }
  apply();
}

export function begin() {
  matchMedia(DARK).addEventListener("change", apply);
}
