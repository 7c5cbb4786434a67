/* All units of a density as bars beside the map, the densest first; bars and map mark each other. */

import { classAt } from "./classes.js";
import { el, svg } from "./elements.js";
import { formatNumber, named, ui } from "./words.js";

const UNDRAWN = "#8a94a0";

/** @type {Map<string, HTMLElement>} */
const lines = new Map();

/**
 * Mark the bar of a unit, or take the mark away.
 * @param {string} unit
 * @param {boolean} on
 */
export const markBar = (unit, on) => lines.get(unit)?.classList.toggle("marked", on);

/**
 * The share of a district in the whole zone's value, where both are known and of one kind.
 * @param {Answers.DensityRow} row
 * @param {Answers.DensityRow[]} rows
 */
function shareText(row, rows) {
  const whole = rows.find((one) => one.level === "zone");
  if (row.level !== "district" || !whole || !whole.value || row.value === null) return null;
  if (row.value_relation !== whole.value_relation || row.value_unit !== whole.value_unit) return null;
  return ui("share_of_zone", { pct: formatNumber((100 * row.value) / whole.value, 1) });
}

/**
 * Bars of the rows that are given; what is not above zero has none, and its number beside it.
 * @param {Answers.DensityTable | Answers.PublishedDensity} table
 * @param {string[]} colours
 * @param {{ text: (row: Answers.DensityRow) => string, mark: (unit: string, on: boolean) => void,
 *   drawn: (row: Answers.DensityRow) => boolean }} link
 */
export function makeBars(table, colours, { text, mark, drawn }) {
  lines.clear();
  const order = [...table.rows].sort((one, other) => (other.density ?? -Infinity) - (one.density ?? -Infinity) || 0);
  const most = Math.max(...order.map((row) => row.density ?? 0), 1e-12);
  const both = (/** @type {string} */ unit, /** @type {boolean} */ on) => {
    mark(unit, on);
    markBar(unit, on);
  };
  /* The legend explains the colours of what is drawn: a bar of anything else has none of them. */
  const fill = (/** @type {Answers.DensityRow} */ row) => {
    if (row.density === null) return "url(#pattern-none-known)";
    return drawn(row) ? colours[classAt(table.breaks, row.density)] : UNDRAWN;
  };
  return el(
    "ul",
    { class: "density-bars", "aria-label": ui("bars") },
    order.map((row) => {
      const line = el(
        "li",
        {
          tabindex: "0",
          onmouseenter: () => both(row.unit_id, true),
          onmouseleave: () => both(row.unit_id, false),
          onfocus: () => both(row.unit_id, true),
          onblur: () => both(row.unit_id, false),
        },
        el("span", {}, named(row.name)),
        svg(
          "svg",
          { viewBox: "0 0 100 10", preserveAspectRatio: "none", "aria-hidden": "true" },
          svg("rect", {
            x: 0,
            y: 0,
            width: row.density === null ? 6 : row.density > 0 ? Math.max((100 * row.density) / most, 0.6) : 0,
            height: 10,
            fill: fill(row),
          }),
        ),
        el("b", {}, text(row)),
        shareText(row, table.rows) ? el("small", {}, shareText(row, table.rows)) : null,
      );
      lines.set(row.unit_id, line);
      return line;
    }),
  );
}
