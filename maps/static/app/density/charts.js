/* Charts in plain SVG: colours by class, so that both schemes hold; numbers beside every mark. */

import { el, svg } from "../core/elements.js";
import { formatNumber } from "../core/words.js";

/** Year, value, and the words that qualify it, if any do. @typedef {[number, number, string?]} Point */
/** @typedef {{ name: string, kind: string, dots?: boolean, points: Point[] }} Series */
/** @typedef {{ width?: number, height?: number, zero?: boolean }} LineOptions */
/** @typedef {{ name: string, value: number, kind?: string }} Bar */

/**
 * Round limits of an axis: steps of 1, 2 or 5.
 * @param {number} most
 * @param {number} count
 */
export function axisSteps(most, count) {
  if (!(most > 0)) return [0, 1];
  const raw = most / count,
    power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((one) => one * power).find((one) => one >= raw) || raw;
  return Array.from({ length: Math.ceil(most / step - 1e-9) + 1 }, (_, at) => at * step);
}
/** @param {number} value */
const formatShort = (value) =>
  formatNumber(value, value && Math.abs(value) < 1 ? 2 : Number.isInteger(value) || Math.abs(value) >= 100 ? 0 : 1);
/**
 * @param {number} x
 * @param {number} y
 * @param {string} text
 * @param {Record<string, string>} options
 */
const textAt = (x, y, text, options) => svg("text", { x, y, ...options }, text);

/**
 * Lines over years. series: [{ name, kind, points: [[year, value, mark]] }]; kind is a class.
 * @param {string} label
 * @param {Series[]} series
 * @param {LineOptions} [options]
 */
export function lineChart(label, series, options) {
  const { width = 340, height = 132, zero = true } = options || {};
  const all = series.flatMap((one) => one.points);
  if (!all.length) return null;
  const years = [...new Set(all.map(([year]) => year))].sort();
  const ticks = axisSteps(Math.max(...all.map(([, value]) => value)), 3);
  const left = 46,
    right = 14,
    top = 12,
    bottom = 22;
  const first = Math.min(...years),
    last = Math.max(...years, first + 1);
  const x = (/** @type {number} */ year) => left + ((width - left - right) * (year - first)) / (last - first);
  const least = Math.min(...all.map(([, value]) => value));
  const floor = zero ? Math.min(0, least) : least;
  const y = (/** @type {number} */ value) =>
    height - bottom - ((height - top - bottom) * (value - floor)) / (ticks[ticks.length - 1] - floor || 1);
  const marks = ticks
    .map((tick) => [
      svg("line", { class: "grid", x1: left, x2: width - right, y1: y(tick), y2: y(tick) }),
      textAt(left - 6, y(tick) + 4, formatShort(tick), { class: "tick", "text-anchor": "end" }),
    ])
    .flat();
  const every = Math.max(1, Math.ceil(years.length / 7));
  const names = years
    .filter((_, at) => at % every === 0 || at === years.length - 1)
    .map((year) => textAt(x(year), height - 6, String(year), { class: "tick", "text-anchor": "middle" }));
  const drawn = series.flatMap((one) => {
    const points = one.points.map(([year, value, mark]) => ({
      at: [x(year), y(value)],
      text: pointText(one.name, [year, value, mark]),
    }));
    const path =
      points.length > 1
        ? [svg("polyline", { class: `line ${one.kind}`, points: points.map(({ at }) => at.join(",")).join(" ") })]
        : [];
    const dots =
      one.dots === false
        ? []
        : points.map(({ at: [cx, cy], text }) =>
            svg("circle", { class: `dot ${one.kind}`, cx, cy, r: 4 }, svg("title", {}, text)),
          );
    return [...path, ...dots];
  });
  return svg(
    "svg",
    { class: "chart", viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label },
    ...marks,
    ...names,
    ...drawn,
  );
}

/**
 * @param {string} name
 * @param {Point} point
 */
