/* Classes of a map by value: limits come with the answer, colours with the style. */

import { el, svg } from "./elements.js";
import { sourcesWords, sourceWords } from "./law.js";
import { page } from "./page.js";
import { formatNumber, named, roundAsPrinted, ui } from "./words.js";

/** @param {Answers.Breaks} breaks */
export const classCount = ({ method, edges }) => (method === "each_value" ? edges.length : edges.length - 1);

/**
 * The class of a value as it is printed, from 0; limits belong to the class below them.
 * @param {Answers.Breaks} breaks
 * @param {number} value
 */
export function classAt({ method, edges }, value) {
  const read = roundAsPrinted(value, densityDecimals(value));
  const found = method === "each_value" ? edges.indexOf(read) : edges.slice(1).findIndex((edge) => read <= edge);
  return Math.max(0, found);
}

/**
 * Colours for all classes, spread over the ramp; a lone class takes its middle.
 * @param {Answers.Breaks} breaks
 * @param {string[]} ramp
 */
export function classColours(breaks, ramp) {
  const count = classCount(breaks);
  return Array.from(
    { length: count },
    (_, at) => ramp[count === 1 ? 2 : Math.round((at * (ramp.length - 1)) / (count - 1))],
  );
}

/**
 * A density, with more decimals where it is small.
 * @param {number | null} value
 */
export const formatDensity = (value) => formatNumber(value, value === null ? 2 : densityDecimals(value));

/** @param {number} value */
const densityDecimals = (value) => (Math.abs(value) < 1 ? 4 : 2);

/**
 * A class from its limits; the lowest may hold one value alone.
 * @param {Answers.Breaks} breaks
 * @param {number} at
 */
export const classText = ({ method, edges }, at) =>
  method === "each_value" || edges[at] === edges[at + 1]
    ? formatDensity(edges[at])
    : `${formatDensity(edges[at])} – ${formatDensity(edges[at + 1])}`;

/**
 * A line of a legend.
 * @param {string} fill
 * @param {string} text
 */
export const legendLine = (fill, text) =>
  el(
    "li",
    {},
    svg(
      "svg",
      { class: "swatch", width: 22, height: 14, "aria-hidden": "true" },
      svg("rect", { x: 1, y: 1, width: 20, height: 12, fill, stroke: page.config.styles.choropleth.stroke }),
    ),
    text,
  );

/**
 * A printed number with what qualifies it, as it stands wherever it is printed.
 * @param {string} text
 * @param {Answers.Qualifiers | null | undefined} qualifiers
 */
export const markedText = (text, qualifiers) => (qualifiers?.mark ? `${text} (${named(qualifiers.mark)})` : text);

/** @param {Answers.DensityRow} row */
export const densityText = (row) => markedText(formatDensity(row.density), row.qualifiers);

/**
 * What a legend has no room for beside its classes: the densities that are no plain facts.
 * @param {Answers.DensityRow[]} rows
 */
export function qualifiedRows(rows) {
  const marked = rows.filter((row) => row.density !== null && row.qualifiers?.mark);
  return marked.length
    ? el(
        "ul",
        { class: "quiet" },
        marked.map((row) => el("li", {}, `${named(row.name)} ${densityText(row)}`)),
      )
    : null;
}

/**
 * What qualifies all numbers of an answer, with the source, once for each.
 * @param {Answers.Qualifiers[]} found
 */
export const qualifierNotices = (found) =>
  [...new Set(found.flatMap((one) => (one.mark ? [`${sourceWords(one.source)}: ${named(one.mark)}`] : [])))].map(
    (text) => el("p", { class: "notice" }, text),
  );

/**
 * The classes that are drawn, and no other.
 * @param {Answers.DensityTable} table
 * @param {string[]} colours
 * @param {Answers.DensityRow[]} drawn
 */
export function legendOfClasses({ breaks }, colours, drawn) {
  const used = new Set(drawn.map((row) => (row.density === null ? null : classAt(breaks, row.density))));
  return colours.flatMap((colour, at) => (used.has(at) ? [legendLine(colour, classText(breaks, at))] : []));
}

/**
 * What all sources of rows are, each once.
 * @param {string} word
 * @param {(string | null)[]} sources
 */
export const sourcesText = (word, sources) => `${ui(word)}: ${sourcesWords(sources)}`;
