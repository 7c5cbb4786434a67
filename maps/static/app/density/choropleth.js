/* Land economic density: choose, map, legend, table. */

import * as answers from "../core/answers.js";
import {
  classAt,
  classColours,
  densityText,
  legendLine,
  legendOfClasses,
  markedText,
  qualifiedRows,
  sourcesText,
} from "../core/classes.js";
import {
  basisNotices,
  byId,
  el,
  fieldById,
  fillOptions,
  makeTable,
  problemBox,
  setChildren,
  svg,
} from "../core/elements.js";
import { page } from "../core/page.js";
import { formatNumber, named, tr, ui, unitText, qualityText } from "../core/words.js";
import * as charts from "./charts.js";
import { markBar } from "../core/density_bars.js";
import { makeInsets, markPanel } from "./insets.js";
import * as views from "./views.js";
import * as layerLooks from "../map/layer_looks.js";

/** @typedef {L.Path & { unitId?: string }} RowShape */
/**
 * @typedef {object} State
 * @property {L.FeatureGroup<RowShape> | null} drawn
 * @property {Map<string, HTMLElement>} rows
 * @property {number} turn
 * @property {Answers.IndicatorOption[]} indicators
 */

/** @type {State} */
export const state = { drawn: null, rows: new Map(), turn: 0, indicators: [] };

/** @type {() => void} */
let markReady;
/** Other views wait for the indicators, whichever part begins first. @type {Promise<void>} */
export const ready = new Promise((resolve) => {
  markReady = resolve;
});

/** @param {string} changed */
function chooseQuery(changed) {
  const chosen = Object.fromEntries(
    ["indicator", "year", "denominator"].map((name) => [name, fieldById(`density-${name}`).value]),
  );
  const indicator = state.indicators.find((one) => one.id === chosen.indicator) || state.indicators[0];
  if (changed === "indicator" || !chosen.year) {
    fillOptions(
      byId("density-year"),
      indicator.years.map((one) => [one.year, one.year]),
      chosen.year,
    );
  }
  const year =
    indicator.years.find((one) => String(one.year) === fieldById("density-year").value) || indicator.years[0];
  const before = chosen.denominator;
  fillOptions(
    byId("density-denominator"),
    year.denominators.map((one) => [one, tr("denominators", one)]),
    before,
  );
  loadTable({ indicator: indicator.id, year: year.year, denominator: fieldById("density-denominator").value });
}

/** @param {import("../core/answers.js").DensityQuery} query */
async function loadTable(query) {
  const place = byId("density-result"),
    turn = (state.turn += 1);
  let table;
  try {
    table = await answers.density(query);
    if (turn !== state.turn) return;
  } catch (problem) {
    if (turn !== state.turn) return;
    clearTable();
    setChildren(place, problemBox(problem));
    return;
  }
  state.rows.clear();
  setChildren(place, makeReport(table));
  await drawTable(table, turn);
  await showYears(query, turn);
}

/**
 * Ids of the features that draw a row: units of a layer that came in need not bear its ids.
 * @param {Answers.DensityRow} row
 */
const drawnAs = (row) => (row.feature_ids?.length ? row.feature_ids : [row.unit_id]);

