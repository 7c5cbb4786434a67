/* The account of a file: what of it became no feature, each with its reason. */

import { el } from "./elements.js";
import { page } from "./page.js";
import { tr, ui } from "./words.js";

/** @type {number} entries that the page lists; all stand in the answer */
const MOST_LISTED = 200;

/* Whole layers, sheets and files; all others are parts of what was read. */
const BESIDE = new Set(["layer_beside", "lies_beside", "sheet_without_coordinates"]);

/**
 * What was left out and why.
 * @param {Answers.LeftOutOut} entry
 */
export function leftOutText(entry) {
  const what = tr("ledger", `what_${entry.what}`, { label: entry.label });
  const times = entry.count > 1 ? tr("ledger", "times", { count: entry.count }) : "";
  const reason = tr("left_out", entry.reason, entry.params);
  return tr("ledger", "entry", { what: what + times, reason });
}

/**
 * Where something that was left out lies, if the file tells.
 * @param {Answers.LeftOutOut} entry
 * @returns {[number, number] | null} latitude and longitude
 */
export function placeOf(entry) {
  const { lon, lat } = entry.params;
  return typeof lon === "number" && typeof lat === "number" ? [lat, lon] : null;
}

/** @param {Answers.LeftOutOut} entry */
function locateButton(entry) {
  const place = placeOf(entry);
  if (!place) return null;
  const show = () => page.map.setView(place, Math.max(page.map.getZoom(), 14));
  return el("button", { type: "button", class: "linklike", onclick: show }, ui("locate"));
}

/** @param {Answers.LeftOutOut[]} entries */
const countOf = (entries) => entries.reduce((sum, one) => sum + one.count, 0);

/**
 * What of the file became no plot, each with its reason.
 * @param {Answers.ReadReportOut["ledger"]} ledger
 */
export function makeLedger(ledger) {
  if (!ledger || !ledger.left_out.length) return null;
  const shown = ledger.left_out.slice(0, MOST_LISTED);
  const items = shown.map((entry) => el("li", {}, leftOutText(entry), " ", locateButton(entry)));
  const more = ledger.left_out.length - shown.length;
  if (more > 0) items.push(el("li", {}, tr("ledger", "more", { count: more })));
  const unit = tr("ledger", `unit_${ledger.unit}`);
  const beside = countOf(ledger.left_out.filter((one) => BESIDE.has(one.reason)));
  const parts = countOf(ledger.left_out.filter((one) => one.part)) - beside;
  const left = ledger.found - ledger.used;
  const sum = { unit, found: ledger.found, used: ledger.used, left, parts, beside };
  const words = `sum${parts ? "_parts" : ""}${beside ? "_beside" : ""}`;
  return el(
    "div",
    { class: "read-ledger" },
    el("p", { class: "warning" }, tr("ledger", words, sum)),
    el("ul", {}, items),
  );
}
