/* Earthworks of the chosen sites: cut, fill, balance, error and cost. */

import { basisNotices, byId, el, fieldById, findById, makeTable, problemBox, setChildren } from "../core/elements.js";
import { formatNumber, tr, ui } from "../core/words.js";
import * as expand from "./expand.js";

const ADDRESS = "api/v1/sites/earthworks";
const WAN = 10000;
/** Parameters by the id of their field. */
const FIELDS = {
  "earth-swell": "swell",
  "earth-platforms": "platforms",
  "earth-elevation": "elevations_m",
  "earth-cut-slope": "cut_slope",
  "earth-fill-slope": "fill_slope",
  "earth-sd": "dem_sd_m",
  "earth-length": "dem_length_m",
  "earth-source": "price_source",
};
/** @type {{ turn: number, query: App.Query }} */
const state = { turn: 0, query: [] };

/** @returns {App.Query} */
const makeQuery = () => [
  ...Object.entries(FIELDS)
    .map(([id, name]) => /** @type {[string, string]} */ ([name, fieldById(id).value.trim()]))
    .filter(([, value]) => value),
  ...fieldById("earth-prices")
    .value.split("\n")
    .map((line) => line.trim())
    .filter(Boolean)
    .map((line) => /** @type {[string, string]} */ (["prices", line])),
];

async function runEarthworks() {
  const status = byId("earth-status");
  const chosen = expand.requireSites(status);
  if (!chosen) return;
  clearReport();
  if (!fieldById("earth-swell").value) {
    setChildren(status, problemBox({ title: ui("ground_none"), detail: ui("earth_no_swell") }));
    return;
  }
  const { turn } = state;
  state.query = makeQuery();
  setChildren(status, el("p", { class: "busy" }, ui("earth_busy")));
  try {
    const report = await expand.askAbout(chosen, ADDRESS, state.query);
    if (turn !== state.turn) return;
    setChildren(status);
    setChildren(byId("earth-result"), makeReport(report, chosen));
  } catch (problem) {
    if (turn === state.turn) setChildren(status, problemBox(problem));
  }
}

/** @param {string} key @param {Record<string, unknown>} [params] */
const say = (key, params) => tr("earthworks", key, params);

/**
 * @param {Answers.EarthworksReport} report
 * @param {App.ChosenSites} chosen
 */
const makeReport = (report, chosen) => [
  ...basisNotices(report.basis),
  ...report.sites.map((site) => makeSite(site, report)),
  el("p", {}, pricesText(report)),
  el("p", {}, termsText(report)),
  expand.downloadButtons(ui("earth_sheet"), ["pdf", "docx", "xlsx", "html"], "earthworks", (form) =>
    expand.requestFor(chosen, ADDRESS, [...state.query, ["format", form]]),
  ),
  el("p", { class: "source" }, say("method")),
];

/**
 * @param {Answers.SiteEarthworks} site
 * @param {Answers.EarthworksReport} report
 */
function makeSite(site, report) {
  const head = expand.makeHeading(site, report.sites.length);
  if (site.problem)
    return el(
      "article",
      { class: "ground" },
      head,
      problemBox({ title: ui("ground_none"), detail: tr("errors", site.problem.code, site.problem.params) }),
    );
  return el(
    "article",
    { class: "ground" },
    head,
    site.open_slopes ? el("p", { class: "notice" }, say("open_slopes")) : null,
    el("p", { class: site.error ? "quiet" : "notice" }, errorText(site.error)),
    volumeTable(site),
    platformTable(site, report),
    el("p", {}, say("slope_ha"), ": ", formatNumber(site.slope_ha, 4)),
    el("p", {}, costText(site, report)),
    ...(site.raster ? expand.sourceLines([site.raster, ...site.others]) : []),
  );
}

/** @param {Answers.ErrorModel | null} error */
const errorText = (error) =>
  error
    ? say("error", {
        sd: formatNumber(error.sd_m, 2),
        length: formatNumber(error.length_m, 1),
        how: say(error.length_stated ? "length_stated" : "length_assumed"),
        draws: error.draws,
        seed: error.seed,
        pct: formatNumber(error.interval_pct, 0),
      })
    : say("no_error");

