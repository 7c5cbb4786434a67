/* Density: one table at a time, coloured by its printed classes. */

import {
  classAt,
  classColours,
  densityText,
  legendLine,
  legendOfClasses,
  qualifiedRows,
  sourcesText,
} from "../app/core/classes.js";
import { byId, el, setChildren } from "../app/core/elements.js";
import { page } from "../app/core/page.js";
import { named, tr, ui, unitText } from "../app/core/words.js";
import { makeBars, markBar } from "../app/core/density_bars.js";
import { isPoint, nameOf } from "./looks.js";

/** @typedef {{ shape: L.Path, weight: number | undefined }} Linked */
/** @type {{ drawn: L.Layer | null, fills: Map<string, string>, shapes: Map<string, Linked[]> }} */
const shown = { drawn: null, fills: new Map(), shapes: new Map() };
const NO_DATA = "url(#pattern-none-known)";

/** @param {Answers.PublishedDensity} table */
export const isFact = (table) => table.nature === "fact";

/** What is no fact says so above its numbers. @param {Answers.PublishedDensity} table */
export const natureNote = (table) =>
  isFact(table) ? null : el("p", { class: "notice" }, ui("no_fact", { nature: tr("periods", table.nature) }));

/**
 * What a density is called: a target or an estimate is named as such wherever its numbers stand.
 * @param {Answers.PublishedDensity} table
 */
export function densityTitle(table) {
  const nature = table.nature === "fact" ? "" : ` (${tr("periods", table.nature)})`;
  return `${named(table.name)} ${table.year}${nature}`;
}

/**
 * A density with what qualifies it, or that there is none.
 * @param {Answers.DensityRow} row
 */
export function shownDensity(row) {
  return row.density === null ? ui("no_data") : densityText(row);
}

/**
 * @param {App.PublicLayer} layer
 * @param {App.Feature} feature
 * @param {string} [more]
 */
export const makeTooltip = (layer, feature, more) =>
  el(
    "div",
    { class: "tip" },
    el("strong", {}, nameOf(feature) || named(layer.title)),
    el("span", {}, named(layer.title)),
    more ? el("span", {}, more) : null,
  );

/**
 * @param {Answers.PublishedDensity} table
 * @param {string[]} colours
 * @returns {{ group: L.LayerGroup, rows: Answers.DensityRow[] }}
 */
function drawDensity(table, colours) {
  const group = L.layerGroup();
  /** @type {Answers.DensityRow[]} */
  const drawn = [];
  page.config.publication.layers.forEach((layer) => {
    const rows = new Map(table.rows.filter((row) => row.layer === layer.id).map((row) => [row.unit_id, row]));
    const rowOf = (/** @type {App.Feature | undefined} */ feature) =>
      /** @type {Answers.DensityRow} */ (rows.get(feature?.properties.unit));
    const styleOfRow = (/** @type {Answers.DensityRow} */ { density }) => ({
      color: page.config.styles.choropleth.stroke,
      weight: isFact(table) ? 1.6 : 2.4,
      dashArray: isFact(table) ? undefined : "6 4",
      fillOpacity: density === null ? 1 : 0.85,
      fillColor: density === null ? NO_DATA : colours[classAt(table.breaks, density)],
    });
    L.geoJSON(layer.features, {
      pane: "density",
      filter: (feature) => rows.has(feature.properties.unit),
      style: (feature) => styleOfRow(rowOf(feature)),
      pointToLayer: (_, at) => L.circleMarker(at, { radius: 9, pane: "density" }),
      onEachFeature: (feature, shape) => {
        const row = rowOf(feature);
        const unit = row.density === null ? "" : ` ${unitText(table.unit)}`;
        const tip = () => makeTooltip(layer, feature, shownDensity(row) + unit);
        drawn.push(row);
        shown.fills.set(row.unit_id, styleOfRow(row).fillColor);
        shape.bindTooltip(tip, { sticky: true });
        link(row.unit_id, /** @type {L.Path} */ (shape));
        /* From afar a district is smaller than a finger: a dot in its colour stands for it. */
        if (!isPoint(feature)) {
          const centre = L.geoJSON(feature).getBounds().getCenter();
          const dot = L.circleMarker(centre, { ...styleOfRow(row), radius: 7, pane: "density" });
          link(row.unit_id, dot.bindTooltip(tip, { sticky: true }).addTo(group));
        }
      },
    }).addTo(group);
  });
  return { group, rows: drawn };
}

/**
 * What a unit is drawn as marks its bar, and is marked by it.
 * @param {string} unit
 * @param {L.Path} shape
 */
function link(unit, shape) {
  shown.shapes.set(unit, [...(shown.shapes.get(unit) || []), { shape, weight: shape.options.weight }]);
  shape.on("mouseover", () => markBar(unit, true)).on("mouseout", () => markBar(unit, false));
}

/**
 * @param {string} unit
 * @param {boolean} on
 */
const markShapes = (unit, on) =>
  shown.shapes.get(unit)?.forEach(({ shape, weight }) => shape.setStyle({ weight: on ? 5 : weight }));

/**
 * The fill of a unit in the density that is shown; nothing where none is shown.
 * @param {string | undefined} unit
 */
export const densityFill = (unit) => (unit === undefined ? undefined : shown.fills.get(unit));

/** @param {Answers.PublishedDensity | null} table */
export function showDensity(table) {
  if (shown.drawn) shown.drawn.remove();
  shown.drawn = null;
  shown.fills.clear();
  shown.shapes.clear();
  byId("density-legend").hidden = !table;
  if (!table) return;
  const known = table.rows.filter((row) => row.density !== null);
  const colours = classColours(table.breaks, page.config.styles.choropleth.classes);
  const { group, rows } = drawDensity(table, colours);
  shown.drawn = group.addTo(page.map);
  const undrawn = known.filter((row) => !rows.includes(row));
  setChildren(
    byId("density-legend"),
    el("strong", {}, densityTitle(table)),
    natureNote(table),
    el("p", {}, `${unitText(table.unit)} · ${tr("denominators", table.denominator)}`),
    el(
      "ul",
      {},
      legendOfClasses(table, colours, rows),
      rows.some((row) => row.density === null) ? legendLine(NO_DATA, ui("no_data")) : null,
    ),
    undrawn.length ? el("p", {}, `${ui("not_drawn")} ${undrawn.map((row) => named(row.name)).join("; ")}`) : null,
    makeBars(table, colours, { text: shownDensity, mark: markShapes, drawn: (row) => rows.includes(row) }),
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
