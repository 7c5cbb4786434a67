/* What would come in of a table of statistics: every value, what it replaces, what is asked about. */

import { el, makeTable } from "../core/elements.js";
import { formatNumber, named, qualityText, tr, ui, unitText } from "../core/words.js";

/** @param {Answers.TablePreview} preview */
export function makePreview(preview) {
  const rows = preview.rows.map((row) =>
    el(
      "tr",
      {},
      el("th", { scope: "row" }, named(row.unit_name)),
      el("td", {}, row.name ? named(row.name) : tr("denominators", row.role.split(":")[1])),
      el("td", {}, `${row.year} ${row.months} ${tr("periods", row.period)}`),
      el("td", { class: "number", title: row.note || null }, valueText(row)),
      el(
        "td",
        { class: "number quiet", title: row.replaces_source },
        row.replaces === null ? "" : formatNumber(row.replaces, 2),
      ),
    ),
  );
  return [
    el(
      "p",
      { class: "notice" },
      ui("table_preview", {
        name: preview.source_name,
        line: preview.header_line,
        values: preview.values,
        areas: preview.areas,
        replaced: preview.replaced,
      }),
    ),
    makeTable(
      ui("table_import"),
      [
        { text: ui("unit_name") },
        { text: ui("indicator") },
        { text: ui("year") },
        { text: ui("table_value"), number: true },
        { text: ui("table_replaces"), number: true },
      ],
      rows,
    ),
    makeReplaced(preview.replacements),
    makeFindings(preview.remarks),
  ];
}

/** @param {Answers.PreviewRow} row */
function valueText(row) {
  const relation = row.relation === "=" ? "" : row.relation;
  return `${relation}${formatNumber(row.value, 2)} ${unitText(row.unit)}${row.note ? " *" : ""}`;
}

/**
 * Both values and sources of the figures that others take the place of.
 * @param {Answers.TablePreview["replacements"]} found
 */
export function makeReplaced(found) {
  if (!found.length) return [];
  const items = found.map((one) => {
    const { after } = one;
    const what = after.name ? named(after.name) : tr("denominators", after.role.split(":")[1]);
    const time = `${after.year ?? ""} ${after.months} ${tr("periods", after.period)}`;
    return el(
      "li",
      {},
      el("b", {}, `${named(after.unit_name)} ${what} ${time} `),
      ui("figure_replaced", {
        before: sourcedText(one.before),
        after: sourcedText(after),
        dataset: one.dataset ?? ui("shipped_figures"),
      }),
    );
  });
  return [el("p", { class: "notice" }, ui("figures_replaced")), el("ul", { class: "replaced" }, items)];
}

/** @param {Answers.PreviewRow} row */
const sourcedText = (row) => `${valueText(row)} (${row.source}, ${qualityText(row.quality)})`;

/** @param {Answers.TablePreview["questions"]} found */
export function makeFindings(found) {
  if (!found.length) return null;
  const items = found.map((one) => el("li", {}, findingText(one)));
  return el("ul", { class: "faults" }, items);
}

/** @param {Answers.TablePreview["questions"][number]} one @returns {App.Children} */
export const findingText = (one) => [
  one.cell ? el("b", {}, one.cell) : null,
  one.column ? el("q", {}, one.column) : null,
  tr("table_problems", one.code, { text: one.text }),
];
