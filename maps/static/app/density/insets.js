/* Districts lie 600 km apart: each in a panel of its own scale, and all in order as bars. */

import { classColours, densityText } from "../core/classes.js";
import { makeBars } from "../core/density_bars.js";
import { el, svg } from "../core/elements.js";
import { page } from "../core/page.js";
import { named, tr, ui, unitText } from "../core/words.js";

const SIDE = 132;
const MARGIN = 14;
const MOST = 8;
const M_PER_DEGREE = 111320;

/** @typedef {{ row: Answers.DensityRow, features: App.Feature[] }} Place */
/** @typedef {{ look: (row: Answers.DensityRow) => Record<string, any>, mark: (unit: string | null) => void }} Link */

/** @type {Map<string, HTMLElement>} */
const panels = new Map();

/**
 * Mark the panel of a unit, or take the mark away.
 * @param {string} unit
 * @param {boolean} on
 */
export const markPanel = (unit, on) => panels.get(unit)?.classList.toggle("marked", on);

/** @param {App.Feature} feature */
function ringsOf(feature) {
  const { type, coordinates } = /** @type {App.Area} */ (feature.geometry);
  return /** @type {number[][][]} */ (type === "MultiPolygon" ? coordinates.flat() : coordinates);
}

/** A length of 1, 2 or 5 that is at most so many metres. @param {number} most */
function roundLength(most) {
  const power = 10 ** Math.floor(Math.log10(most));
  return [5, 2, 1].map((one) => one * power).find((one) => one <= most) || power;
}

/**
 * @param {Place} place
 * @param {Link} link
 */
function makePanel({ row, features }, link) {
  const rings = features.flatMap(ringsOf),
    points = rings.flat();
  const [lons, lats] = [points.map(([x]) => x), points.map(([, y]) => y)];
  const [west, east] = [Math.min(...lons), Math.max(...lons)],
    [south, north] = [Math.min(...lats), Math.max(...lats)];
  /* Near enough to the plane for a picture: a degree of longitude shrinks with the latitude. */
  const across = Math.cos((((south + north) / 2) * Math.PI) / 180);
  const wide = (east - west) * across,
    high = north - south,
    room = SIDE - 2 * MARGIN;
  const scale = room / Math.max(wide, high);
  const x = (/** @type {number} */ lon) => MARGIN + (room - wide * scale) / 2 + (lon - west) * across * scale;
  const y = (/** @type {number} */ lat) => MARGIN + (room - high * scale) / 2 + (north - lat) * scale;
  const path = rings
    .map((ring) => `M${ring.map(([lon, lat]) => `${x(lon).toFixed(1)} ${y(lat).toFixed(1)}`).join("L")}Z`)
    .join("");
  const look = link.look(row),
    length = roundLength((room * 0.4 * M_PER_DEGREE) / scale),
    bar = (length * scale) / M_PER_DEGREE;
  const bounds = L.latLngBounds([south, west], [north, east]);
  const text = length < 1000 ? `${length} m` : `${length / 1000} km`;
  const panel = el(
    "button",
    {
      type: "button",
      class: "inset",
      onmouseenter: () => link.mark(row.unit_id),
      onmouseleave: () => link.mark(null),
      onfocus: () => link.mark(row.unit_id),
      onblur: () => link.mark(null),
      onclick: () => page.map.fitBounds(bounds.pad(0.3)),
    },
    svg(
      "svg",
      { viewBox: `0 0 ${SIDE} ${SIDE}`, role: "img", "aria-label": named(row.name) },
      svg("path", { d: path, "fill-rule": "evenodd", fill: look.fillColor, stroke: look.color, "stroke-width": 1.2 }),
      svg("path", { d: `M4 ${SIDE - 5}h${bar.toFixed(1)}`, stroke: "currentColor", "stroke-width": 2 }),
      svg("text", { x: 4, y: SIDE - 9, class: "tick" }, text),
    ),
    el("b", {}, named(row.name)),
    el("span", {}, row.density === null ? ui("no_data") : densityText(row)),
  );
  panels.set(row.unit_id, panel);
  return panel;
}

/**
 * Panels of the units that are drawn, districts first, and their densities in order.
 * @param {Answers.DensityTable} table
 * @param {Place[]} places
 * @param {Link} link
 */
export function makeInsets(table, places, link) {
  const shown = places
    .filter(({ row, features }) => row.level !== "county" && features.length)
    .sort((one, other) => Number(other.row.level === "district") - Number(one.row.level === "district"));
  const ranked = table.rows.filter((row) => row.density !== null || row.level === "district");
  panels.clear();
  return [
    shown.length > 1
      ? el(
          "div",
          { class: "insets", role: "group", "aria-label": ui("insets") },
          shown.slice(0, MOST).map((place) => makePanel(place, link)),
        )
      : null,
    shown.length > MOST ? el("p", { class: "quiet" }, ui("fault_more", { count: shown.length - MOST })) : null,
    ranked.length > 1
      ? [
          el("p", { class: "quiet" }, ui("insets_ranked", { unit: unitText(table.unit) })),
          makeBars({ ...table, rows: ranked }, classColours(table.breaks, page.config.styles.choropleth.classes), {
            text: (row) => (row.density === null ? tr("reasons", row.reason) : densityText(row)),
            mark: (unit, on) => link.mark(on ? unit : null),
            drawn: (row) => places.some((place) => place.row.unit_id === row.unit_id),
          }),
        ]
      : null,
  ];
}
