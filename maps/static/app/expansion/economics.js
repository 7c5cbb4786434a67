/* What sites must yield, and how dense their neighbours are: of the chosen sites, and of those
   that are compared. */

import { basisNotices, byId, el, fieldById, findById, makeTable, problemBox, setChildren } from "../core/elements.js";
import { markedText } from "../core/classes.js";
import { sourcesWords, sourceWords } from "../core/law.js";
import { page } from "../core/page.js";
import { ask } from "../core/server.js";
import { formatNumber, named, tr, ui, unitText } from "../core/words.js";
import * as expand from "./expand.js";

/** @typedef {Answers.RankedSite & { economics: Answers.SiteEconomics }} KnownSite */
/** @typedef {"available_ha" | "density_now" | "density_then" | "value_of_new_land"} Figure */

/** @type {{ turn: number, group: L.FeatureGroup | null }} */
const state = { turn: 0, group: null };

/* The density that is joined, as a query; nothing is chosen for a person. */
/** @returns {App.Query} */
export function densityQuery() {
  const [indicator, year, denominator] = fieldById("siting-density").value.split("|");
  return year
    ? [
        ["indicator", indicator],
        ["year", year],
        ["denominator", denominator],
      ]
    : [];
}

async function runEconomics() {
  const status = byId("econ-status"),
    result = byId("econ-result"),
    turn = (state.turn += 1);
  const chosen = expand.requireSites(status);
  if (!chosen) return;
  const query = densityQuery();
  if (!query.length) {
    setChildren(status, problemBox({ title: ui("ground_none"), detail: ui("econ_choose") }));
    return;
  }
  setChildren(status, el("p", { class: "busy" }, ui("ground_busy")));
  try {
    const report = await expand.askAbout(chosen, "api/v1/sites/ranking", [...query, ["geometry", "true"]]);
    if (turn !== state.turn) return;
    setChildren(status);
    setChildren(result, ...basisNotices(report.basis), economicsTable(report));
    if (!chosen.drawn) drawSites(report.sites);
  } catch (problem) {
    if (turn !== state.turn) return;
    setChildren(result);
    setChildren(status, problemBox(problem));
  }
}

/** @param {{ name: string | null, site_id: string }} site */
export const siteName = (site) => site.name || site.site_id;
/**
 * What is not known says why.
 * @param {string} why
 */
const noneText = (why) => el("span", { class: "quiet" }, ui("econ_none", { why }));
/**
 * @param {Answers.SiteEconomics} found
 * @param {Figure} name
 */
const figureOf = (found, name) =>
  found[name] === null
    ? noneText(tr("siting", `reason_${found.reason || "zone_unknown"}`))
    : markedText(formatNumber(found[name], 2), SAID[name]?.(found));
/** @param {Answers.Neighbour} one */
const densityOf = (one) =>
  one.density === null
    ? noneText(tr("reasons", one.reason))
    : markedText(`${formatNumber(one.density, 2)} ${unitText(one.density_unit)}`, one.qualifiers);

/** @typedef {(found: Answers.SiteEconomics) => Answers.Qualifiers | null} Said */
/** What qualifies each figure. @type {Partial<Record<Figure, Said>>} */
const SAID = {
  density_now: (found) => found.qualifiers,
  density_then: (found) => found.wanted_qualifiers,
  value_of_new_land: (found) => found.wanted_qualifiers,
};
/** @type {[string, Figure][]} */
const FACTS = [
  ["available", "available_ha"],
  ["density_now", "density_now"],
  ["density_then", "density_then"],
  ["value_needed", "value_of_new_land"],
];
/**
 * @param {string} name
 * @param {string} unit
 */
const headText = (name, unit) => tr("siting", `head_${name}`, { unit });
/**
 * A neighbour's density is its own, whichever site is near it; the distance is the site's.
 * @param {KnownSite[]} sites
 */
function neighbourRows(sites) {
  const units = new Map(sites.flatMap(({ economics }) => economics.neighbours.map((one) => [one.unit_id, one])));
  const far = (/** @type {KnownSite} */ site, /** @type {string} */ id) =>
    (
      site.economics.neighbours.find((/** @type {Answers.Neighbour} */ one) => one.unit_id === id) || {
        distance_km: null,
      }
    ).distance_km;
  return [...units.values()].map((unit) =>
    el(
      "tr",
      {},
      el("th", { scope: "row" }, named(unit.name), el("br"), densityOf(unit)),
      sites.map((site) =>
        el("td", {}, far(site, unit.unit_id) === null ? "—" : `${formatNumber(far(site, unit.unit_id), 1)} km`),
      ),
    ),
  );
}
/**
 * @param {KnownSite[]} sites
 * @param {string} unit
 */
