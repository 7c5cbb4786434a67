/* The three lines, each by itself, and what is told beside a verdict: conditions and contacts. */

import { badge, el } from "../core/elements.js";
import { formatNumber, named, tr, ui } from "../core/words.js";

/** @param {Answers.LineVerdict[]} lines */
export const makeLines = (lines) =>
  el(
    "dl",
    { class: "three-lines" },
    lines.map((line) => el("div", {}, el("dt", {}, named(line.title)), el("dd", {}, makeLine(line)))),
  );

/**
 * The computed verdict, a reviewer's beside it, and the ground behind it.
 * @param {Answers.LineVerdict} line
 */
export const makeLine = (line) => [
  badge("verdicts", line.verdict),
  line.reviewed_verdict ? [` ${ui("reviewed_as")} `, badge("verdicts", line.reviewed_verdict)] : null,
  line.overlap_area_m2 ? el("small", {}, ` ${summedArea(line)}`) : null,
  line.sites > 1 ? el("small", {}, ` ${tr("beside", "sites", { count: line.sites })}`) : null,
];

/**
 * @param {{ conditions: Answers.Beside[], contacts: Answers.Beside[] }} told
 * @param {boolean} untold whether something could not be told: then there are none as far as is known
 */
export const makeBeside = ({ conditions, contacts }, untold) =>
  el("dl", { class: "beside" }, makeTold("conditions", conditions, untold), makeTold("contacts", contacts, untold));

/** @param {Answers.SiteResult} site */
export const hasUntold = (site) =>
  site.findings.some((one) => (one.override ? one.override.verdict : one.verdict) === "undetermined");

/**
 * @param {string} name
 * @param {Answers.Beside[]} told
 * @param {boolean} untold
 */
const makeTold = (name, told, untold) =>
  el(
    "div",
    {},
    el("dt", {}, tr("beside", name)),
    el("dd", {}, told.length ? told.map(nameOf).join("; ") : tr("beside", untold ? "none_found" : "none")),
  );

/** @param {Answers.Beside} one */
const nameOf = (one) =>
  one.covers_all_land || !one.overlap_area_m2 ? named(one.name) : `${named(one.name)} (${summedArea(one)})`;

/**
 * An area over sites, which says so where they overlap each other.
 * @param {Answers.LineVerdict | Answers.Beside} told
 */
const summedArea = (told) =>
  `${formatNumber(told.overlap_area_m2, 2)} m²${told.counted_twice ? tr("beside", "counted_twice") : ""}`;
