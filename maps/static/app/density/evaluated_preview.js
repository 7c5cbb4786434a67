/* What an evaluation of zones or firms would compute with: every figure, and what is left out. */

import { markedText } from "../core/classes.js";
import { el, makeTable } from "../core/elements.js";
import { formatNumber, tableOf, tr, ui, unitText } from "../core/words.js";
import * as tablePreview from "./table_preview.js";

/** @param {Answers.EvaluatedPreview} preview */
export function makePreview(preview) {
  const words = tableOf(preview.what === "zones" ? "quantities" : "firm_quantities");
  const nameOf = (/** @type {string} */ quantity) => words[quantity] || quantity;
  return [
    el(
      "p",
      { class: "notice" },
      tr("table", `${preview.what}_read`, { records: preview.records, figures: preview.figures }),
    ),
    makeTable(
      tr("table", "read_columns"),
      [
        { text: tr("table", "heading") },
        { text: tr("table", "taken_for") },
        { text: tr("table", "value_unit") },
        { text: tr("table", "figures"), number: true },
      ],
      preview.columns.map((one) =>
        el(
          "tr",
          {},
          el("th", { scope: "row" }, one.heading),
          el("td", {}, nameOf(one.quantity)),
          el("td", {}, unitText(one.unit)),
          el("td", { class: "number" }, one.unit ? one.figures : ""),
        ),
      ),
    ),
    makeTable(
      ui("table_import"),
      [
        { text: tr("table", "line"), number: true },
        { text: tr("table", "record") },
        { text: tr("table", "taken_for") },
        { text: ui("table_value"), number: true },
        { text: ui("year") },
      ],
      preview.rows.map((row) =>
        el(
          "tr",
          {},
          el("td", { class: "number" }, row.line),
          el("th", { scope: "row" }, row.name || "—"),
          el("td", { title: row.heading }, nameOf(row.quantity)),
          el(
            "td",
            { class: "number" },
            markedText(`${formatNumber(row.value, 2)} ${unitText(row.unit)}`, row.qualifiers),
          ),
          el(
            "td",
            {},
            [row.qualifiers.year, row.qualifiers.months, tr("periods", row.qualifiers.period)]
              .filter(Boolean)
              .join(" "),
          ),
        ),
      ),
    ),
    preview.figures > preview.rows.length
      ? el("p", { class: "quiet" }, tr("table", "more_figures", { count: preview.figures - preview.rows.length }))
      : null,
    preview.unread.length
      ? el("p", { class: "notice" }, tr("table", "headers_unread", { names: preview.unread }))
      : null,
    leftOut([...preview.not_taken, ...preview.left_out]),
  ];
}

/** @param {Answers.TableFinding[]} found */
const leftOut = (found) =>
  found.length ? [el("p", { class: "notice" }, tr("table", "not_taken")), tablePreview.makeFindings(found)] : null;
