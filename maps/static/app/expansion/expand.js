/* Where the zone can grow: the sites that the tab is about, and their ground. The other parts
   of the tab ask their questions of the same sites. */

import * as certificate from "../check/certificate.js";
import * as answers from "../core/answers.js";
import {
  badge,
  basisNotices,
  byId,
  el,
  fieldById,
  findById,
  inputById,
  makeTable,
  problemBox,
  selectAll,
  setChildren,
  svg,
} from "../core/elements.js";
import { hashState, remember, writeHash } from "../core/hash_state.js";
import { page } from "../core/page.js";
import { ask, runTask, saveFile } from "../core/server.js";
import { articleText } from "../core/law.js";
import { formatNumber, inPageLanguage, named, tr, ui } from "../core/words.js";
import * as layerLooks from "../map/layer_looks.js";
import * as mapMode from "../map/mode.js";
import * as sketch from "../map/sketch.js";
import * as tabs from "../workbench/tabs.js";

/** @type {{ chosen: App.ChosenSites | null, turn: number, listeners: (() => void)[], opened: (() => void)[] }} */
export const state = { chosen: null, turn: 0, listeners: [], opened: [] };
/* `chosen` is { name, options } of drawn or uploaded sites (with `files`), or { name, layer, features }. `listeners`
   hear of other sites than before, `opened` are called when the tab is. */

/**
 * Of what nothing can be told: lines without a layer or a rule, kinds that nobody examined, missing rasters.
 * @param {{ untold?: Answers.UntoldLine[], not_examined?: Answers.Title[], missing_factors?: string[] }} report
 */
export function makeUntold({ untold = [], not_examined: kinds = [], missing_factors: rasters = [] }) {
  const said = [];
  if (untold.length) said.push(tr("siting", "untold", { lines: untold.map(untoldText).join("; ") }));
  if (kinds.length) said.push(certificate.summaryText("not_examined", kinds.map(named)));
  if (rasters.length)
    said.push(tr("siting", "missing_factors", { kinds: rasters.map((kind) => tr("raster_kinds", kind)) }));
  return said.map((text) => el("p", { class: "notice" }, text));
}

/** @param {Answers.UntoldLine} line */
function untoldText(line) {
  const why = tr("reasons", line.reason);
  return `${named(line.title)} (${line.law_day ? `${why}, ${line.law_day}` : why})`;
}

/** @param {unknown[]} features */
const postSites = (features) => ({
  method: "POST",
  headers: { "Content-Type": "application/geo+json" },
  body: JSON.stringify({ type: "FeatureCollection", features }),
});
function drawnSite() {
  const geometry = sketch.drawnGeometry();
  if (!geometry) return null;
  const name = ui("drawn_site");
  return { name, drawn: true, options: postSites([{ type: "Feature", id: "1", properties: { name }, geometry }]) };
}
/**
 * @param {File[]} files
 * @param {string} crs
 */
function uploadedSites(files, crs) {
  const form = new FormData();
  files.forEach((file) => form.append("file", file, file.name));
  if (crs) form.append("crs", crs);
  return { name: files.map((file) => file.name).join(", "), files, options: { method: "POST", body: form } };
}

/** @param {App.ChosenSites | null} chosen */
export function takeSites(chosen) {
  state.chosen = chosen;
  ["ground-status", "ground-result"].forEach((id) => setChildren(byId(id)));
  setChildren(
    byId("ground-chosen"),
    chosen ? [el("span", {}, ui("ground_chosen")), el("b", {}, chosen.name)] : ui("ground_choose"),
  );
  state.listeners.forEach((heard) => heard());
  state.turn += 1;
  if (chosen) runTerrain(chosen);
}
/** @param {Iterable<File>} files */
export function takeFiles(files) {
  const chosen = [...files];
  if (chosen.length) takeSites(uploadedSites(chosen, fieldById("ground-crs").value.trim()));
}

/* A question about sites as [address, options]. Some routes know layers by name, and work on them
   as tasks; others want shapes. */
const DISTRICTS = "districts";
const KNOWS_LAYERS = ["api/v1/terrain", "api/v1/suitability"];
/**
 * @param {App.ChosenSites} chosen
 * @param {string} address
 * @param {App.Query} [query]
 * @returns {Promise<App.Send>}
 */
