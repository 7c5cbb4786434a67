/* Candidates for expansion: search, what each constraint takes, which candidates are compared. */

import {
  badge,
  basisNotices,
  buttonById,
  byId,
  el,
  findById,
  formById,
  makeTable,
  problemBox,
  setChildren,
  svg,
} from "../core/elements.js";
import { goTo, hashState, remember, writeHash } from "../core/hash_state.js";
import { page } from "../core/page.js";
import { ask, runTask } from "../core/server.js";
import { formatNumber, named, tr, ui } from "../core/words.js";
import * as importChoices from "../data/import_choices.js";
import * as legendRows from "../map/legend_rows.js";
import * as expand from "./expand.js";
import * as groundTerms from "./ground_terms.js";
import * as ranking from "./ranking.js";
import * as siteTerms from "./site_terms.js";
import * as sketch from "../map/sketch.js";
import * as tabs from "../workbench/tabs.js";
import * as tasks from "../workbench/tasks.js";

/**
 * @typedef {object} State
 * @property {Answers.SearchReport | null} report
 * @property {Set<string>} ticked
 * @property {L.FeatureGroup | null} group
 * @property {Map<string, L.GeoJSON>} shapes
 * @property {number} turn
 * @property {string} task
 */

/** @type {State} */
const state = { report: null, ticked: new Set(), group: null, shapes: new Map(), turn: 0, task: "" };

/* Only what a person has filled in is asked for. */
function searchQuery() {
  const form = new FormData(formById("siting-form")),
    county = String(form.get("county") || "").trim();
  /** @type {Record<string, unknown>} */
  const query = county ? { county } : { area: sketch.drawnGeometry() };
  [...form.entries()]
    .filter(([name, value]) => name !== "county" && value !== "")
    .forEach(([name, value]) => {
      query[name] = Number(value);
    });
  const places = siteTerms.typedPlaces().map(siteTerms.parsePlace);
  const asked = { ...query, ...siteTerms.constraintSet() };
  return places.length ? { ...asked, places } : asked;
}

/** @param {SubmitEvent} event */
async function searchSites(event) {
  event.preventDefault();
  const status = byId("siting-status"),
    button = buttonById("siting-search");
  button.disabled = true;
  try {
    const own = siteTerms.constraintsFile();
    const options = own
      ? { body: siteTerms.formOf(searchQuery(), own) }
      : { headers: { "Content-Type": "application/json" }, body: JSON.stringify(searchQuery()) };
    const task = await runTask("api/v1/sites/search", options, status);
    setChildren(status);
    presentSearch(task);
  } catch (problem) {
    clearCandidates();
    setChildren(byId("siting-result"));
    setChildren(status, problemBox(problem));
  } finally {
    button.disabled = false;
  }
}

/** @param {Answers.FunnelStep} step */
const stepText = (step) => (step.title ? named(step.title) : tr("siting", `step_${step.reason}`));

/** @param {App.Task} task */
function presentSearch(task) {
  const report = task.result;
  state.report = report;
  state.task = task.id;
  writeHash();
  state.ticked.clear();
  setChildren(byId("siting-ranking"));
  const area =
    report.candidates.reduce(
      (/** @type {number} */ sum, /** @type {Answers.CandidateOut} */ one) => sum + one.area_m2,
      0,
    ) / 10000;
  const last = report.funnel.find((/** @type {Answers.FunnelStep} */ step) => step.reason === report.nothing_because);
  setChildren(
    byId("siting-result"),
    ...basisNotices(report.basis),
    expand.makeUntold(report),
    last
      ? problemBox({ title: ui("siting_none"), detail: ui("siting_none_because", { why: stepText(last) }) })
      : el("p", {}, ui("siting_found", { count: report.candidates.length, area: formatNumber(area, 1) })),
    el(
      "p",
      { class: "source" },
      `${ui("siting_margin", { margin: formatNumber(report.margin_m, 1) })} · ${named(report.terms_note)}`,
    ),
    report.candidates.length ? candidateTable(report.candidates) : makeRelaxations(report),
    cutLine(report),
    groundTerms.makeTaken(
      report.ground_terms,
      report.candidates.map((/** @type {Answers.CandidateOut} */ one) => [one.site_id, one.takes]),
    ),
    report.candidates.length
      ? el(
          "div",
          { class: "actions" },
          el(
            "button",
            { type: "button", class: "primary", id: "siting-compare", onclick: compareTicked },
            ui("siting_compare"),
          ),
          el(
            "button",
            {
              type: "button",
              class: "button",
              id: "siting-rank",
              onclick: () => ranking.rankSites(postCandidates(report.candidates)),
            },
            ui("siting_rank"),
          ),
          el(
            "button",
            { type: "button", class: "button", id: "siting-keep", onclick: () => keepAlternative(report.candidates) },
            ui("siting_keep"),
          ),
        )
      : "",
    task.files.length
      ? el(
          "p",
          { class: "source" },
          ui("siting_files"),
          ": ",
          ...task.files.flatMap((name) => [
            el("a", { href: `api/v1/tasks/${task.id}/files/${encodeURIComponent(name)}`, download: name }, name),
            " ",
          ]),
        )
      : "",
    makeFunnel(report),
  );
  drawCandidates(report.candidates);
  byId("siting-result").scrollIntoView({ block: "nearest" });
}