/** @param {Answers.DensityTable} table */
function makeReport(table) {
  const rows = table.rows.map((row) => {
    const line = el(
      "tr",
      {
        tabindex: "0",
        onmouseenter: () => markUnit(row.unit_id),
        onmouseleave: () => markUnit(null),
        onfocus: () => markUnit(row.unit_id),
        onblur: () => markUnit(null),
      },
      el("th", { scope: "row" }, named(row.name)),
      row.density === null
        ? el("td", { class: "number quiet", colspan: row.value === null ? 2 : 1 }, tr("reasons", row.reason))
        : el("td", { class: "number" }, densityText(row)),
      row.density === null && row.value === null
        ? null
        : el("td", { class: "number" }, markedText(formatNumber(row.value, 2), row.qualifiers)),
      el("td", { class: "number" }, formatNumber(row.area_km2, 2)),
    );
    state.rows.set(row.unit_id, line);
    return line;
  });
  const known = table.rows.filter((row) => row.density !== null);
  const first = known[0];
  return [
    ...basisNotices(table.basis),
    known.length === 1
      ? el(
          "div",
          { class: "figure" },
          el("b", {}, densityText(first)),
          el("span", {}, unitText(table.unit)),
          el("p", {}, `${named(first.name)} · ${table.year} · ${tr("denominators", table.denominator)}`),
        )
      : null,
    makeTable(
      named(table.name),
      [
        { text: ui("unit_name") },
        { text: ui("name_with_unit", { name: ui("density"), unit: unitText(table.unit) }), number: true },
        { text: ui("name_with_unit", { name: named(table.name), unit: unitText(first.value_unit) }), number: true },
        { text: ui("area_km2"), number: true },
      ],
      rows,
    ),
    known.some((row) => row.layer) ? null : el("p", { class: "quiet" }, ui("not_on_map")),
    makeAgreement(table),
    first.value_note === "target" ? el("p", { class: "notice" }, ui("target_note")) : null,
    el(
      "p",
      { class: "source" },
      sourcesText(
        "source",
        known.map((row) => row.source),
      ),
    ),
    el(
      "p",
      { class: "source" },
      sourcesText(
        "area_source",
        known.map((row) => row.area_source),
      ),
    ),
    el(
      "p",
      { class: "source" },
      `${ui("quality")}: ${[...new Set(known.map((row) => qualityText(row.quality)))].join("; ")}`,
    ),
    page.config.embedded
      ? null
      : views.downloadLine(
          ...["xlsx", "csv", "pdf"].map((form) => views.downloadLink(answers.densityAddress(table), form)),
        ),
    page.config.embedded
      ? null
      : el(
          "p",
          { class: "after" },
          el("span", { class: "quiet" }, ui("unit_sheets")),
          table.rows
            .filter((row) => row.density !== null || row.level === "district")
            .map((row) => {
              const address = `api/v1/units/${encodeURIComponent(row.unit_id)}?format=pdf&lang=${page.config.lang}`;
              const link = el("a", { href: address, download: true, class: "sheet-link" }, named(row.name));
              return views.nameMaker(link, address);
            }),
        ),
  ];
}

/**
 * Whether the zone is the sum of its districts, and boundaries are what was published.
 * @param {Answers.DensityTable} table
 */
function makeAgreement(table) {
  const lines = [],
    total = table.reconciliation;
  if (total) {
    const names = new Map(table.rows.map((row) => [row.unit_id, named(row.name)]));
    const facts = {
      total: formatNumber(total.total, 2),
      parts: formatNumber(total.parts_sum, 2),
      pct: formatNumber(total.difference_pct, 2),
      missing: total.missing.map((one) => names.get(one) || one),
    };
    const key = total.missing.length ? "sum_open" : total.warned ? "sum_differs" : "sum_agrees";
    const marks = new Set(total.qualifiers.flatMap((one) => (one.mark ? [` (${named(one.mark)})`] : [])));
    const text = [ui(key, facts), ...marks].join("");
    lines.push(el("p", { class: key === "sum_differs" ? "notice indicative" : "source" }, text));
  }
  table.area_checks
    .filter((one) => one.warned)
    .forEach((one) =>
      lines.push(
        el(
          "p",
          { class: "notice indicative" },
          ui("area_differs", {
            name: named(one.name),
            drawn: formatNumber(one.measured_km2, 2),
            published: formatNumber(one.published_km2, 2),
            pct: formatNumber(one.difference_pct, 2),
          }),
        ),
      ),
    );
  return lines;
}

/**
 * The years of an indicator: a line for each unit, and a small map of each year in one scale.
 * @param {import("../core/answers.js").DensityQuery} query
 * @param {number} turn
 */
async function showYears(query, turn) {
  /* An answer that comes late must not sweep away a newer one. */
  if (turn !== state.turn) return;
  const place = byId("density-series");
  setChildren(place);
  const found = await answers.densityYears(query).catch(() => null);
  if (!found || turn !== state.turn || found.tables.length < 2) return;
  /** @type {Map<string, { name: string, points: charts.Point[] }>} */
  const series = new Map();
  found.tables.forEach((table) =>
    table.rows.forEach((row) => {
      if (row.density === null) return;
      const line = series.get(row.unit_id) || { name: named(row.name), points: [] };
      line.points.push([table.year, row.density, row.qualifiers?.mark ? named(row.qualifiers.mark) : ""]);
      series.set(row.unit_id, line);
    }),
  );
  const lines = [...series.values()].slice(0, 5).map((one, at) => ({ ...one, kind: `series-${at}` }));
  const unit = unitText(found.tables[0].unit),
    maps = await makeMultiples(found);
  if (turn !== state.turn) return;
  setChildren(
    place,
    el("h2", {}, ui("over_years", { unit })),
    charts.lineChart(ui("over_years", { unit }), lines),
    el(
      "ul",
      { class: "chart-key" },
      lines.map((one) => el("li", {}, charts.chartSwatch(one.kind), one.name)),
    ),
    charts.markedPoints(lines),
    maps,
  );
}

