/* Where the routes of low-yield land lie: each parcel in the colour of its route, linked with its row. */

import { legendLine } from "../core/classes.js";
import { el } from "../core/elements.js";
import { page } from "../core/page.js";
import { formatNumber, named, tr, unitText } from "../core/words.js";
import * as views from "./views.js";

const UNDECIDED = "url(#pattern-none-known)";
const MOST_DRAWN_AS_SHAPES = 1500;

/** @type {Map<number, L.Path>} */
const shapes = new Map();

/**
 * Mark the parcel of a firm on the map, or take the mark away.
 * @param {number} line
 * @param {boolean} on
 */
export function markParcel(line, on) {
  shapes.get(line)?.setStyle({ weight: on ? 4 : 1.2 });
  if (on) shapes.get(line)?.bringToFront();
}

/**
 * Draw the parcels of a plan; firms that keep their land are not part of it.
 * @param {Answers.LowLandPlan} plan
 */
export function drawRoutes(plan) {
  shapes.clear();
  views.removeFromMap("decide");
  if (!plan.features?.features.length) return;
  const byLine = new Map(plan.parcels.map((one) => [one.line, one]));
  const ramp = page.config.styles.choropleth.classes;
  const colours = new Map(plan.sums.map((one, at) => [one.route, ramp[at % ramp.length]]));
  const names = new Map(plan.sums.map((one) => [one.route, named(one.name)]));
  const group = L.featureGroup([], { pmIgnore: true });
  /* Thousands of parcels are too many elements; on a canvas, which knows no hatching, they are grey. */
  const many = plan.features.features.length > MOST_DRAWN_AS_SHAPES;
  const undecided = many ? "#b3bcc6" : UNDECIDED;
  const firmsOf = (/** @type {App.Feature | undefined} */ feature) =>
    (feature?.properties.lines || []).flatMap((/** @type {number} */ line) => byLine.get(line) || []);
  L.geoJSON(plan.features, {
    pane: "density",
    pmIgnore: true,
    ...(many ? { renderer: L.canvas({ pane: "density" }) } : {}),
    filter: (feature) => firmsOf(feature).length > 0,
    style: (feature) => ({
      pane: "density",
      pmIgnore: true,
      color: page.config.styles.grades.low,
      weight: 1.2,
      fillColor: colours.get(firmsOf(feature)[0].route || "") || undecided,
      fillOpacity: 0.88,
    }),
    onEachFeature: (feature, layer) => {
      const firms = /** @type {Answers.ParcelRoute[]} */ (firmsOf(feature));
      const shape = /** @type {L.Polygon} */ (layer);
      firms.forEach((firm) => shapes.set(firm.line, shape));
      shape.bindTooltip(
        () =>
          el(
            "div",
            { class: "tip" },
            firms.flatMap((firm) => tipLines(firm, names)),
          ),
        {
          sticky: true,
          className: "plain",
        },
      );
      shape.on("mouseover", () => markRows(firms, true));
      shape.on("mouseout", () => markRows(firms, false));
      group.addLayer(shape);
    },
  });
  const used = plan.sums.filter((one) => one.parcels);
  views.putOnMap("decide", group, [
    el("strong", {}, tr("routes", "map_title")),
    el(
      "ul",
      {},
      used.map((one) => legendLine(colours.get(one.route) || undecided, named(one.name))),
      legendLine(undecided, tr("routes", "map_undecided")),
    ),
    ...plan.basis.map((item) => el("p", { class: "quiet" }, tr("statuses", item.status))),
  ]);
  if (group.getBounds().isValid()) page.map.fitBounds(group.getBounds(), { padding: [40, 40] });
}

/**
 * @param {Answers.ParcelRoute} firm
 * @param {Map<string, string>} names
 */
const tipLines = (firm, names) => [
  el("strong", {}, firm.name),
  el(
    "span",
    {},
    `${firm.route ? names.get(firm.route) : tr("route_decisions", firm.decision)} · ` +
      `${formatNumber(firm.land_mu, 2)} ${unitText("亩")}`,
  ),
];

/**
 * @param {Answers.ParcelRoute[]} firms
 * @param {boolean} on
 */
const markRows = (firms, on) =>
  firms.forEach((firm) =>
    document.querySelector(`#low-plan-result [data-line="${firm.line}"]`)?.classList.toggle("marked", on),
  );