/** @param {Answers.CandidateOut[]} candidates */
const candidateTable = (candidates) =>
  makeTable(
    ui("siting_candidates"),
    [
      { text: "" },
      ...["site", "ground", "area_ha", "width", "slope", "district"].map((name) => ({
        text: tr("siting", name),
        number: name !== "site",
      })),
      { text: tr("siting", "verdict") },
    ],
    candidates.map((one) =>
      el(
        "tr",
        { "data-site": one.site_id, onmouseenter: () => pointAt(one.site_id), onmouseleave: () => pointAt(null) },
        el(
          "td",
          {},
          el("input", {
            type: "checkbox",
            "aria-label": one.site_id,
            onchange: (event) => tickSite(one.site_id, event.target.checked),
          }),
        ),
        el(
          "th",
          { scope: "row" },
          el(
            "button",
            { type: "button", class: "link", title: ui("siting_show"), onclick: () => locateSite(one.site_id) },
            one.site_id,
          ),
        ),
        ...[
          [one.ground, 0],
          [one.area_m2 / 10000, 2],
          [one.width_m, 0],
          [one.slope_mean_deg, 1],
          [one.district_km, 2],
        ].map(([value, decimals]) => el("td", { class: "number" }, formatNumber(value, decimals || 0))),
        el("td", {}, badge("verdicts", one.check.verdict)),
      ),
    ),
  );

/** Along what ground that was too large has been cut. @param {Answers.SearchReport} report */
const cutLine = ({ candidates, cut_along: lines, cut_compactness: least }) =>
  candidates.some((one) => one.cut_by.length)
    ? el(
        "p",
        { class: "source" },
        tr("siting", lines.length ? "cut_note" : "cut_note_none", {
          kinds: lines.map((kind) => tr("siting", `cut_${kind}`)).join(tr("report", "list_mark")),
          least: formatNumber(least, 2),
        }),
      )
    : null;

/** @param {Answers.RelaxedConstraint} one */
const givenUp = (one) =>
  tr("siting", `needs_${one.needs}`, { name: one.title ? named(one.title) : tr("siting", `step_${one.reason}`) });

/**
 * What to give up where nothing is found, and what each choice would give.
 * @param {Answers.SearchReport} report
 */
const makeRelaxations = (report) => {
  /* What shares of soft ground took is no part of the largest. */
  const limited = report.funnel.some((step) => step.reason === "soft_limits" && step.removed_km2);
  return el(
    "section",
    {},
    el(
      "p",
      {},
      tr("siting", limited ? "largest_before_limits" : "largest_now", {
        largest: formatNumber(report.largest_ha, 2),
        least: formatNumber(report.constraints.least_ha, 2),
        width: formatNumber(report.constraints.width_m, 0),
      }),
    ),
    report.relaxations.length
      ? makeTable(
          tr("siting", "relaxations"),
          [
            { text: tr("siting", "relaxed") },
            ...["relaxed_sites", "relaxed_largest", "relaxed_area"].map((name) => ({
              text: tr("siting", name),
              number: true,
            })),
          ],
          report.relaxations.map((one) =>
            el(
              "tr",
              {},
              el("th", { scope: "row" }, one.constraints.map(givenUp).join(" + ")),
              el("td", { class: "number" }, formatNumber(one.sites, 0)),
              ...[one.largest_ha, one.area_ha].map((value) => el("td", { class: "number" }, formatNumber(value, 2))),
            ),
          ),
        )
      : el("p", { class: "notice" }, tr("siting", "relaxed_none")),
  );
};

