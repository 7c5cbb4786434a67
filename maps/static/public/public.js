/* A published map: layers, density, story, tables. Everything is in the page; nothing is asked for. */

import { compareFromTop } from "../app/core/drawing_order.js";
import { badge, byId, el, selectById, setChildren } from "../app/core/elements.js";
import { fillPage, page } from "../app/core/page.js";
import { named, relabel, tr, ui } from "../app/core/words.js";
import { words } from "../app/map/why_card.js";
import { densityTitle, isFact, makeTooltip, showDensity } from "./density.js";
import { beginWishes, makeFilters, stateLook, wantedOf, wishesText } from "./fields.js";
import { beginHere, makeRules, tellHere } from "./here.js";
import { showInsets } from "./insets.js";
import { placeNames } from "./labels.js";
import { isPoint, makeStates, makeSwatch, paneOf, pathOptions, styleOf } from "./looks.js";
import { beginSearch } from "./search.js";
import { showTables } from "./tables.js";
import { beginTake, keepAddress } from "./take.js";
import { unpacked } from "./unpacking.js";
import { beginView, goTo } from "./view.js";

/** @type {{ drawn: Map<string, L.Layer>, shown: Set<string>, write: () => void }} */
const state = { drawn: new Map(), shown: new Set(), write: () => {} };

const isShown = (/** @type {App.PublicLayer} */ layer) => state.shown.has(layer.id);

/** A point is too small to be seen through. @param {App.Feature} feature */
const lookOf = (feature) => ({ ...(isPoint(feature) ? { fillOpacity: 1 } : {}), ...stateLook(feature) });

/** @param {App.PublicLayer} layer */
function drawLayer(layer) {
  const options = { ...pathOptions(layer.kind), pane: paneOf(layer.kind) };
  const quiet = styleOf(layer.kind).quiet;
  return L.geoJSON(/** @type {any} */ ({ ...layer.features, features: wantedOf(layer) }), {
    style: (feature) => ({ ...options, ...(feature ? lookOf(feature) : {}) }),
    pane: options.pane,
    interactive: !quiet,
    pointToLayer: (feature, at) => L.circleMarker(at, { ...options, radius: 7 }),
    onEachFeature: (feature, shape) => {
      if (!quiet) shape.bindTooltip(() => makeTooltip(layer, feature), { sticky: true });
    },
  });
}

/**
 * @param {App.PublicLayer} layer
 * @param {boolean} on
 */
function showLayer(layer, on) {
  const drawn = state.drawn.get(layer.id);
  if (!drawn) return;
  if (on) {
    drawn.addTo(page.map);
    state.shown.add(layer.id);
  } else {
    drawn.remove();
    state.shown.delete(layer.id);
  }
}

/** What is chosen beside the place, as a link says it. */
function chosen() {
  const off = page.config.publication.layers.filter((layer) => !isShown(layer)).map(({ id }) => id);
  const density = page.config.publication.densities.length ? selectById("density-choice").value : "";
  return {
    ...(off.length ? { off: off.join(",") } : {}),
    ...(page.config.publication.densities.length ? { density } : {}),
    ...(wishesText() ? { only: wishesText() } : {}),
  };
}

/* After a choice of the reader: what depends on it, and the links. */
function follow() {
  placeNames(isShown);
  showInsets(isShown);
  state.write();
  keepAddress(chosen);
}

/** @param {App.PublicLayer} layer */
function redraw(layer) {
  const on = isShown(layer);
  showLayer(layer, false);
  state.drawn.set(layer.id, drawLayer(layer));
  showLayer(layer, on);
  showTables();
  follow();
}

/** @param {App.PublicLayer} layer */
function makeLegendRow(layer) {
  /** @type {HTMLInputElement} */
  const box = el("input", {
    type: "checkbox",
    id: `show-${layer.id}`,
    checked: isShown(layer),
    onchange: () => {
      showLayer(layer, box.checked);
      follow();
    },
  });
  return el(
    "li",
    {},
    el("label", { for: box.id }, box, makeSwatch(layer), el("span", {}, named(layer.title))),
    ["demonstration", "indicative"].includes(layer.status) ? badge("statuses", layer.status) : null,
    layer.protections.length
      ? el("details", { class: "why" }, el("summary", {}, words("title")), makeRules(layer))
      : null,
    makeStates(layer),
    makeFilters(layer, () => redraw(layer)),
  );
}

function showLegend() {
  setChildren(byId("legend-list"), [...page.config.publication.layers].sort(compareFromTop).map(makeLegendRow));
}

