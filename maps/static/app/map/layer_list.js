/* The layer tree: by group, with status, opacity, order, facts and versions. */

import * as answers from "../core/answers.js";
import { announce, badge, byId, el, faultNotes, problemBox, setChildren } from "../core/elements.js";
import { hashState, writeHash } from "../core/hash_state.js";
import { page } from "../core/page.js";
import { named, tr, ui } from "../core/words.js";
import * as layerVersions from "../data/versions.js";
import { isWithdrawn } from "../data/withdraw.js";
import * as layerLooks from "./layer_looks.js";
import * as drawnLayers from "./layers.js";

const GROUPS = ["control", "zone", "ground"];
/* Zones lie over control lines, and these over the ground, whatever the order inside. */
const FROM_TOP = ["zone", "control", "ground"];

/**
 * @param {App.Layer[]} entries
 * @param {HTMLElement[]} notes
 */
function showList(entries, notes) {
  if (!entries.length) {
    setChildren(byId("layer-list"), notes, el("p", { class: "quiet" }, ui("layers_none")));
    return;
  }
  setChildren(
    byId("layer-list"),
    notes,
    GROUPS.map((group) => {
      const mine = entries.filter((entry) => layerLooks.styleOf(entry.kind).group === group);
      if (!mine.length) return null;
      const rows = el("ul", { class: "layers" }, mine.map(makeRow));
      return el("section", {}, groupHead(`group_${group}`, mine), rows);
    }),
  );
}

/**
 * @param {string} key
 * @param {App.Layer[]} mine
 */
function groupHead(key, mine) {
  const all = (/** @type {boolean} */ on) => () =>
    mine
      .filter((entry) => Boolean(entry.on) !== on && !isWithdrawn(entry.withdrawals))
      .forEach((entry) => drawnLayers.toggle(entry, on));
  const act = (/** @type {string} */ word, /** @type {boolean} */ on) =>
    el(
      "button",
      { type: "button", class: "linklike", "aria-label": `${ui(key)}: ${ui(word)}`, onclick: all(on) },
      ui(word),
    );
  return el("div", { class: "group-head" }, el("h2", {}, ui(key)), act("show_all", true), act("show_none", false));
}

/** @param {App.Layer} entry */
function makeRow(entry) {
  /** @type {HTMLInputElement} */
  const box = el("input", {
    type: "checkbox",
    id: `layer-${entry.id}`,
    disabled: isWithdrawn(entry.withdrawals),
    onchange: () => drawnLayers.toggle(entry, box.checked),
  });
  entry.box = box;
  entry.swatch = layerLooks.makeSwatch(entry.kind, entry.geometry_type);
  entry.state = el("span", { class: "quiet state", role: "status" });
  entry.far = el("span", { class: "quiet", hidden: true }, ui("closer"));
  const facts = el("div", { class: "facts", id: `facts-${entry.id}`, hidden: true });
  const about = el(
    "button",
    {
      type: "button",
      class: "about",
      "aria-expanded": "false",
      "aria-controls": facts.id,
      "aria-label": `${ui("about")}: ${named(entry.title)}`,
      title: ui("about"),
      onclick: () => {
        if (!facts.firstChild) setChildren(facts, makeSettings(entry));
        facts.hidden = !facts.hidden;
        about.setAttribute("aria-expanded", String(!facts.hidden));
      },
    },
    "i",
  );
  return el(
    "li",
    { id: `row-${entry.id}`, class: entry.in_use ? "" : "replaced" },
    el(
      "div",
      { class: "head" },
      el("label", { for: box.id }, box, entry.swatch, el("span", { class: "name" }, named(entry.title))),
      el("span", { class: "meta" }, entry.far, whyUnused(entry), badge("statuses", entry.status)),
    ),
    about,
    entry.state,
    facts,
  );
}

/** @param {App.Layer} entry */
function whyUnused(entry) {
  if (entry.in_use) return null;
  const why = isWithdrawn(entry.withdrawals) ? tr("withdrawals", "badge") : ui("replaced");
  return el("span", { class: "quiet" }, why);
}

/** @param {App.Layer} entry */
function makeSettings(entry) {
  const title = named(entry.title);
  /** @type {HTMLInputElement} */
  const opacity = el("input", {
    type: "range",
    min: 0,
    max: 100,
    step: 5,
    value: Math.round(entry.opacity * 100),
    "aria-label": `${ui("opacity")}: ${title}`,
    oninput: () => {
      entry.opacity = Number(opacity.value) / 100;
      shown.textContent = `${opacity.value} %`;
      drawnLayers.stackPanes();
    },
    onchange: () => writeHash(),
  });
  const shown = el("output", {}, `${opacity.value} %`);
  const act = (/** @type {string} */ word, /** @type {() => void} */ onclick) =>
    el("button", { type: "button", class: "button small", "aria-label": `${ui(word)}: ${title}`, onclick }, ui(word));
  return [
    el("div", { class: "opacity" }, el("span", {}, ui("opacity")), opacity, shown),
    el(
      "div",
      { class: "row-actions" },
      act("zoom_to", () => zoomTo(entry)),
      act("move_up", () => moveLayer(entry, -1)),
      act("move_down", () => moveLayer(entry, 1)),
      page.config.embedded ? null : act("versions", () => layerVersions.openVersions(entry)),
      page.config.embedded ? null : makeGuideLink(entry),
    ),
    el("p", {}, `${ui("source")}: ${tr("sources", entry.source)}`),
    el("p", {}, ui("layer_facts", { version: entry.version, count: entry.feature_count, crs: entry.crs })),
    el("p", {}, `${ui("licence")}: ${entry.licence}`),
    el("div", { class: "versions", id: `versions-${entry.id}` }),
  ];
}