/**
 * @param {Answers.Span | null | undefined} span
 * @param {number} decimals
 */
const spanText = (span, decimals = 0) =>
  span
    ? say("span", { least: formatNumber(span.least, decimals), most: formatNumber(span.most, decimals) })
    : say("cannot_tell");

/** @param {Answers.SiteEarthworks} site */
function volumeTable(site) {
  const spans = site.interval;
  const rows = [
    { key: "cut", volume: site.cut_m3, slopes: site.slope_cut_m3, span: spans?.cut_m3 },
    { key: "fill", volume: site.fill_m3, slopes: site.slope_fill_m3, span: spans?.fill_m3 },
    { key: "surplus", volume: site.surplus_m3, slopes: null, span: spans?.surplus_m3 },
  ];
  return makeTable(
    say("volumes"),
    [
      { text: say("col_what") },
      { text: say("col_m3"), number: true },
      { text: say("col_slopes"), number: true },
      { text: say("col_interval") },
    ],
    rows.map((row) =>
      el(
        "tr",
        {},
        el("th", { scope: "row" }, say(row.key)),
        el("td", { class: "number" }, formatNumber(row.volume, 0)),
        el("td", { class: "number" }, row.slopes === null ? "—" : formatNumber(row.slopes, 0)),
        el("td", {}, spanText(row.span)),
      ),
    ),
  );
}

/**
 * @param {Answers.SiteEarthworks} site
 * @param {Answers.EarthworksReport} report
 */
const platformTable = (site, report) => [
  makeTable(
    say("platforms"),
    [
      { text: say("col_platform"), number: true },
      { text: say("col_elevation"), number: true },
      { text: say("col_ha"), number: true },
      { text: say("col_cut"), number: true },
      { text: say("col_fill"), number: true },
    ],
    site.platforms.map((one) =>
      el(
        "tr",
        {},
        el("td", { class: "number" }, one.number),
        el("td", { class: "number" }, formatNumber(one.elevation_m, 2)),
        el("td", { class: "number" }, formatNumber(one.area_ha, 4)),
        el("td", { class: "number" }, formatNumber(one.cut_m3, 0)),
        el("td", { class: "number" }, formatNumber(one.fill_m3, 0)),
      ),
    ),
  ),
  report.balanced
    ? el("p", { class: "quiet" }, say("shift", { span: spanText(site.interval?.balance_shift_m, 2) }))
    : null,
];

/** @param {string[]} items */
const itemNames = (items) => items.map((name) => say(`item_${name}`));

/**
 * @param {Answers.SiteEarthworks} site
 * @param {Answers.EarthworksReport} report
 */
function costText(site, report) {
  if (!report.prices.length) return say("no_prices");
  if (!site.cost_cny) return say("no_cost", { items: itemNames(site.unpriced) });
  const { least, most } = site.cost_cny;
  return [
    say("cost", { least: formatNumber(least / WAN, 2), most: formatNumber(most / WAN, 2) }),
    site.interval ? "" : say("cost_without_error"),
    site.unpriced.length ? say("cost_without", { items: itemNames(site.unpriced) }) : "",
  ].join("");
}

/** @param {Answers.EarthworksReport} report */
const pricesText = (report) =>
  report.prices.length
    ? say("prices", {
        list: report.prices.map((one) =>
          say("price", {
            item: say(`item_${one.item}`),
            least: formatNumber(one.cny_per_m3.least, 2),
            most: formatNumber(one.cny_per_m3.most, 2),
          }),
        ),
        source: report.price_source || say("source_unstated"),
      })
    : say("prices_none");

/** @param {number | null} along */
const slopeText = (along) => (along === null ? say("upright") : `1 : ${along}`);

/** @param {Answers.EarthworksReport} report */
const termsText = (report) =>
  say("terms", { swell: report.swell, cut: slopeText(report.cut_slope), fill: slopeText(report.fill_slope) });

function clearReport() {
  state.turn += 1;
  ["earth-status", "earth-result"].forEach((id) => setChildren(byId(id)));
}

export function begin() {
  if (!findById("earth-button")) return;
  byId("earth-button").addEventListener("click", runEarthworks);
  expand.state.listeners.push(clearReport);
}
