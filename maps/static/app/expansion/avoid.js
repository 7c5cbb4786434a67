/* Sites that keep clear of the hard lines: before and after, trimmed and shifted. */

import {
  badge,
  basisNotices,
  byId,
  el,
  fieldById,
  findById,
  makeTable,
  problemBox,
  setChildren,
  svg,
} from "../core/elements.js";
import { page } from "../core/page.js";
import { runTask } from "../core/server.js";
import { formatNumber, named, tr, ui } from "../core/words.js";
import * as expand from "./expand.js";
import * as siteSearch from "./sites.js";
import * as tabs from "../workbench/tabs.js";
import * as tasks from "../workbench/tasks.js";

/** @type {{ group: L.FeatureGroup | null, turn: number }} */
const state = { group: null, turn: 0 };

async function runAvoidance() {
  const status = byId("avoid-status");
  const chosen = expand.requireSites(status);
  if (!chosen) return;
  const query = new URLSearchParams({
    target_m2: fieldById("avoid-target").value || "0",
    width_m: fieldById("avoid-width").value || "0",
  });
  if (fieldById("avoid-reach").value) query.set("reach_m", fieldById("avoid-reach").value);
  clearReport();
  const { turn } = state;
  try {
    const [address, options] = await expand.requestFor(chosen, "api/v1/sites/avoidance", [...query]);
    const task = await runTask(address, options || {}, status);
    if (turn !== state.turn) return;
    setChildren(status);
    presentReport(task);
  } catch (problem) {
    if (turn === state.turn) setChildren(status, problemBox(problem));
  }
}

/** @param {App.Task} task */
function presentReport(task) {
  const report = task.result;
  setChildren(
    byId("avoid-result"),
    ...basisNotices(report.basis),
    expand.makeUntold(report),
    report.sites.map(makeSite),
    el("p", { class: "source" }, named(report.terms_note)),
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
  );
  drawSites(report.sites);
}

/** @param {Answers.AvoidedSite} site */
const makeSite = (site) =>
  el(
    "article",
    { class: "avoided" },
    el("h3", {}, site.name || site.site_id),
    makeCard("before", ui("siting_before"), site.before, [`${formatNumber(site.area_m2, 0)} m²`]),
    makeCard(
      "trim",
      ui("siting_trim"),
      site.trim.check,
      site.trim.possible
        ? [
            ui("siting_kept", {
              area: formatNumber(site.trim.area_m2, 0),
              pct: formatNumber(site.trim.kept_pct, 1),
              width: formatNumber(site.trim.width_m, 0),
            }),
            lostTable(site.trim),
          ]
        : [ui("siting_impossible", { why: tr("siting", `why_${site.trim.why}`) })],
    ),
    makeCard(
      "shift",
      ui("siting_shift"),
      site.shift.check,
      site.shift.possible
        ? [
            ui("siting_moved", {
              distance: formatNumber(site.shift.distance_m, 1),
              bearing: formatNumber(site.shift.bearing_deg, 0),
            }),
          ]
        : [ui("siting_impossible", { why: tr("siting", `why_${site.shift.why}`) })],
    ),
    el("p", { class: "quiet" }, ui("siting_margin", { margin: formatNumber(site.margin_m, 2) })),
  );

/** @param {string} how */
const makeKey = (how) =>
  svg(
    "svg",
    { class: `key avoid-${how}`, viewBox: "0 0 10 10", "aria-hidden": "true" },
    svg("rect", { x: 1, y: 1, width: 8, height: 8 }),
  );
/**
 * What is on hard lines, and which of them cannot be told: they may be there.
 *
 * @param {Answers.BriefCheck} check
 */
const sayHardOverlap = (check) => {
  const area = formatNumber(check.hard_overlap_m2, 2);
  if (!check.untold.length) return ui("siting_overlap", { area });
  const lines = check.untold.map(named).join(tr("report", "list_mark"));
  const partly = check.hard_overlap_m2 !== null;
  return ui(partly ? "siting_overlap_partly" : "siting_overlap_untold", { area, lines });
};
/**
 * @param {string} how
 * @param {string} title
 * @param {Answers.BriefCheck | null} check
 * @param {(string | Node)[]} said
 */
const makeCard = (how, title, check, said) =>
  el(
    "div",
    { class: "avoid-card" },
    el("p", {}, makeKey(how), el("b", {}, title), " ", check ? badge("verdicts", check.verdict) : ""),
    said.map((one) => (typeof one === "string" ? el("p", {}, one) : one)),
    check ? el("p", { class: "quiet" }, sayHardOverlap(check), " · ", siteSearch.checkLink(check)) : "",
  );
/** @param {Answers.TrimOut} trim */
const lostTable = (trim) =>
  makeTable(
    ui("siting_lost"),
    [{ text: ui("siting_lost") }, { text: "m²", number: true }],
    [
      ...trim.lost.map((one) => ({ name: named(one.title), area: one.area_m2 })),
      ...(trim.cut_off_m2 >= 1 ? [{ name: tr("siting", "cut_off"), area: trim.cut_off_m2 }] : []),
    ].map(({ name, area }) =>
      el("tr", {}, el("th", { scope: "row" }, name), el("td", { class: "number" }, formatNumber(area, 0))),
    ),
  );

function clearReport() {
  state.turn += 1;
  ["avoid-status", "avoid-result"].forEach((id) => setChildren(byId(id)));
  if (state.group) state.group.remove();
  state.group = null;
}
/** @param {Answers.AvoidedSite[]} sites */
function drawSites(sites) {
  const looks = page.config.styles.result;
  const group = L.featureGroup([], { pmIgnore: true });
  /* The class gives the colour of the scheme, light or dark. */
  const put = (
    /** @type {string} */ how,
    /** @type {App.Shape | null} */ geometry,
    /** @type {L.PathOptions} */ style,
  ) => {
    if (geometry)
      L.geoJSON(geometry, { pane: "result", pmIgnore: true, interactive: false, className: `way-${how}`, style }).addTo(
        group,
      );
  };
  sites.forEach((site) => {
    put("before", site.geometry, { color: looks.conflict, weight: 2, dashArray: "6 4", fillOpacity: 0.06 });
    put("trim", site.trim.geometry, { color: looks.clear, weight: 2.6, fillOpacity: 0.35 });
    put("shift", site.shift.geometry, { color: looks.conditional, weight: 2.6, dashArray: "2 5", fillOpacity: 0.12 });
  });
  state.group = group.addTo(page.map);
  page.map.fitBounds(group.getBounds(), { padding: [50, 50], maxZoom: 16 });
}

export function begin() {
  if (!findById("avoid-button")) return;
  byId("avoid-button").addEventListener("click", runAvoidance);
  expand.state.listeners.push(clearReport);
  tasks.reopeners.avoid = (task) => {
    tabs.open("expand");
    clearReport();
    presentReport(task);
    byId("avoid-result").scrollIntoView({ block: "nearest" });
  };
}
