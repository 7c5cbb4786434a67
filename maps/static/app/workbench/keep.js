/* Changing the language makes the page anew: what stood in its forms comes back. */

import { byId, findById, selectAll } from "../core/elements.js";
import { hashState, writeHash } from "../core/hash_state.js";
import { page } from "../core/page.js";
import * as siteTerms from "../expansion/site_terms.js";

/** @typedef {import("../core/elements.js").Field} Field */

/** @type {{ waiting: Map<string, string | boolean>, touched: Set<string>, filling: boolean }} */
const state = { waiting: new Map(), touched: new Set(), filling: false };
const NAME = "ftz-kept";
/** Fields of which a project keeps what they say under a name of its own. */
const KEPT_APART = ["raster-", siteTerms.WEIGHT];
const keptFields = () =>
  /** @type {Field[]} */ (selectAll("#panel :is(input, select, textarea)[id]")).filter(
    (field) => field.type !== "file" && !field.id.startsWith("layer-"),
  );
/** @param {Field} field */
const fieldValue = (field) =>
  field instanceof HTMLInputElement && ["checkbox", "radio"].includes(field.type) ? field.checked : field.value;

/**
 * What a person has filled in: what was known before, with the fields that were touched since.
 * What the page chooses by itself is no word of a person. What is empty or not ticked is not named.
 * @param {Record<string, string | boolean>} before
 */
export function filledFields(before) {
  const fields = { ...before };
  keptFields()
    .filter((field) => state.touched.has(field.id) && !KEPT_APART.some((one) => field.id.startsWith(one)))
    .forEach((field) => {
      const value = fieldValue(field);
      if (value === "" || value === false) delete fields[field.id];
      else fields[field.id] = value;
    });
  return fields;
}

/**
 * Fill fields in; those whose options come later are filled then.
 * @param {Record<string, string | boolean>} fields
 */
export function fillFields(fields) {
  state.waiting = new Map(Object.entries(fields));
  fillForms();
  const watch = new MutationObserver(fillForms);
  watch.observe(byId("panel"), { childList: true, subtree: true });
  setTimeout(() => watch.disconnect(), 8000);
}

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
  state.filling = true;
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
  state.filling = false;
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
  kept.open.forEach((/** @type {string} */ id) => {
    const one = /** @type {HTMLDetailsElement | null} */ (findById(id));
    if (one) one.open = true;
  });
  fillFields(kept.fields);
  setTimeout(() => {
    byId(`view-${hashState.tab}`).scrollTop = kept.scroll;
  }, 800);
}

export function begin() {
  if (page.config.embedded) return;
  const touch = (/** @type {Event} */ event) => {
    if (!state.filling && event.target instanceof Element) state.touched.add(event.target.id);
  };
  ["input", "change"].forEach((name) => byId("panel").addEventListener(name, touch, true));
  byId("lang-switch").addEventListener("click", () => {
    writeHash();
    storeForms();
  });
  restoreForms();
}