/** @param {Answers.SearchReport} report */
const makeFunnel = ({ funnel: steps, candidates }) =>
  el(
    "details",
    { class: "declare", open: !candidates.length },
    el("summary", {}, ui("siting_funnel")),
    makeTable(
      ui("siting_funnel"),
      [
        { text: tr("siting", "constraint") },
        ...["removed", "alone", "left"].map((name) => ({ text: tr("siting", name), number: true })),
      ],
      steps.map((step) =>
        el(
          "tr",
          {},
          el("th", { scope: "row" }, stepText(step)),
          ...[step.removed_km2, step.alone_km2, step.left_km2].map((value) =>
            el("td", { class: "number" }, formatNumber(value, 2)),
          ),
        ),
      ),
    ),
  );

/**
 * The map: candidates with popups, the ones that are compared stand out.
 * @param {string} id
 */
const lookOf = (id) => ({
  color: page.config.styles.result.drawing,
  weight: state.ticked.has(id) ? 4 : 1.8,
  fillOpacity: state.ticked.has(id) ? 0.45 : 0.2,
});
/** @param {Answers.CandidateOut[]} candidates */
function drawCandidates(candidates) {
  clearCandidates();
  if (!candidates.length) return;
  const group = L.featureGroup([], { pmIgnore: true });
  candidates.forEach((one) => {
    const shape = L.geoJSON(one.geometry, {
      pane: "result",
      pmIgnore: true,
      className: "candidate",
      style: lookOf(one.site_id),
    })
      .bindPopup(() => makePopup(one), { autoPanPaddingTopLeft: [10, 52], autoPanPaddingBottomRight: [54, 10] })
      .bindTooltip(one.site_id, { permanent: true, direction: "center", className: "candidate-name" });
    state.shapes.set(one.site_id, shape);
    shape.addTo(group);
  });
  state.group = group.addTo(page.map);
  goTo(group.getBounds(), { padding: [40, 40] });
  nameWhereRoom();
  legendRows.refresh();
}

const ROOM_PX = 24;

/** Names stand on the map where their candidate has room for them; the legend has all of them. */
function nameWhereRoom() {
  state.shapes.forEach((shape) => {
    const { x, y } = page.map.latLngToLayerPoint(shape.getBounds().getNorthEast());
    const { x: left, y: low } = page.map.latLngToLayerPoint(shape.getBounds().getSouthWest());
    if (x - left >= ROOM_PX && low - y >= ROOM_PX / 2) shape.openTooltip();
    else shape.closeTooltip();
  });
}

/** The candidates on the map, each by its name, for the legend and the printed sheet. */
const makeKeys = () =>
  state.group
    ? (state.report?.candidates || []).map((one) =>
        el(
          "li",
          { class: "candidate-key" },
          svg(
            "svg",
            { class: "swatch", width: 26, height: 18, viewBox: "0 0 26 18", "aria-hidden": "true" },
            svg("rect", { class: "candidate", x: 2, y: 2, width: 22, height: 14, "fill-opacity": 0.2 }),
          ),
          el("span", {}, `${one.site_id} · ${ui("siting_legend", { area: formatNumber(one.area_m2 / 10000, 2) })}`),
          badge("verdicts", one.check.verdict),
        ),
      )
    : [];
/** @param {Answers.CandidateOut} one */
const makePopup = (one) =>
  el(
    "div",
    { class: "tip" },
    el("strong", {}, one.site_id),
    ...[
      ["area_ha", formatNumber(one.area_m2 / 10000, 2)],
      ["width", formatNumber(one.width_m, 0)],
      ["compact", formatNumber(one.compactness, 2)],
      ["slope", formatNumber(one.slope_mean_deg, 1)],
      ["district", formatNumber(one.district_km, 2)],
      ["place", one.point_km === null ? null : formatNumber(one.point_km, 2)],
      ["cut_by", one.cut_by.length ? one.cut_by.map((kind) => tr("siting", `cut_${kind}`)).join("; ") : null],
    ]
      .filter(([, value]) => value !== null)
      .map(([name, value]) => el("span", {}, `${tr("siting", name)}: ${value}`)),
    el("span", {}, badge("verdicts", one.check.verdict), " ", checkLink(one.check)),
    el("button", { type: "button", class: "button small", onclick: () => studyCandidate(one) }, ui("siting_study")),
  );