export async function requestFor({ layer, features, options }, address, query) {
  const asked = query && query.length ? `?${new URLSearchParams(query)}` : "";
  if (!layer) return [`${address}${asked}`, options];
  if (KNOWS_LAYERS.includes(address)) {
    const { id, files } = await runTask(`${address}/layers/${layer}${asked}`, {});
    return [`api/v1/tasks/${id}/files/${encodeURIComponent(files[0])}`, {}];
  }
  return [`${address}${asked}`, postSites(features || [])];
}
/**
 * @param {App.ChosenSites} chosen
 * @param {string} address
 * @param {App.Query} [query]
 * @param {Element} [status] where the progress of a task is shown
 */
export async function askAbout(chosen, address, query, status) {
  if (!chosen.layer || !KNOWS_LAYERS.includes(address)) return ask(...(await requestFor(chosen, address, query)));
  return (await runTask(`${address}/layers/${chosen.layer}`, {}, status)).result;
}
/**
 * The chosen sites; says what to do first where there are none yet.
 * @param {Element} status
 */
export function requireSites(status) {
  if (state.chosen) return state.chosen;
  setChildren(status, problemBox({ title: ui("ground_none"), detail: ui("ground_draw_first") }));
  return null;
}

/**
 * Files of an answer, of the sites that it was given for. `request` takes the form.
 * @param {string} label
 * @param {string[]} forms
 * @param {string} name
 * @param {(form: string) => App.Send | Promise<App.Send>} request
 */
export function downloadButtons(label, forms, name, request) {
  const status = el("div", { role: "status" });
  const button = (/** @type {string} */ form) =>
    el(
      "button",
      {
        type: "button",
        class: "button small",
        "aria-label": `${label} .${form}`,
        onclick: (event) => saveButton(event.currentTarget, status, `${name}.${form}`, () => request(form)),
      },
      form.toUpperCase(),
    );
  return el(
    "div",
    { class: "downloads", role: "group", "aria-label": label },
    el("span", {}, label),
    forms.map(button),
    status,
  );
}
/**
 * @param {HTMLButtonElement} button
 * @param {Element} status
 * @param {string} name
 * @param {() => App.Send | Promise<App.Send>} request
 */
async function saveButton(button, status, name, request) {
  button.disabled = true;
  setChildren(status, el("p", { class: "busy" }, ui("ground_sheet_busy")));
  try {
    const [address, options] = await request();
    await saveFile(address, options, name);
    setChildren(status);
  } catch (problem) {
    setChildren(status, problemBox(problem));
  }
  button.disabled = false;
}
/**
 * @param {string} address
 * @param {string} name
 */
export function sheetButtons(address, name) {
  const chosen = /** @type {App.ChosenSites} */ (state.chosen);
  return downloadButtons(ui("ground_sheet"), ["pdf", "docx", "html"], name, (form) =>
    requestFor(chosen, address, [["format", form]]),
  );
}

/** @param {App.ChosenSites} chosen */
async function runTerrain(chosen) {
  const status = byId("ground-status"),
    { turn } = state;
  setChildren(status, el("p", { class: "busy" }, ui("ground_busy")));
  try {
    const report = await askAbout(chosen, "api/v1/terrain", [], status);
    if (turn !== state.turn) return;
    setChildren(status);
    setChildren(byId("ground-result"), makeReport(report));
  } catch (problem) {
    if (turn === state.turn) setChildren(status, problemBox(problem));
  }
}

/** @param {Answers.TerrainReport} report */
const makeReport = (report) => [
  ...basisNotices(report.basis),
  ...report.sites.map((site) => makeSite(site, report.sites.length)),
  sheetButtons("api/v1/terrain", "terrain"),
  el(
    "p",
    { class: "source" },
    `${inPageLanguage(report.citation, "document")} ${articleText(report.citation.number)}. `,
    inPageLanguage(report.citation, "note"),
  ),
];

/**
 * A lone site is called what was chosen; ids are for telling several apart.
 * @param {{ id: string, name: Answers.Title | null }} site
 * @param {number} count
 */
