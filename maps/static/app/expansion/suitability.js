/* Suitability for building: of the sites whose ground was asked for, and as a map. */

import { basisNotices, byId, el, fieldById, fillOptions, findById, problemBox, setChildren } from "../core/elements.js";
import { page } from "../core/page.js";
import { ask, runTask } from "../core/server.js";
import { articleText } from "../core/law.js";
import { formatNumber, inPageLanguage, named, tr, ui } from "../core/words.js";
import * as expand from "./expand.js";
import * as groundMaps from "./ground_maps.js";
import * as rasterList from "../map/rasters.js";
import * as tabs from "../workbench/tabs.js";
import * as tasks from "../workbench/tasks.js";

const state = { turn: 0 };

/** @param {string} id */
function partName(id) {
  const [kind, reason] = id.split(":");
  return tr("suitability_parts", kind, { reason: tr("hard_lines", reason || "") });
}
/** @param {string} id */
function partColour(id) {
  const colours = page.config.styles.rasters.suitability,
    [kind] = id.split(":");
  return colours[kind.replace("grade_", "")] || "#ffffff";
}
/** @param {Answers.Share[]} shares */
function partTable(shares) {
  const rows = shares
    .filter((one) => one.area_ha)
    .map((one) => ({ ...one, name: partName(one.id), colour: partColour(one.id) }));
  const excluded = rows.some((one) => one.id.startsWith("excluded:"));
  return [
    expand.shareBar(rows),
    expand.shareTable(ui("suit_share"), rows, {}),
    excluded ? el("p", { class: "quiet" }, tr("suitability_parts", "excluded_note")) : null,
  ];
}

/**
 * What is missing is said first: it bounds what the rest is worth.
 * @param {{ missing_factors: string[], missing_lines: Answers.MissingLine[] }} answer
 */
function makeMissing(answer) {
  const notice = (/** @type {string} */ text) => el("p", { class: "notice" }, text);
  const comma = page.config.lang === "zh" ? "、" : ", ";
  const factors = answer.missing_factors.map((kind) => tr("raster_kinds", kind)).join(comma);
  /* Kinds that are silent for the same reason share a notice. */
  const alike = new Map();
  answer.missing_lines.forEach((line) => {
    const key = `${line.required ? "suit_missing_required" : "suit_missing_line"} ${line.reason}`;
    alike.set(key, [...(alike.get(key) || []), tr("hard_lines", line.kind)]);
  });
  return [
    factors ? notice(ui("suit_missing_factor", { kinds: factors })) : null,
    ...[...alike].map(([key, kinds]) =>
      notice(ui(key.split(" ")[0], { kind: kinds.join(comma), reason: tr("reasons", key.split(" ")[1]) })),
    ),
  ];
}

/**
 * What the form of a site did to its grades; already in the shares and the points.
 * @param {Answers.FormChange | null} form
 */
function makeForm(form) {
  if (!form) return el("p", { class: "hint" }, ui("suit_form_not_asked"));
  if (form.compactness === null) return el("p", { class: "notice" }, ui("suit_form_unknown"));
  const word = (/** @type {string} */ key, /** @type {Record<string, unknown>} */ params = {}) =>
    tr("suitability_form", key, params);
  const only = form.only_grades.length ? word("only", { list: form.only_grades.join(", ") }) : word("every");
  const signed = form.effect === "adds" && form.grades > 0 ? `+${form.grades}` : `${form.grades}`;
  return el(
    "p",
    { class: "hint" },
    ui("suit_form", {
      compactness: formatNumber(form.compactness, 2),
      change: word(form.effect, { only, grades: signed }),
      without: form.points_without === null ? word("nopoints") : formatNumber(form.points_without, 1),
    }),
  );
}

/**
 * @param {Answers.SiteSuitability} site
 * @param {number} count
 */