const tableBySite = (sites, unit) =>
  makeTable(
    tr("siting", "sheet_economics"),
    [{ text: tr("siting", "criterion") }, ...sites.map((site) => ({ text: siteName(site) }))],
    [
      ...FACTS.map(([name, field]) =>
        el(
          "tr",
          {},
          el("th", { scope: "row" }, headText(name, unit)),
          sites.map((site) => el("td", {}, figureOf(site.economics, field))),
        ),
      ),
      el("tr", { class: "group" }, el("th", { scope: "colgroup", colspan: sites.length + 1 }, ui("econ_neighbours"))),
      ...neighbourRows(sites),
    ],
  );
/* Few sites side by side; of many two rows each: numbers, neighbours. */
const MOST_COLUMNS = 4;
/** @param {KnownSite} site */
const siteRows = ({ economics: found, ...site }) => [
  el(
    "tr",
    {},
    el("th", { scope: "row", rowspan: 2 }, siteName(site)),
    FACTS.map(([, field]) => el("td", { class: "number" }, figureOf(found, field))),
  ),
  el(
    "tr",
    {},
    el(
      "td",
      { colspan: 4 },
      el(
        "ul",
        { class: "plain" },
        found.neighbours.map((one) =>
          el("li", {}, `${named(one.name)} (${formatNumber(one.distance_km, 1)} km): `, densityOf(one)),
        ),
      ),
    ),
  ),
];
/**
 * @param {KnownSite[]} sites
 * @param {string} unit
 */
const tableBelow = (sites, unit) =>
  makeTable(
    tr("siting", "sheet_economics"),
    ["site", ...FACTS.map(([name]) => name)].map((name, at) => ({ text: headText(name, unit), number: at > 0 })),
    sites.flatMap(siteRows),
  );

/** @param {Answers.RankingReport} report */
export function economicsTable(report) {
  const sites = /** @type {KnownSite[]} */ (report.sites.filter((site) => site.economics));
  if (!sites.length) return "";
  const first = sites[0].economics,
    unit = unitText(first.unit);
  const said = {
    name: named(first.name),
    year: first.year,
    target: first.target_year,
    denominator: tr("denominators", first.denominator),
    source: sourceWords(first.source),
  };
  const note = first.reason
    ? `economics_${first.reason}`
    : first.target_year === null
      ? "economics_note"
      : "economics_target";
  const near = [
    ...new Set(sites.flatMap(({ economics }) => economics.neighbours.map((one) => one.source)).filter(Boolean)),
  ];
  return el(
    "section",
    { class: "economics" },
    el("h3", {}, `${said.name} · ${said.year} · ${said.denominator}`),
    (sites.length <= MOST_COLUMNS ? tableBySite : tableBelow)(sites, unit),
    first.value_note === "target" ? el("p", { class: "notice" }, `${first.year}: ${ui("target_note")}`) : "",
    el("p", { class: "source" }, tr("siting", note, said)),
    near.length ? el("p", { class: "source" }, ui("econ_neighbour_sources", { sources: sourcesWords(near) })) : "",
  );
}

function clearSites() {
  state.turn += 1;
  if (state.group) state.group.remove();
  state.group = null;
  ["econ-status", "econ-result"].forEach((id) => setChildren(byId(id)));
}
/**
 * What was uploaded is seen where it lies; what was drawn lies there already.
 * @param {Answers.RankedSite[]} sites
 */
function drawSites(sites) {
  if (state.group) state.group.remove();
  const style = { color: page.config.styles.result.drawing, weight: 2.4, fillOpacity: 0.08 };
  state.group = L.featureGroup(
    sites
      .filter((site) => site.geometry)
      .map((site) =>
        L.geoJSON(site.geometry, { pane: "result", pmIgnore: true, className: "candidate", style }).bindTooltip(
          () => el("div", { class: "tip" }, el("strong", {}, siteName(site))),
          { sticky: true, className: "plain" },
        ),
      ),
    { pmIgnore: true },
  ).addTo(page.map);
  const bounds = state.group.getBounds();
  if (bounds.isValid() && !page.map.getBounds().intersects(bounds))
    page.map.fitBounds(bounds, { padding: [48, 48], maxZoom: 15 });
}

export async function begin() {
  const select = /** @type {HTMLSelectElement | null} */ (findById("siting-density"));
  if (!select) return;
  byId("econ-button").addEventListener("click", runEconomics);
  expand.state.listeners.push(clearSites);
  const answer = await ask("api/v1/indicators").catch(() => ({ indicators: [] }));
  answer.indicators.forEach((/** @type {Answers.IndicatorOption} */ one) =>
    one.years.forEach(({ year, denominators }) =>
      denominators.forEach((/** @type {string} */ land) =>
        select.append(
          el(
            "option",
            { value: `${one.id}|${year}|${land}` },
            `${named(one.name)} · ${year} · ${tr("denominators", land)}`,
          ),
        ),
      ),
    ),
  );
}