/* The story: a step shows its layers and its place. */
function showStory() {
  const { story, layers, densities } = page.config.publication;
  const steps = story.map((step, at) => {
    const look = () => {
      steps.forEach((one) => one.removeAttribute("aria-current"));
      steps[at].setAttribute("aria-current", "step");
      if (step.layers.length) layers.forEach((layer) => showLayer(layer, step.layers.includes(layer.id)));
      selectById("density-choice").value = step.density === null ? "" : String(step.density);
      showDensity(step.density === null ? null : densities[step.density]);
      if (step.bounds_lonlat) goTo(step.bounds_lonlat);
      showLegend();
      follow();
    };
    return el(
      "li",
      { class: "step" },
      el("h3", {}, `${at + 1}. ${named(step.heading)}`),
      el("p", {}, named(step.text)),
      el("button", { type: "button", class: "button", onclick: look }, ui("show_on_map")),
    );
  });
  byId("story").hidden = !steps.length;
  setChildren(byId("story-list"), steps);
}

function showStatements() {
  const { publication } = page.config;
  document.title = named(publication.title);
  const say = (/** @type {string} */ id, /** @type {string | null} */ text) => {
    byId(id).textContent = text;
  };
  say("title", named(publication.title));
  say("maker", ui("maker", { maker: named(publication.maker) }));
  say("data-date", ui("data_date", { date: publication.data_date }));
  say("crs", ui("crs", { crs: publication.crs }));
  say("disclaimer", named(publication.disclaimer));
  say(
    "review",
    publication.review_number ? ui("review_number", { number: publication.review_number }) : ui("no_review_number"),
  );
  byId("draft").hidden = !publication.draft;
  const doubtful = [...new Set(publication.layers.map((layer) => layer.status))].filter((status) =>
    ["demonstration", "indicative"].includes(status),
  );
  byId("review").append(...doubtful.map((status) => badge("statuses", status)));
  setChildren(
    byId("marks"),
    doubtful.map((status) => el("p", { class: `notice ${status}` }, tr("basis", status))),
  );
}

/** @param {string} number */
function showDensityChoice(number) {
  const { densities } = page.config.publication;
  byId("density").hidden = !densities.length;
  setChildren(
    selectById("density-choice"),
    el("option", { value: "" }, ui("no_density")),
    [true, false].map((facts) => {
      const own = densities.map((table, at) => ({ table, at })).filter(({ table }) => isFact(table) === facts);
      return own.length
        ? el(
            "optgroup",
            { label: facts ? ui("facts") : ui("no_facts") },
            own.map(({ table, at }) =>
              el(
                "option",
                { value: at, selected: String(at) === number },
                `${densityTitle(table)} (${tr("denominators", table.denominator)})`,
              ),
            ),
          )
        : null;
    }),
  );
}

function chooseDensity() {
  const { value } = selectById("density-choice");
  showDensity(value === "" ? null : page.config.publication.densities[Number(value)] || null);
}

/** Everything that is said, in the language of the page. @param {string} density */
function showWords(density) {
  showStatements();
  showDensityChoice(density);
  showLegend();
  showStory();
  showTables();
  chooseDensity();
  placeNames(isShown);
  showInsets(isShown);
}

/** @param {URLSearchParams} link */
function drawLayers(link) {
  const off = (link.get("off") || "").split(",");
  [...page.config.publication.layers]
    .sort(compareFromTop)
    .reverse()
    .forEach((layer) => {
      state.drawn.set(layer.id, drawLayer(layer));
      showLayer(layer, !off.includes(layer.id));
    });
}

function beginFrame() {
  const { map } = page;
  map.attributionControl.remove();
  L.control.scale({ position: "bottomright", imperial: false }).addTo(map);
  L.control.zoom({ position: "bottomright" }).addTo(map);
  map.createPane("density").style.zIndex = "450";
  const labels = map.createPane("labels");
  labels.style.zIndex = "620";
  labels.setAttribute("aria-hidden", "true");
  map.on("zoomstart", () => labels.classList.add("moving"));
  map.on("moveend resize", () => {
    labels.classList.remove("moving");
    placeNames(isShown);
  });
}

/** @param {URLSearchParams} link */
function begin(link) {
  beginFrame();
  beginWishes(link.get("only"));
  drawLayers(link);
  beginView(link.get("at"));
  showWords(link.get("density") ?? "0");
  selectById("density-choice").addEventListener("change", () => {
    chooseDensity();
    follow();
  });
  beginHere(isShown);
  beginSearch((at, heading) => tellHere(at, heading, isShown));
  state.write = beginTake(chosen);
  page.map.on("dragend zoomend", () => keepAddress(chosen));
  byId("lang").addEventListener("click", () => {
    const { value } = selectById("density-choice");
    relabel(ui("other_lang"));
    showWords(value);
    byId("here").hidden = true;
    follow();
  });
}

/**
 * @param {L.Map} map
 * @param {App.Config} config
 */
export function start(map, config) {
  const link = new URLSearchParams(location.hash.slice(1));
  fillPage(map, { ...config, publication: unpacked(config.publication) });
  // An address that leads here from elsewhere may say the language as the workbench does.
  relabel(link.get("lang") || new URLSearchParams(location.search).get("lang"));
  begin(link);
  byId("first-picture").remove();
}