const pointText = (name, [year, value, mark]) =>
  `${name} ${year}: ${formatNumber(value, 2)}${mark ? ` (${mark})` : ""}`;

/**
 * The points that are no plain facts, in words: not everybody points at dots.
 * @param {Series[]} series
 */
export function markedPoints(series) {
  const told = series.flatMap(({ name, points }) =>
    points.filter(([, , mark]) => mark).map((point) => pointText(name, point)),
  );
  return told.length
    ? el(
        "ul",
        { class: "source" },
        told.map((text) => el("li", {}, text)),
      )
    : null;
}

/**
 * A share of a whole as parts: [{ kind, value, name }].
 * @param {string} label
 * @param {Bar[]} parts
 */
export function partsChart(label, parts) {
  const whole = parts.reduce((sum, one) => sum + one.value, 0);
  let at = 0;
  const shapes = parts
    .filter((one) => one.value > 0)
    .map((one) => {
      const width = (340 * one.value) / whole;
      const shape = svg(
        "rect",
        { class: `part ${one.kind}`, x: at, y: 0, width: Math.max(width - 2, 1), height: 16, rx: 2 },
        svg("title", {}, `${one.name}: ${formatShort(one.value)}`),
      );
      at += width;
      return shape;
    });
  return el(
    "div",
    { class: "parts" },
    svg(
      "svg",
      { class: "chart", viewBox: "0 0 340 16", preserveAspectRatio: "none", role: "img", "aria-label": label },
      ...shapes,
    ),
    el(
      "ul",
      { class: "chart-key" },
      parts.map((one) => el("li", {}, chartSwatch(one.kind || "plain"), `${one.name} ${formatShort(one.value)}`)),
    ),
  );
}
/** @param {string} kind */
export const chartSwatch = (kind) =>
  svg(
    "svg",
    { class: "swatch", width: 12, height: 12, "aria-hidden": "true" },
    svg("rect", { class: `part ${kind}`, width: 12, height: 12, rx: 2 }),
  );

/**
 * How far something is, 0 to 100, with an own mark for where it should be.
 * @param {string} label
 * @param {number | null} pct
 * @param {number | null} [expected]
 */
export function progressChart(label, pct, expected) {
  const at = (/** @type {number} */ value) => 2 + (96 * Math.min(Math.max(value, 0), 100)) / 100;
  /** @type {SVGElement[]} */
  const shapes = [svg("rect", { class: "track", x: 2, y: 3, width: 96, height: 6 })];
  if (pct !== null)
    shapes.push(svg("rect", { class: "fill", x: 2, y: 3, width: Math.max(at(pct) - 2, 0.5), height: 6 }));
  if (expected !== null && expected !== undefined)
    shapes.push(svg("line", { class: "mark", x1: at(expected), x2: at(expected), y1: 0.5, y2: 11.5 }));
  return svg(
    "svg",
    { class: "progress", viewBox: "0 0 100 12", preserveAspectRatio: "none", role: "img", "aria-label": label },
    ...shapes,
  );
}

/**
 * Bars side by side, one a line: [{ name, value, kind }].
 * @param {Bar[]} bars
 * @param {string} unit
 */
export function barChart(bars, unit) {
  const most = Math.max(...bars.map((one) => Math.abs(one.value)), 1e-12);
  return el(
    "div",
    { class: "bars" },
    bars.map((one) =>
      el(
        "div",
        { class: "bar-line" },
        el("span", {}, one.name),
        svg(
          "svg",
          { viewBox: "0 0 100 14", preserveAspectRatio: "none", "aria-hidden": "true" },
          svg("rect", {
            class: `part ${one.kind || "plain"}`,
            x: 0,
            y: 2,
            width: Math.max((100 * Math.abs(one.value)) / most, 0.6),
            height: 10,
            rx: 1,
          }),
        ),
        el("b", {}, `${formatShort(one.value)}${unit ? ` ${unit}` : ""}`),
      ),
    ),
  );
}