/**
 * A candidate becomes the site that the other parts of the tab are about.
 * @param {Answers.CandidateOut} one
 */
function studyCandidate(one) {
  page.map.closePopup();
  expand.takeSites({ name: one.site_id, options: postCandidates([one]) });
  byId("ground-title").scrollIntoView({ block: "start" });
}
/** @param {Answers.BriefCheck} check */
export const checkLink = (check) =>
  el(
    "a",
    {
      href: `?lang=${page.config.lang}#tab=check&check=${encodeURIComponent(check.check_id)}`,
      target: "_blank",
      rel: "noopener",
    },
    ui("siting_check_link"),
  );
function clearCandidates() {
  if (state.group) state.group.remove();
  state.group = null;
  state.shapes.clear();
  legendRows.refresh();
}
/** @param {string | null} id */
const pointAt = (id) =>
  state.shapes.forEach((shape, other) => shape.setStyle(other === id ? { weight: 5 } : lookOf(other)));
/** @param {string} id */
function locateSite(id) {
  const shape = state.shapes.get(id);
  if (!shape) return;
  /* A popup moves the map into its own sight only when the map stands still. */
  page.map.fitBounds(shape.getBounds(), { maxZoom: 15, padding: [60, 60], animate: false });
  shape.openPopup();
}
/**
 * @param {string} id
 * @param {boolean} on
 */
function tickSite(id, on) {
  if (on) state.ticked.add(id);
  else state.ticked.delete(id);
  pointAt(null);
}

/**
 * Candidates as the body of another request.
 * @param {Answers.CandidateOut[]} candidates
 */
const postCandidates = (candidates) => ({
  method: "POST",
  headers: { "Content-Type": "application/geo+json" },
  body: JSON.stringify({
    type: "FeatureCollection",
    features: candidates.map((one) => ({
      type: "Feature",
      id: one.site_id,
      properties: { name: one.site_id },
      geometry: one.geometry,
    })),
  }),
});
function compareTicked() {
  const chosen = (state.report?.candidates || []).filter((one) => state.ticked.has(one.site_id));
  if (chosen.length < 2 || chosen.length > 4) {
    setChildren(byId("siting-ranking"), problemBox({ title: ui("siting_compare"), detail: ui("siting_choose_two") }));
    return;
  }
  ranking.rankSites(postCandidates(chosen));
}

export function begin() {
  if (!findById("siting-form")) return;
  if (!page.map.getPane("result")) page.map.createPane("result").style.zIndex = "480";
  byId("siting-form").addEventListener("submit", searchSites);
  page.map.on("zoomend", nameWhereRoom);
  remember("search", () => state.task);
  tasks.reopeners.search = (task) => {
    tabs.open("expand");
    presentSearch(task);
  };
  const kept = (state.task = hashState.given.get("search") || "");
  if (kept) ask(`api/v1/tasks/${encodeURIComponent(kept)}`).then(showKept, () => null);
  legendRows.add("candidates", makeKeys);
  expand.state.opened.push(fillCounties);
}

/** A search that the address or a project names is shown again. @param {App.Task} task */
function showKept(task) {
  if (task.status === "finished") presentSearch(task);
}

/**
 * The ticked candidates, or all, become an alternative of the project that is open.
 * @param {Answers.CandidateOut[]} candidates
 */
function keepAlternative(candidates) {
  const chosen = candidates.filter((one) => state.ticked.has(one.site_id));
  const sites = (chosen.length ? chosen : candidates).map(({ site_id: id, geometry }) => ({ id, name: id, geometry }));
  document.dispatchEvent(new CustomEvent("ftz:alternative", { detail: sites }));
}

/** Counties come with the first look at the tab; one is chosen, and not typed. */
async function fillCounties() {
  const field = byId("siting-county");
  if (field.children.length > 1) return;
  const found = await importChoices.choices().catch(() => null);
  if (found && field.children.length === 1) field.append(...importChoices.countyGroups(found));
}
