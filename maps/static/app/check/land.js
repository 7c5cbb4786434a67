/* Sites by class of land, where a land survey is there: it describes them and changes no verdict. */

import { basisNotices, el, makeTable } from "../core/elements.js";
import { formatNumber, named, tr } from "../core/words.js";

/** @param {Answers.CheckResult} result */
export function makeLand(result) {
  const land = result.land_use;
  if (!land) return el("p", { class: "quiet" }, tr("land", "no_layer"));
  const layers = land.layers.filter((one) => !one.left_out.length).map(layerName);
  return el(
    "details",
    { class: "declare land" },
    el("summary", {}, tr("land", "title")),
    el("p", { class: "quiet" }, tr("land", "lead", { layers: layers.join("; ") })),
    basisNotices(land.basis),
    land.layers.filter((one) => one.left_out.length).map(makeLeftOut),
    land.not_computable.length
      ? el("p", { class: "notice" }, tr("land", "not_computable", { sites: land.not_computable.join(", ") }))
      : null,
    land.sites.map((site) => makeSite(result, land, site)),
  );
}

/** @param {Answers.LandLayer} one */
const layerName = (one) => tr("land", "layer", { title: named(one.title), id: one.layer_id, version: one.version });

/** @param {Answers.LandLayer} one */
const makeLeftOut = (one) =>
  el(
    "p",
    { class: "notice" },
    tr("land", "left_out", {
      layer: named(one.title),
      why: one.left_out.map((code) => tr("reasons", code)).join("; "),
    }),
  );

/**
 * @param {Answers.CheckResult} result
 * @param {Answers.LandUse} land
 * @param {Answers.SiteLand} own
 */
function makeSite(result, land, own) {
  const site = result.sites.find((one) => one.site_id === own.site_id);
  const caption = tr("land", "classes_table", { site: (site && site.name) || own.site_id });
  const heads = [
    { text: tr("land", "group") },
    { text: tr("land", "class") },
    { text: tr("report", "area_m2"), number: true },
    { text: tr("land", "share_pct"), number: true },
  ];
  const rows = own.classes.map((one) =>
    makeRow(
      one.group ? named(land.groups[one.group]) : tr("land", "unknown"),
      className(one),
      one.printed.m2,
      one.share_pct,
    ),
  );
  const rest = makeRow(tr("land", "outside"), "", own.outside_printed.m2, own.outside_pct);
  return [
    el("h4", {}, caption),
    makeTable(caption, heads, [...rows, rest]),
    makeRidges(own).map((text) => el("p", { class: "quiet" }, text)),
    own.shared_m2 ? el("p", { class: "notice" }, tr("land", "shared", { m2: formatNumber(own.shared_m2, 2) })) : null,
  ];
}

/**
 * @param {Answers.SiteLand} own
 * @returns {string[]} how much of fields is ridges, and of how much of them that is not known
 */
const makeRidges = (own) => [
  ...(own.ridges_m2 === null ? [tr("land", "ridges_not_asked")] : []),
  ...(own.ridges_m2 ? [tr("land", "ridges_deducted", { m2: formatNumber(own.ridges_m2, 2) })] : []),
  ...(own.without_coefficient_m2
    ? [tr("land", "ridges_unknown", { m2: formatNumber(own.without_coefficient_m2, 2) })]
    : []),
];

/** @param {Answers.LandClassArea} one */
function className(one) {
  const said = [one.code, named(one.name)].filter(Boolean).join(" ");
  if (one.known) return said;
  return said ? tr("land", "not_known", { said }) : tr("land", "no_class");
}

/**
 * @param {string} group
 * @param {string} name
 * @param {number} area_m2
 * @param {number} share_pct
 */
const makeRow = (group, name, area_m2, share_pct) =>
  el(
    "tr",
    {},
    el("td", {}, group),
    el("td", {}, name),
    el("td", { class: "number" }, formatNumber(area_m2, 2)),
    el("td", { class: "number" }, formatNumber(share_pct, 2)),
  );