function makeSite(site, count) {
  const head = expand.makeHeading(site, count);
  if (site.problem)
    return el(
      "article",
      { class: "ground" },
      head,
      problemBox({ title: ui("ground_none"), detail: tr("errors", site.problem.code, site.problem.params) }),
    );
  const score = site.score;
  const said = score
    ? ui("suit_score", {
        points: formatNumber(score.points, 1),
        least: formatNumber(score.least, 1),
        most: formatNumber(score.most, 1),
        judged: formatNumber(score.judged_pct, 1),
      })
    : ui("suit_no_score");
  return el(
    "article",
    { class: "ground" },
    head,
    site.coarse ? el("p", { class: "notice" }, ui("suit_coarse")) : null,
    el("p", { class: "score" }, said),
    makeForm(site.form),
    partTable(site.shares),
    ...(site.raster ? expand.sourceLines([site.raster, ...site.others]) : []),
  );
}
/** @param {Answers.SuitabilityReport} report */
const makeReport = (report) => [
  ...basisNotices(report.basis),
  ...makeMissing(report),
  ...report.sites.map((site) => makeSite(site, report.sites.length)),
  expand.sheetButtons("api/v1/suitability", "suitability"),
  ...[
    ...new Set(
      Object.values(report.citations).map(
        (one) => `${inPageLanguage(one, "document")} ${articleText(one.number)} (${tr("certainty", one.certainty)})`,
      ),
    ),
  ].map((one) => el("p", { class: "source" }, one)),
];

async function runSuitability() {
  const status = byId("suit-status"),
    turn = (state.turn += 1);
  const chosen = expand.requireSites(status);
  if (!chosen) return;
  setChildren(status, el("p", { class: "busy" }, ui("suit_busy")));
  try {
    const report = await expand.askAbout(chosen, "api/v1/suitability", [], status);
    if (turn !== state.turn) return;
    setChildren(status);
    setChildren(byId("suit-result"), makeReport(report));
  } catch (problem) {
    if (turn !== state.turn) return;
    setChildren(status, problemBox(problem));
    setChildren(byId("suit-result"));
  }
}

async function makeMap() {
  const raster = fieldById("suit-raster").value;
  try {
    const task = await runTask(`api/v1/suitability/maps?raster=${encodeURIComponent(raster)}`, {}, byId("suit-making"));
    await presentMap(task);
  } catch (problem) {
    setChildren(byId("suit-making"), problemBox(problem));
  }
}

/** @param {App.Task} task */
async function presentMap(task) {
  const made = task.result;
  setChildren(
    byId("suit-made"),
    el("p", {}, ui("suit_made", { title: named(made.raster.title) })),
    basisNotices(made.basis),
    makeMissing(made),
    el("p", { class: "hint" }, ui(made.form_counted ? "suit_form_not_asked" : "suit_form_map")),
    partTable(made.shares),
    el(
      "p",
      { class: "source" },
      ui("siting_files"),
      ": ",
      task.files.map((name) => [el("a", { href: `api/v1/tasks/${task.id}/files/${name}`, download: name }, name), " "]),
    ),
  );
  await rasterList.loadRasters();
  groundMaps.chooseRaster("right", `suitability-${made.raster.id}`);
}
function clearReport() {
  state.turn += 1;
  ["suit-status", "suit-result"].forEach((id) => setChildren(byId(id)));
}
/**
 * Of several rasters of heights the one in view is meant, until a person says otherwise.
 * @param {Answers.RasterOut[]} rasters
 */
function fillHeights(rasters) {
  const centre = page.map.getCenter();
  const within = (/** @type {Answers.RasterOut} */ { bounds_lonlat: [west, south, east, north] }) =>
    L.latLngBounds([
      [south, west],
      [north, east],
    ]).contains(centre);
  const seen = rasters.find(within) || rasters[0];
  fillOptions(
    byId("suit-raster"),
    rasters.map((one) => [one.id, named(one.title)]),
    seen && seen.id,
  );
}

export async function begin() {
  if (!findById("suit-button")) return;
  byId("suit-button").addEventListener("click", runSuitability);
  byId("suit-map").addEventListener("click", makeMap);
  expand.state.listeners.push(clearReport);
  tasks.reopeners.suitability = (task) => {
    tabs.open("expand");
    presentMap(task).catch((problem) => setChildren(byId("suit-making"), problemBox(problem)));
    byId("swipe-title").scrollIntoView({ block: "start" });
  };
  const answer = await ask("api/v1/rasters").catch(() => ({ rasters: [] }));
  fillHeights(answer.rasters.filter((/** @type {Answers.RasterOut} */ one) => one.kind === "dem" && one.in_use));
}
