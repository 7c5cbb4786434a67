/* What of ground is hard, soft, listed or priced, and what of it candidates take. */

import { el, makeTable } from "../core/elements.js";
import { formatNumber, named, tr } from "../core/words.js";

const DECIMALS = 2;
const NOBODY_TELLS = ["no_layer", "layer_gone", "no_such_class"];

/**
 * What of a set that ships a person's own file has taken the place of.
 * @param {"ground_replaced" | "criteria_replaced"} word
 * @param {Answers.Title[]} replaced
 */
export const replacedLine = (word, replaced) =>
  replaced.length ? el("p", { class: "source" }, tr("siting", word, { names: replaced.map(named) })) : null;

/** @param {string | null} reason */
const why = (reason) => (reason ? ` (${tr("siting", `ground_${reason}`)})` : "");

/**
 * @param {number} least
 * @param {number} most
 */
const between = (least, most) =>
  formatNumber(least, DECIMALS) === formatNumber(most, DECIMALS)
    ? formatNumber(least, DECIMALS)
    : `${formatNumber(least, DECIMALS)}–${formatNumber(most, DECIMALS)}`;

/** @param {Answers.GroundConstraintOut | undefined} said */
const nameOf = (said) => (said ? named(said.name) : "");

/**
 * The constraints of which nobody can tell for any site, with the reason.
 * @param {Answers.GroundTerms} terms
 * @param {[string, Answers.SiteGround][]} sites
 * @returns {Map<string, string>}
 */
function untoldOf(terms, sites) {
  const found = new Map();
  terms.constraints.forEach((one) => {
    const reasons = new Set(
      sites.flatMap(([, site]) => site.shares.filter((share) => share.constraint === one.id).map((s) => s.reason)),
    );
    const [reason] = reasons;
    if (reasons.size === 1 && reason && NOBODY_TELLS.includes(reason)) found.set(one.id, reason);
  });
  return found;
}

/**
 * A table of what sites take, with notices of what nobody can tell.
 * @param {Answers.GroundTerms | null} terms
 * @param {[string, Answers.SiteGround][]} sites
 */
export function makeTaken(terms, sites) {
  if (!terms || !sites.length) return "";
  const untold = untoldOf(terms, sites);
  const said = new Map(terms.constraints.map((one) => [one.id, one]));
  const priced = terms.constraints.some((one) => one.yuan_per_ha !== null);
  const heads = ["site", "takes", "taken_ha", "taken_pct", "kept", ...(priced ? ["cost"] : []), "asks"];
  const rows = sites.flatMap(([called, site]) =>
    site.shares
      .filter((share) => !untold.has(share.constraint) && (share.taken_m2 || share.unknown_m2))
      .map((share) =>
        makeRow(called, /** @type {Answers.GroundConstraintOut} */ (said.get(share.constraint)), share, priced),
      ),
  );
  return el(
    "section",
    { class: "taken" },
    ...[...untold].map(([name, reason]) =>
      el(
        "p",
        { class: "notice" },
        `${nameOf(said.get(name))}: ${tr("siting", "ground_unknown", { reason: tr("siting", `ground_${reason}`) })}`,
      ),
    ),
    rows.length
      ? makeTable(
          tr("siting", "taken_caption"),
          heads.map((name) => ({ text: tr("siting", name), number: name.startsWith("taken") || name === "cost" })),
          rows,
        )
      : untold.size < terms.constraints.length
        ? el("p", {}, tr("siting", "takes_none"))
        : "",
    el("p", { class: "source" }, tr("siting", "ground_terms", { name: named(terms.name), note: named(terms.note) })),
    replacedLine("ground_replaced", terms.replaced),
  );
}

/** @param {Answers.GroundShareOut} share */
const costOf = ({ least_yuan: least, most_yuan: most }) =>
  least === null || most === null ? "—" : between(least / 10000, most / 10000);

/**
 * @param {string} called
 * @param {Answers.GroundConstraintOut} said
 * @param {Answers.GroundShareOut} share
 * @param {boolean} priced
 */
const makeRow = (called, said, share, priced) =>
  el(
    "tr",
    {},
    el("th", { scope: "row" }, called),
    el("td", {}, named(said.name)),
    el(
      "td",
      { class: "number" },
      between(share.taken_m2 / 10000, (share.taken_m2 + share.unknown_m2) / 10000),
      share.unknown_m2 ? why(share.reason) : "",
    ),
    el("td", { class: "number" }, between(share.least_pct, share.most_pct)),
    el(
      "td",
      {},
      share.verdict
        ? `${tr("siting", `ground_${share.verdict}`)} (≤ ${formatNumber(said.at_most_pct || 0, DECIMALS)}%)`
        : tr("siting", `treatment_${said.treatment}`),
    ),
    priced ? el("td", { class: "number" }, costOf(share)) : "",
    el("td", {}, said.asks ? named(said.asks) : ""),
  );