export function makeHeading(site, count) {
  const { name, features } = /** @type {App.ChosenSites} */ (state.chosen),
    own = (features || []).find((one) => one.id === site.id);
  return el("h3", {}, own ? own.properties.name : site.name ? named(site.name) : count === 1 ? name : site.id);
}
/**
 * @param {string} name
 * @param {string} layer
 */
async function takeLayer(name, layer) {
  const turn = state.turn;
  try {
    const { features } = await answers.features(layer);
    if (turn !== state.turn) return;
    takeSites({
      name,
      layer,
      features: features.map((one) => ({ ...one, properties: { name: layerLooks.nameOf(one) } })),
    });
    writeHash();
  } catch (problem) {
    if (turn === state.turn) setChildren(byId("ground-status"), problemBox(problem));
  }
}
/**
 * @param {Answers.SiteTerrain} site
 * @param {number} count
 */
function makeSite(site, count) {
  const head = makeHeading(site, count);
  const size = el(
    "p",
    { class: "quiet" },
    ui("ground_size", { area: formatNumber(site.area_ha, 4), width: formatNumber(site.width_m, 1) }),
  );
  const missing = site.missing.map((kind) =>
    el("p", { class: "notice" }, ui("ground_missing", { kind: tr("raster_kinds", kind) })),
  );
  if (site.problem) {
    return el(
      "article",
      { class: "ground" },
      head,
      size,
      problemBox({ title: ui("ground_none"), detail: tr("errors", site.problem.code, site.problem.params) }),
    );
  }
  return el(
    "article",
    { class: "ground" },
    head,
    size,
    site.ground ? makeGround(site.ground) : null,
    site.cover ? makeCover(site.cover) : null,
    site.cover_problem
      ? el("p", { class: "notice" }, tr("errors", site.cover_problem.code, site.cover_problem.params))
      : null,
    missing,
  );
}

/** @param {Answers.Ground} ground */
function makeGround(ground) {
  /** @type {[string, Record<string, string>][]} */
  const facts = [
    [
      "ground_elevation",
      {
        least: formatNumber(ground.elevation_m.least, 1),
        mean: formatNumber(ground.elevation_m.mean, 1),
        most: formatNumber(ground.elevation_m.most, 1),
      },
    ],
    ["ground_relief", { relief: formatNumber(ground.relief_m, 1) }],
    ["ground_slope", { mean: formatNumber(ground.slope_deg.mean, 1), most: formatNumber(ground.slope_deg.most, 1) }],
  ];
  const rows = ground.slope_shares.map((one) => ({
    ...one,
    name: rangeText(one),
    colour: page.config.styles.rasters.slope[one.id],
  }));
  return el(
    "div",
    {},
    el(
      "ul",
      { class: "plain" },
      facts.map(([key, said]) => el("li", {}, ui(key, said))),
    ),
    ground.fit === "scoring"
      ? null
      : el("p", { class: "notice" }, ui(ground.fit === "coarse" ? "ground_coarse" : "ground_overview")),
    shareBar(rows),
    shareTable(ui("ground_slopes"), rows, ground),
    ...sourceLines([ground.raster, ...ground.others]),
  );
}
/** @param {Answers.CoverShares} cover */
function makeCover(cover) {
  const rows = cover.shares.map((one) => ({
    ...one,
    name: one.name ? named(one.name) : one.id,
    colour: page.config.styles.rasters.cover[one.group || ""],
  }));
  const table = shareTable(ui("ground_cover"), rows, cover);
  return el("div", {}, shareBar(rows), table, ...sourceLines([cover.raster, ...cover.others]));
}

/** @param {Answers.Share} share */
const rangeText = (share) => (share.upper === null ? `> ${share.lower}°` : `${share.lower}–${share.upper}°`);

/**
 * Shares as one bar; the table below says the same in numbers.
 * @param {App.ShareRow[]} rows
 */
