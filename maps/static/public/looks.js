/* How kinds of layers look on a published map and in its legend. */

import { el, svg } from "../app/core/elements.js";
import { page } from "../app/core/page.js";
import { tableOf, ui } from "../app/core/words.js";
import { stateLook } from "./fields.js";

/** @param {string} kind */
export const styleOf = (kind) => page.config.styles.kinds[kind] || page.config.styles.fallback;

/** @param {string} kind */
export function pathOptions(kind) {
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
export const nameOf = (feature) => {
  const own = feature.properties;
  return own[`name_${page.config.lang}`] || own.name_zh || own.name || "";
};

/** @param {App.Feature} feature */
export const isPoint = (feature) => feature.geometry.type.endsWith("Point");

/** @param {string} kind */
export function paneOf(kind) {
  const { order } = styleOf(kind),
    name = `order-${order}`;
  if (!page.map.getPane(name)) page.map.createPane(name).style.zIndex = String(400 + order);
  return name;
}

/** The states of what is on offer, each as it is drawn. @param {App.PublicLayer} layer */
export function makeStates(layer) {
  if (!layer.fields.some(({ id }) => id === "offer_state")) return null;
  const said = [...new Set(layer.features.features.map(({ properties }) => properties.offer_state))];
  return el(
    "ul",
    { class: "states" },
    said.map((state) => {
      const feature = layer.features.features.find(({ properties }) => properties.offer_state === state);
      const word =
        state === undefined ? ui("not_stated") : tableOf("public_values")[state] || ui("as_written", { text: state });
      return feature ? el("li", {}, makeSwatch(layer, feature), " ", word) : null;
    }),
  );
}

/**
 * @param {App.PublicLayer} layer
 * @param {App.Feature} [like] the feature whose look it has
 */
export function makeSwatch(layer, like) {
  const options = { ...pathOptions(layer.kind), ...(like ? stateLook(like) : {}) };
  const frame = { class: "swatch", width: 26, height: 16, "aria-hidden": "true" };
  const drawn = {
    stroke: options.color,
    "stroke-width": Math.min(options.weight, 2),
    fill: options.fill ? options.fillColor : "none",
    "fill-opacity": options.fillOpacity,
    "stroke-dasharray": options.dashArray || "none",
  };
  const first = like || layer.features.features[0];
  if (first && isPoint(first))
    return svg(
      "svg",
      frame,
      svg("circle", {
        ...drawn,
        cx: 13,
        cy: 8,
        r: 6,
        "fill-opacity": 1,
        ...(like && options.fillOpacity < 0.5 ? { "fill-opacity": options.fillOpacity } : {}),
      }),
    );
  if (first && first.geometry.type.endsWith("LineString"))
    return svg("svg", frame, svg("path", { ...drawn, d: "M2 11 Q8 3 13 8 T24 5", fill: "none" }));
  return svg("svg", frame, svg("rect", { ...drawn, x: 2, y: 2, width: 22, height: 12, rx: 2 }));
}