/** @param {Answers.DensityYears} found */
async function makeMultiples(found) {
  /** @type {Map<string, App.Feature>} */
  const layers = new Map();
  for (const id of new Set(found.tables.flatMap((table) => table.rows.flatMap((row) => row.layer || [])))) {
    const collection = await answers.features(id).catch(() => null);
    collection?.features.forEach((feature) => layers.set(`${id} ${feature.id}`, feature));
  }
  const featuresOf = (/** @type {Answers.DensityRow} */ row) =>
    drawnAs(row).flatMap((one) => layers.get(`${row.layer} ${one}`) || []);
  const shown = found.tables
    .map((table) => ({
      table,
      rows: table.rows.filter((row) => row.density !== null && featuresOf(row).length),
    }))
    .filter(({ rows }) => rows.length);
  if (!shown.length) return null;
  const middles = (/** @type {Answers.DensityRow} */ row) => featuresOf(row).flatMap(layerLooks.middlesOf);
  const points = shown.flatMap(({ rows }) => rows.flatMap(middles));
  const bounds = L.latLngBounds(points).pad(0.2);
  const width = 150,
    height = 84,
    west = bounds.getWest(),
    north = bounds.getNorth();
  const scale = Math.min(
    (width - 24) / (bounds.getEast() - west || 1),
    (height - 24) / (north - bounds.getSouth() || 1),
  );
  const colours = classColours(found.breaks, page.config.styles.choropleth.classes);
  return el(
    "div",
    { class: "multiples", role: "group", "aria-label": ui("multiples") },
    shown.map(({ table, rows }) =>
      el(
        "figure",
        {},
        svg(
          "svg",
          { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": `${named(table.name)} ${table.year}` },
          ...rows.flatMap((/** @type {Answers.DensityRow} */ row) =>
            middles(row).map((at) =>
              svg(
                "circle",
                {
                  cx: 12 + (at.lng - west) * scale,
                  cy: 12 + (north - at.lat) * scale,
                  r: 8,
                  fill: colours[classAt(found.breaks, row.density || 0)],
                  stroke: page.config.styles.choropleth.stroke,
                },
                svg("title", {}, `${named(row.name)}: ${densityText(row)} ${unitText(table.unit)}`),
              ),
            ),
          ),
        ),
        el(
          "figcaption",
          {},
          el("b", {}, `${table.year}${rows[0].value_note === "target" ? ` ${tr("periods", "target")}` : ""}`),
          ` ${rows
            .map((/** @type {Answers.DensityRow} */ row) => densityText(row))
            .slice(0, 3)
            .join(" / ")}`,
        ),
      ),
    ),
  );
}

/**
 * @param {Answers.DensityTable} table
 * @param {number} turn
 */
async function drawTable(table, turn) {
  clearTable();
  const colours = classColours(table.breaks, page.config.styles.choropleth.classes);
  const drawn = table.rows.filter((row) => row.layer);
  /** @type {L.FeatureGroup<RowShape>} */
  const group = L.featureGroup([], { pmIgnore: true });
  const look = (/** @type {Answers.DensityRow} */ row) => ({
    color: page.config.styles.choropleth.stroke,
    weight: 1.6,
    pane: "density",
    pmIgnore: true,
    fillColor: row.density === null ? "url(#pattern-none-known)" : colours[classAt(table.breaks, row.density)],
    fillOpacity: row.density === null ? 1 : 0.85,
  });
  const join = (/** @type {RowShape} */ shape, /** @type {Answers.DensityRow} */ row) => {
    shape.unitId = row.unit_id;
    shape.bindTooltip(
      () =>
        el(
          "div",
          { class: "tip" },
          el("strong", {}, named(row.name)),
          el(
            "span",
            {},
            row.density === null ? tr("reasons", row.reason) : `${densityText(row)} ${unitText(table.unit)}`,
          ),
        ),
      { sticky: true, className: "plain" },
    );
    shape.on("mouseover", () => markUnit(row.unit_id));
    shape.on("mouseout", () => markUnit(null));
    group.addLayer(shape);
  };
  /** @type {Map<Answers.DensityRow, App.Feature[]>} */
  const places = new Map();
  for (const id of new Set(drawn.flatMap((row) => row.layer || []))) {
    const collection = await answers.features(id);
    const rowById = new Map(
      drawn.filter((row) => row.layer === id).flatMap((row) => drawnAs(row).map((one) => [one, row])),
    );
    const rowOf = (/** @type {App.Feature | undefined} */ feature) =>
      /** @type {Answers.DensityRow} */ (rowById.get(String(feature?.id)));
    const features = collection.features.filter((one) => rowById.has(String(one.id)));
    L.geoJSON(/** @type {GeoJSON.FeatureCollection} */ ({ type: "FeatureCollection", features }), {
      pane: "density",
      pmIgnore: true,
      style: (feature) => look(rowOf(feature)),
      onEachFeature: (/** @type {App.Feature} */ feature, shape) => {
        const row = rowOf(feature);
        places.set(row, [...(places.get(row) || []), feature]);
        join(/** @type {L.Path} */ (shape), row);
        if (row.level !== "county")
          layerLooks.middlesOf(feature).forEach((at) => join(layerLooks.makeDot(at, look(row)), row));
      },
    });
  }
  if (turn !== state.turn) return;
  state.drawn = group;
  const found = [...places].map(([row, features]) => ({ row, features }));
  setChildren(byId("density-insets"), makeInsets(table, found, { look, mark: markUnit }));
  views.putOnMap("density", group, makeLegend(table, colours, drawn));
}

/**
 * @param {Answers.DensityTable} table
 * @param {string[]} colours
 * @param {Answers.DensityRow[]} drawn
 */
function makeLegend(table, colours, drawn) {
  const items = legendOfClasses(table, colours, drawn);
  if (drawn.some((row) => row.density === null)) items.push(legendLine("url(#pattern-none-known)", ui("no_data")));
  const known = table.rows.filter((row) => row.density !== null);
  const sources = known.flatMap((row) => [row.source, row.area_source]);
  return [
    el("strong", {}, `${named(table.name)} ${table.year}`),
    el("p", {}, `${unitText(table.unit)} · ${tr("denominators", table.denominator)}`),
    el("ul", {}, items),
    qualifiedRows(known),
    el("p", { class: "quiet" }, ui(`breaks_${table.breaks.method}`)),
    el("p", { class: "quiet" }, sourcesText("source", sources)),
  ];
}

function clearTable() {
  setChildren(byId("density-insets"));
  views.removeFromMap("density");
  state.drawn = null;
}
/**
 * Mark a unit wherever it stands: on the map, in the table, in its panel, in its bar.
 * @param {string | null} unitId
 */
function markUnit(unitId) {
  [...state.rows.keys()].forEach((one) => {
    state.rows.get(one)?.classList.toggle("marked", one === unitId);
    markPanel(one, one === unitId);
    markBar(one, one === unitId);
  });
  if (!state.drawn) return;
  /** @type {RowShape[]} */ (state.drawn.getLayers()).forEach((shape) =>
    shape.setStyle({ weight: shape.unitId === unitId ? 4 : 1.6 }),
  );
}
/**
 * What is known of each unit, and from whom the rest is had.
 * @param {Answers.KnownFigures[]} units
 */
function makeKnown(units) {
  const rows = units.map((one) =>
    el(
      "tr",
      {},
      el("th", { scope: "row" }, named(one.name)),
      el("td", {}, one.latest_year === null ? ui("not_public") : String(one.latest_year)),
      el("td", {}, one.lands.map((land) => tr("denominators", land)).join("; ") || ui("not_public")),
      el("td", {}, named(one.holder)),
    ),
  );
  const heads = ["unit_name", "latest_year", "denominator", "holder"].map((name) => ({ text: ui(name) }));
  return [el("p", { class: "quiet" }, ui("known_figures_note")), makeTable(ui("known_figures"), heads, rows)];
}

/* After an import the lists are asked for again; what was chosen stays. */
export async function refreshIndicators() {
  const chosen = fieldById("density-indicator").value;
  try {
    const found = await answers.indicators();
    state.indicators = found.indicators;
    setChildren(byId("density-known"), makeKnown(found.units));
  } catch (problem) {
    setChildren(byId("density-result"), problemBox(problem));
    return;
  }
  if (!state.indicators.length) {
    setChildren(byId("density-result"), el("p", { class: "quiet" }, ui("no_indicators")));
    return;
  }
  const wanted = chosen || "trade";
  const preferred = state.indicators.find((one) => one.id === wanted) || state.indicators[0];
  fillOptions(
    byId("density-indicator"),
    state.indicators.map((one) => [one.id, ui("name_with_unit", { name: named(one.name), unit: unitText(one.unit) })]),
    preferred.id,
  );
  chooseQuery("indicator");
}

export function begin() {
  page.map.createPane("density").style.zIndex = "455";
  ["indicator", "year", "denominator"].forEach((name) =>
    byId(`density-${name}`).addEventListener("change", () => chooseQuery(name)),
  );
  refreshIndicators().finally(() => markReady());
}
