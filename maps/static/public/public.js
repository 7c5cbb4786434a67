/* A published map: layers, density, story, tables. Everything is in the page; nothing is asked for. */

import {
  classAt,
  classColours,
  densityText,
  legendLine,
  legendOfClasses,
  qualifiedRows,
  sourcesText,
} from "../app/core/classes.js";
import { compareFromTop } from "../app/core/drawing_order.js";
import { badge, byId, el, makeTable, selectById, setChildren, svg } from "../app/core/elements.js";
import { sourceWords } from "../app/core/law.js";
import { fillPage, page } from "../app/core/page.js";
import { formatNumber, named, relabel, tr, ui, unitText } from "../app/core/words.js";
import { makeCard, words } from "../app/map/why_card.js";

/** @type {{ drawn: Map<string, L.Layer>, shown: Set<string>, table: L.Layer | null, labelled: L.Layer[] }} */
const state = { drawn: new Map(), shown: new Set(), table: null, labelled: [] };

/** @param {string} kind */
const styleOf = (kind) => page.config.styles.kinds[kind] || page.config.styles.fallback;

/** @param {string} kind */
function pathOptions(kind) {
  const style = styleOf(kind);
  const fills = { hatch: "url(#pattern-hatch)", dots: "url(#pattern-dots)", none: style.fill };
  return {
    color: style.stroke,
    weight: style.weight,
    dashArray: style.dash || undefined,
    fill: Boolean(style.fill),
    fillColor: fills[style.pattern],
    fillOpacity: style.fill_opacity,
  };
}

/** @param {App.Feature} feature */
const nameOf = (feature) => {
  const own = feature.properties;
  return own[`name_${page.config.lang}`] || own.name_zh || own.name || "";
};

/** @param {string} kind */
function paneOf(kind) {
  const { order } = styleOf(kind),
    name = `order-${order}`;
  if (!page.map.getPane(name)) page.map.createPane(name).style.zIndex = String(400 + order);
  return name;
}

/**
 * @param {App.PublicLayer} layer
 * @param {App.Feature} feature
 * @param {string} [more]
 */
const makeTooltip = (layer, feature, more) =>
  el(
    "div",
    { class: "tip" },
    el("strong", {}, nameOf(feature) || named(layer.title)),
    el("span", {}, named(layer.title)),
    more ? el("span", {}, more) : null,
  );

/** @param {App.PublicLayer} layer */
function drawLayer(layer) {
  const options = { ...pathOptions(layer.kind), pane: paneOf(layer.kind) };
  const quiet = styleOf(layer.kind).quiet;
  return L.geoJSON(layer.features, {
    // A point is too small to be seen through.
    style: (feature) => (feature && feature.geometry.type.endsWith("Point") ? { ...options, fillOpacity: 1 } : options),
    pane: options.pane,
    interactive: !quiet,
    pointToLayer: (feature, at) => L.circleMarker(at, { ...options, radius: 6 }),
    onEachFeature: (feature, shape) => {
      if (!quiet) shape.bindTooltip(() => makeTooltip(layer, feature), { sticky: true });
    },
  });
}

/**
 * Names that stand on the map: those of districts and linkage zones.
 * @param {App.PublicLayer} layer
 */
