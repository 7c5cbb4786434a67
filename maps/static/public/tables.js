/* Every map has its twin as a table: densities, layers, and all that has a name. */

import { byId, el, makeTable, setChildren } from "../app/core/elements.js";
import { sourceWords } from "../app/core/law.js";
import { page } from "../app/core/page.js";
import { formatNumber, named, tr, ui, unitText } from "../app/core/words.js";
import { densityTitle, isFact, natureNote, shownDensity } from "./density.js";
import { fieldName, valueOf, wantedOf } from "./fields.js";
import { boundsOf } from "./insets.js";
import { nameOf } from "./looks.js";
import { goTo } from "./view.js";

const cell = (/** @type {string | null} */ text, /** @type {boolean} */ number = false) =>
  el("td", { class: number ? "number" : "" }, text);

/** @param {Answers.PublishedDensity} table */
const densitySection = (table) =>
  el(
    "section",
    {},
    el("h3", {}, `${densityTitle(table)} · ${tr("denominators", table.denominator)}`),
    natureNote(table),
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
  );

/** @param {App.PublicLayer[]} layers */
const layersSection = (layers) =>
  el(
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
        { text: ui("licence") },
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
          cell(layer.licence),
        ),
      ),
    ),
  );

const isNumber = (/** @type {App.PublicField} */ { form }) => form === "size" || form === "measured";
const ownArea = (/** @type {App.PublicLayer} */ layer) => !layer.fields.some(isNumber);

/** @param {App.PublicLayer} layer */
function contentSection(layer) {
  const features = wantedOf(layer).filter((feature) => layer.fields.length || nameOf(feature));
  if (!features.length) return null;
  const look = (/** @type {App.Feature} */ feature) => () => {
    goTo(boundsOf(feature), 13);
    page.map.getContainer().scrollIntoView({ block: "center" });
  };
  return el(
    "details",
    { open: layer.fields.length > 0 },
    el("summary", {}, `${named(layer.title)} (${formatNumber(features.length, 0)})`),
    makeTable(
      named(layer.title),
      [
        { text: ui("unit_name") },
        ...layer.fields.map((field) => ({ text: fieldName(field), number: isNumber(field) })),
        ...(ownArea(layer) ? [{ text: ui("area_km2"), number: true }] : []),
        { text: ui("map") },
      ],
      features.map((feature) =>
        el(
          "tr",
          {},
          el("th", { scope: "row" }, nameOf(feature) || ui("without_name")),
          layer.fields.map((field) => cell(valueOf(field, feature), isNumber(field))),
          ownArea(layer) ? cell(formatNumber(feature.properties.published_area_km2, 2), true) : null,
          el("td", {}, el("button", { type: "button", class: "button", onclick: look(feature) }, ui("show_on_map"))),
        ),
      ),
    ),
  );
}

export function showTables() {
  const { layers, densities } = page.config.publication;
  setChildren(
    byId("tables"),
    densities.filter(isFact).map(densitySection),
    densities.some((table) => !isFact(table)) ? el("h3", { class: "no-facts" }, ui("no_facts")) : null,
    densities.filter((table) => !isFact(table)).map(densitySection),
    layersSection(layers),
    el("h3", {}, ui("contents")),
    layers.map(contentSection),
  );
}