/**
 * How a layer of the kind is prepared, as a page of its own.
 * @param {App.Layer} entry
 */
const makeGuideLink = (entry) =>
  el(
    "a",
    {
      class: "button small",
      href: `api/v1/kinds/${encodeURIComponent(entry.kind)}/guide?format=html&lang=${page.config.lang}`,
      download: `guide-${entry.kind}.html`,
    },
    ui("layer_guide"),
  );

/** @param {App.Layer} entry */
function zoomTo(entry) {
  const [west, south, east, north] = entry.bounds_lonlat;
  page.map.fitBounds(
    [
      [south, west],
      [north, east],
    ],
    { padding: [40, 40] },
  );
}

/**
 * Up and down within the group: what lies above what is seen at once.
 * @param {App.Layer} entry
 * @param {number} step
 */
function moveLayer(entry, step) {
  const row = byId(`row-${entry.id}`),
    other = step < 0 ? row.previousElementSibling : row.nextElementSibling;
  if (!other) return;
  if (step < 0) other.before(row);
  else other.after(row);
  drawnLayers.state.order = [...document.querySelectorAll("#layer-list .layers > li")]
    .map((one) => one.id.slice("row-".length))
    .sort((a, b) => rankOf(a) - rankOf(b));
  drawnLayers.noteChange();
  announce(
    ui("moved_to", { title: named(entry.title), place: [...(row.parentElement?.children || [])].indexOf(row) + 1 }),
  );
}
/** @param {string} id */
const rankOf = (id) => FROM_TOP.indexOf(layerLooks.styleOf(drawnLayers.layerOf(id).kind).group);

/**
 * The list as the catalogue is now; what showed goes on to show, and a layer that came in, too.
 * @param {string} [shown]
 */
export async function refresh(shown) {
  const answer = await answers.layers();
  const before = [...drawnLayers.state.entries.values()].filter((one) => one.on);
  const counted = new Set(before.filter((one) => one.in_use).map((one) => one.id));
  const on = new Set([...before.map((one) => one.id), ...(shown ? [shown] : [])]);
  writeHash();
  /* Order and looks as they are now, not as the address was at the start. */
  hashState.given = new URLSearchParams(location.hash.slice(1));
  drawnLayers.state.entries.forEach((entry) => entry.drawn?.remove());
  drawnLayers.state.entries.clear();
  const entries = drawnLayers.arrangeLayers(answer.layers);
  showList(entries, faultNotes(answer));
  await Promise.all(
    entries
      .filter((entry) => on.has(entry.id) && !isWithdrawn(entry.withdrawals))
      /* What has just given way is put away; what was shown although it counts no more stays. */
      .filter((entry) => entry.in_use || !counted.has(entry.id))
      .map((entry) => drawnLayers.toggle(entry, true)),
  );
  showDemonstrations(entries);
}

/** @param {App.Layer[]} entries */
function showDemonstrations(entries) {
  byId("demonstration-pill").hidden = !entries.some((entry) => entry.in_use && entry.status === "demonstration");
}

export async function begin() {
  const labels = page.map.createPane("labels");
  labels.classList.add("pane-labels");
  labels.style.zIndex = "620";
  labels.setAttribute("aria-hidden", "true");
  drawnLayers.showPlaces();
  let answer;
  try {
    answer = await answers.layers();
  } catch (problem) {
    setChildren(
      byId("layer-list"),
      problemBox(problem),
      el("p", {}, el("button", { type: "button", class: "button", onclick: begin }, ui("retry"))),
    );
    return;
  }
  const entries = drawnLayers.arrangeLayers(answer.layers);
  showList(entries, faultNotes(answer));
  drawnLayers.showCredit(entries.filter((entry) => layerLooks.styleOf(entry.kind).credit));
  page.map.on("zoomend", () => {
    drawnLayers.applyScale();
    drawnLayers.state.listeners.forEach((heard) => heard());
  });
  document.addEventListener("ftz:theme", drawnLayers.redraw);
  const wanted = hashState.layers;
  entries
    .filter((entry) => !isWithdrawn(entry.withdrawals))
    .filter((entry) => (wanted ? wanted.includes(entry.id) : entry.in_use && layerLooks.styleOf(entry.kind).shown))
    .forEach((entry) => drawnLayers.toggle(entry, true));
  showDemonstrations(entries);
}