function drawLabels(layer) {
  if (styleOf(layer.kind).names !== "always") return L.layerGroup();
  return L.layerGroup(
    layer.features.features.map((feature) =>
      L.marker(L.geoJSON(feature).getBounds().getCenter(), {
        interactive: false,
        keyboard: false,
        pane: "labels",
        icon: L.divIcon({ className: "label", html: el("span", {}, nameOf(feature)), iconSize: undefined }),
      }),
    ),
  );
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

/** @param {string} kind */
function makeSwatch(kind) {
  const options = pathOptions(kind);
  return svg(
    "svg",
    { class: "swatch", width: 26, height: 16, "aria-hidden": "true" },
    svg("rect", {
      x: 2,
      y: 2,
      width: 22,
      height: 12,
      rx: 2,
      stroke: options.color,
      "stroke-width": Math.min(options.weight, 2),
      fill: options.fill ? options.fillColor : "none",
      "fill-opacity": options.fillOpacity,
      "stroke-dasharray": options.dashArray ? "4 2" : "none",
    }),
  );
}

function showLegend() {
  const { layers } = page.config.publication;
  setChildren(
    byId("legend-list"),
    [...layers].sort(compareFromTop).map((layer) => {
      /** @type {HTMLInputElement} */
      const box = el("input", {
        type: "checkbox",
        id: `show-${layer.id}`,
        checked: state.shown.has(layer.id),
        onchange: () => showLayer(layer, box.checked),
      });
      return el(
        "li",
        {},
        el("label", { for: box.id }, box, makeSwatch(layer.kind), el("span", {}, named(layer.title))),
        ["demonstration", "indicative"].includes(layer.status) ? badge("statuses", layer.status) : null,
        makeWhy(layer),
      );
    }),
  );
}

/**
 * Why a control line is there, by the law of the day on which the map was made.
 * @param {App.PublicLayer} layer
 */
const makeWhy = (layer) =>
  layer.protections.length
    ? el(
        "details",
        { class: "why" },
        el("summary", {}, words("title")),
        layer.protections.map(makeCard),
        el("p", { class: "quiet" }, words("words_note")),
      )
    : null;

const NO_DATA = "url(#pattern-none-known)";

/**
 * What a density is called: a target or an estimate is named as such wherever its numbers stand.
 * @param {Answers.PublishedDensity} table
 */
function densityTitle(table) {
  const nature = table.nature === "fact" ? "" : ` (${tr("periods", table.nature)})`;
  return `${named(table.name)} ${table.year}${nature}`;
}

/**
 * A density with what qualifies it, or that there is none.
 * @param {Answers.DensityRow} row
 */
function shownDensity(row) {
  return row.density === null ? ui("no_data") : densityText(row);
}

/* Density: one table at a time, coloured by its printed classes. */
/** @param {Answers.PublishedDensity | null} table */
function showDensity(table) {
  if (state.table) state.table.remove();
  state.table = null;
  byId("density-legend").hidden = !table;
  if (!table) return;
  const known = table.rows.filter((row) => row.density !== null);
  const colours = classColours(table.breaks, page.config.styles.choropleth.classes);
  const group = L.layerGroup();
  /** @type {Answers.DensityRow[]} */
  const drawn = [];
  page.config.publication.layers.forEach((layer) => {
    const rows = new Map(table.rows.filter((row) => row.layer === layer.id).map((row) => [row.unit_id, row]));
    const rowOf = (/** @type {App.Feature | undefined} */ feature) =>
      /** @type {Answers.DensityRow} */ (rows.get(feature?.properties.unit));
    L.geoJSON(layer.features, {
      pane: "density",
      filter: (feature) => rows.has(feature.properties.unit),
      style: (feature) => {
        const { density } = rowOf(feature);
        return {
          color: page.config.styles.choropleth.stroke,
          weight: 1.6,
          fillOpacity: density === null ? 1 : 0.85,
          fillColor: density === null ? NO_DATA : colours[classAt(table.breaks, density)],
        };
      },
      pointToLayer: (feature, at) => L.circleMarker(at, { radius: 9, pane: "density" }),
      onEachFeature: (feature, shape) => {
        const row = rowOf(feature);
        const unit = row.density === null ? "" : ` ${unitText(table.unit)}`;
        drawn.push(row);
        shape.bindTooltip(() => makeTooltip(layer, feature, shownDensity(row) + unit), { sticky: true });
      },
    }).addTo(group);
  });
  state.table = group.addTo(page.map);
  setChildren(
    byId("density-legend"),
    el("strong", {}, densityTitle(table)),
    el("p", {}, `${unitText(table.unit)} · ${tr("denominators", table.denominator)}`),
    el(
      "ul",
      {},
      legendOfClasses(table, colours, drawn),
      drawn.some((row) => row.density === null) ? legendLine(NO_DATA, ui("no_data")) : null,
    ),
    qualifiedRows(known),
    el(
      "p",
      { class: "quiet" },
      sourcesText(
        "source",
        known.map((row) => row.source),
      ),
    ),
  );
}

/* Every map has its twin as a table. */
function showTables() {
  const { layers, densities } = page.config.publication;
  const cell = (/** @type {string | null} */ text, /** @type {boolean} */ number = false) =>
    el("td", { class: number ? "number" : "" }, text);
  const twins = densities.map((table) =>
    el(
      "section",
      {},
      el("h3", {}, `${densityTitle(table)} · ${tr("denominators", table.denominator)}`),
      makeTable(
        named(table.name),
        [
          { text: ui("unit_name") },
          { text: unitText(table.unit), number: true },
          { text: ui("area_km2"), number: true },
          { text: ui("source") },
        ],
        table.rows.map((row) =>
          el(
            "tr",
            {},
            el("th", { scope: "row" }, named(row.name)),
            cell(shownDensity(row), true),
            cell(formatNumber(row.area_km2, 2), true),
            cell(sourceWords(row.source)),
          ),
        ),
      ),
    ),
  );
  const facts = el(
    "section",
    {},
    el("h3", {}, ui("layers")),
    makeTable(
      ui("layers"),
      [
        { text: ui("layer") },
        { text: ui("status") },
        { text: ui("features"), number: true },
        { text: ui("generalised"), number: true },
        { text: ui("source") },
      ],
      layers.map((layer) =>
        el(
          "tr",
          {},
          el("th", { scope: "row" }, named(layer.title)),
          cell(tr("statuses", layer.status)),
          cell(formatNumber(layer.features.features.length, 0), true),
          cell(
            layer.displacement_m ? ui("metres", { m: formatNumber(layer.displacement_m, 0) }) : ui("not_generalised"),
            true,
          ),
          cell(sourceWords(layer.source)),
        ),
      ),
    ),
  );
  setChildren(byId("tables"), [...twins, facts]);
}

/** @param {App.Bounds} bounds */
function goTo([west, south, east, north]) {
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  page.map.fitBounds(
    [
      [south, west],
      [north, east],
    ],
    { animate: !still, padding: [20, 20] },
  );
}

/* Buttons that go to the whole map and to each district. */
function showPlaces() {
  const { layers, bounds_lonlat } = page.config.publication;
  const button = (/** @type {string | null} */ text, /** @type {() => void} */ look) =>
    el("button", { type: "button", class: "button", onclick: look }, text);
  const box = (/** @type {App.Feature} */ feature) => {
    const b = L.geoJSON(feature).getBounds();
    return /** @type {App.Bounds} */ ([b.getWest(), b.getSouth(), b.getEast(), b.getNorth()]);
  };
  const districts = layers.filter((layer) => layer.kind === "district").flatMap((layer) => layer.features.features);
  setChildren(
    byId("places"),
    button(ui("whole"), () => goTo(bounds_lonlat)),
    districts.map((feature) => button(nameOf(feature), () => goTo(box(feature)))),
  );
}

/* The story: a step shows its layers and its place. */
function showStory() {
  const { story, layers, densities } = page.config.publication;
  const steps = story.map((step, at) => {
    const look = () => {
      steps.forEach((one) => one.removeAttribute("aria-current"));
      steps[at].setAttribute("aria-current", "step");
      if (step.layers.length) layers.forEach((layer) => showLayer(layer, step.layers.includes(layer.id)));
      showDensity(step.density === null ? null : densities[step.density]);
      if (step.bounds_lonlat) goTo(step.bounds_lonlat);
      showLegend();
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

function showWords() {
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
  setChildren(
    byId("marks"),
    doubtful.map((status) => el("p", { class: `notice ${status}` }, tr("basis", status))),
  );
  const choice = selectById("density-choice"),
    { densities } = publication;
  byId("density").hidden = !densities.length;
  const chosen = choice.value;
  setChildren(
    choice,
    el("option", { value: "" }, ui("no_density")),
    densities.map((table, at) =>
      el(
        "option",
        { value: at, selected: String(at) === chosen },
        `${densityTitle(table)} (${tr("denominators", table.denominator)})`,
      ),
    ),
  );
  state.labelled.forEach((group) => group.remove());
  state.labelled = publication.layers.map((layer) => drawLabels(layer).addTo(page.map));
  showPlaces();
  showLegend();
  showStory();
  showTables();
}

function begin() {
  const { map, config } = page,
    { publication } = config;
  map.attributionControl.remove();
  L.control.zoom({ position: "topright" }).addTo(map);
  L.control.scale({ position: "bottomright", imperial: false }).addTo(map);
  map.createPane("density").style.zIndex = "450";
  const labels = map.createPane("labels");
  labels.style.zIndex = "620";
  labels.setAttribute("aria-hidden", "true");
  [...publication.layers]
    .sort(compareFromTop)
    .reverse()
    .forEach((layer) => {
      state.drawn.set(layer.id, drawLayer(layer));
      showLayer(layer, true);
    });
  showWords();
  const choice = selectById("density-choice");
  const choose = () => showDensity(choice.value === "" ? null : publication.densities[Number(choice.value)]);
  choice.addEventListener("change", choose);
  if (publication.densities.length) {
    choice.value = "0";
    choose();
  }
  byId("lang").addEventListener("click", () => {
    relabel(ui("other_lang"));
    showWords();
    choose();
    history.replaceState(null, "", `#lang=${config.lang}`);
  });
  goTo(publication.bounds_lonlat);
}

/**
 * @param {L.Map} map
 * @param {App.Config} config
 */
export function start(map, config) {
  fillPage(map, config);
  relabel(new URLSearchParams(location.hash.slice(1)).get("lang"));
  begin();
}