export function shareBar(rows) {
  let at = 0;
  const parts = rows.map((row) => {
    const part = svg("rect", { x: at, y: 0, width: row.pct, height: 10, fill: row.colour });
    at += row.pct;
    return part;
  });
  return svg(
    "svg",
    { class: "ground-bar", viewBox: "0 0 100 10", preserveAspectRatio: "none", "aria-hidden": "true" },
    ...parts,
  );
}
/**
 * @param {string} caption
 * @param {App.ShareRow[]} rows
 * @param {{ unknown_ha?: number, outside_ha?: number }} part
 */
export function shareTable(caption, rows, part) {
  const key = (/** @type {string} */ colour) =>
    svg(
      "svg",
      { class: "key", viewBox: "0 0 10 10", "aria-hidden": "true" },
      svg("rect", { width: 10, height: 10, fill: colour }),
    );
  const rest = [
    { word: "ground_unknown", ha: part.unknown_ha },
    { word: "ground_outside", ha: part.outside_ha },
  ]
    .filter(({ ha }) => ha)
    .map(({ word, ha }) =>
      el("tr", {}, el("td", {}, ui(word)), el("td", { class: "number" }, formatNumber(ha, 4)), el("td", {})),
    );
  return makeTable(
    caption,
    [{ text: caption }, { text: ui("ground_ha"), number: true }, { text: "%", number: true }],
    [
      ...rows.map((row) =>
        el(
          "tr",
          {},
          el("td", {}, key(row.colour), row.name),
          el("td", { class: "number" }, formatNumber(row.area_ha, 4)),
          el("td", { class: "number" }, formatNumber(row.pct, 2)),
        ),
      ),
      ...rest,
    ],
  );
}
/** @param {Answers.RasterUsed[]} rasters */
export const sourceLines = (rasters) => rasters.map(sourceLine);

/** @param {Answers.RasterUsed} raster */
const sourceLine = (raster) =>
  el(
    "p",
    { class: "source" },
    ui("ground_by", { title: named(raster.title), label: raster.label, pixel: formatNumber(raster.pixel_m, 1) }),
    " ",
    badge("statuses", raster.status),
  );

/* The parts of the tab as a row of buttons that stays in sight. */
const makeJumps = () =>
  selectAll("#view-expand section.part h2").map((head) =>
    el(
      "button",
      {
        type: "button",
        onclick: () => {
          head.parentElement?.scrollIntoView({ block: "start" });
          head.focus({ preventScroll: true });
        },
      },
      head.dataset.short || head.textContent,
    ),
  );

/**
 * What is drawn while the tab is open is its site.
 * @param {App.Area | null} geometry
 */
function takeSketch(geometry) {
  if (geometry && hashState.tab === "expand") takeSites(drawnSite());
  else if (state.chosen && state.chosen.drawn) takeSites(null);
}

/**
 * A site that was drawn for another tab, or that the address holds, is the first choice.
 * @param {boolean} open
 */
function openPanel(open) {
  if (!open) return;
  state.opened.forEach((fill) => fill());
  const drawn = state.chosen ? null : drawnSite();
  if (drawn) takeSites(drawn);
}

export function begin() {
  if (!findById("ground-drawn")) return;
  setChildren(byId("expand-jumps"), makeJumps());
  const file = inputById("ground-file");
  byId("ground-drawn").addEventListener("click", () => {
    const drawn = drawnSite();
    if (drawn && !(state.chosen && state.chosen.drawn)) {
      takeSites(drawn);
      return;
    }
    if (mapMode.state.name !== "draw") sketch.toggleDraw();
    setChildren(byId("ground-status"), el("p", { class: "notice" }, ui("draw_help")));
  });
  file.addEventListener("change", () => {
    takeFiles(file.files || []);
    file.value = "";
  });
  byId("ground-districts").addEventListener("click", () => takeLayer(ui("ground_districts"), DISTRICTS));
  remember("ground", () => state.chosen?.layer || "");
  if (hashState.given.get("ground") === DISTRICTS) takeLayer(ui("ground_districts"), DISTRICTS);
  sketch.state.listeners.push(takeSketch);
  setChildren(byId("ground-chosen"), ui("ground_choose"));
  tabs.watchers.expand = openPanel;
  /* The parts after this one want to hear of it too. */
  setTimeout(() => openPanel(hashState.tab === "expand"), 0);
}
