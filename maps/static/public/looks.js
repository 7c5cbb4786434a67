/* How kinds of layers look on a published map and in its legend. */

import { svg } from "../app/core/elements.js";
import { page } from "../app/core/page.js";

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

/** @param {App.PublicLayer} layer */
export function makeSwatch(layer) {
  const options = pathOptions(layer.kind);
  const frame = { class: "swatch", width: 26, height: 16, "aria-hidden": "true" };
  const drawn = {
    stroke: options.color,
    "stroke-width": Math.min(options.weight, 2),
    fill: options.fill ? options.fillColor : "none",
    "fill-opacity": options.fillOpacity,
    "stroke-dasharray": options.dashArray ? "4 2" : "none",
  };
  const [first] = layer.features.features;
  if (first && isPoint(first))
    return svg("svg", frame, svg("circle", { ...drawn, cx: 13, cy: 8, r: 6, "fill-opacity": 1 }));
  if (first && first.geometry.type.endsWith("LineString"))
    return svg("svg", frame, svg("path", { ...drawn, d: "M2 11 Q8 3 13 8 T24 5", fill: "none" }));
  return svg("svg", frame, svg("rect", { ...drawn, x: 2, y: 2, width: 22, height: 12, rx: 2 }));
}
