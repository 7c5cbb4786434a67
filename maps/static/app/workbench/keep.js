/* Changing the language makes the page anew: what stood in its forms comes back. */

import { byId, findById, selectAll } from "../core/elements.js";
import { hashState, writeHash } from "../core/hash_state.js";
import { page } from "../core/page.js";

/** @typedef {import("../core/elements.js").Field} Field */

/** @type {{ waiting: Map<string, string | boolean> }} */
const state = { waiting: new Map() };
const NAME = "ftz-kept";
const keptFields = () =>
  /** @type {Field[]} */ (selectAll("#panel :is(input, select, textarea)[id]")).filter(
    (field) => field.type !== "file" && !field.id.startsWith("layer-"),
  );
/** @param {Field} field */
const fieldValue = (field) =>
  field instanceof HTMLInputElement && ["checkbox", "radio"].includes(field.type) ? field.checked : field.value;

function storeForms() {
  const fields = Object.fromEntries(keptFields().map((field) => [field.id, fieldValue(field)]));
  const open = [...document.querySelectorAll("#panel details[id][open]")].map((one) => one.id);
  const scroll = byId(`view-${hashState.tab}`).scrollTop;
  try {
    sessionStorage.setItem(NAME, JSON.stringify({ fields, open, scroll }));
  } catch {
    /* Then the forms begin empty. */
  }
}

/* Some fields and their options come later, with answers of the server. */
function fillForms() {
  state.waiting.forEach((value, id) => {
    const field = /** @type {Field | null} */ (findById(id));
    if (!field || (field instanceof HTMLSelectElement && ![...field.options].some((option) => option.value === value)))
      return;
    state.waiting.delete(id);
    if (fieldValue(field) === value) return;
    if (typeof value === "string") field.value = value;
    else if (field instanceof HTMLInputElement) field.checked = value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    if (field.tagName === "SELECT") field.dispatchEvent(new Event("change", { bubbles: true }));
  });
}
function restoreForms() {
  let kept = null;
  try {
    kept = JSON.parse(sessionStorage.getItem(NAME) || "null");
    sessionStorage.removeItem(NAME);
  } catch {
    return;
  }
  if (!kept) return;
  state.waiting = new Map(Object.entries(kept.fields));
  kept.open.forEach((/** @type {string} */ id) => {
    const one = /** @type {HTMLDetailsElement | null} */ (findById(id));
    if (one) one.open = true;
  });
  fillForms();
  const watch = new MutationObserver(fillForms);
  watch.observe(byId("panel"), { childList: true, subtree: true });
  setTimeout(() => {
    byId(`view-${hashState.tab}`).scrollTop = kept.scroll;
  }, 800);
  setTimeout(() => watch.disconnect(), 8000);
}

export function begin() {
  if (page.config.embedded) return;
  byId("lang-switch").addEventListener("click", () => {
    writeHash();
    storeForms();
  });
  restoreForms();
}
