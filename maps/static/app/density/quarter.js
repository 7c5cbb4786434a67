/* The office's quarter: the statement, resource use per product, and how the plan ended. */

import * as answers from "../core/answers.js";
import { byId, el, fieldById, fillOptions, makeTable, problemBox, setChildren } from "../core/elements.js";
import { markedText } from "../core/classes.js";
import { page } from "../core/page.js";
import { ask } from "../core/server.js";
import { formatNumber, named, tr, unitText } from "../core/words.js";
import * as charts from "./charts.js";
import * as views from "./views.js";

const FINAL = "api/v1/plan/final";
const FORMS = ["docx", "pdf", "xlsx", "csv"];

/** @param {string} address */
const downloads = (address) => views.downloadLine(...FORMS.map((form) => views.downloadLink(address, form)));

/**
 * Ask, and show what is made of the answer, or why there is none.
 * @param {string} place
 * @param {string} address
 * @param {(answer: any) => App.Children} make
 */
async function show(place, address, make) {
  setChildren(byId(place), views.busyLine());
  try {
    setChildren(byId(place), make(await ask(address)), downloads(address));
  } catch (problem) {
    setChildren(byId(place), problemBox(problem));
  }
}

/**
 * How far a row has come, as far as that is known, or why nothing can be said.
 * @param {Answers.StatementRow} row
 */
function progressText(row) {
  if (row.progress_pct === null) return tr("judgements", row.judgement);
  const relation = row.value_qualifiers?.relation;
  return `${relation && relation !== "=" ? `${relation} ` : ""}${formatNumber(row.progress_pct, 1)} %`;
}

/** @param {Answers.Statement} statement */
const makeStatement = (statement) => [
  el("p", {}, named(statement.overview)),
  el(
    "div",
    { class: "bars" },
    statement.rows.map((row) =>
      el(
        "div",
        { class: "bar-line" },
        el("span", {}, `${named(row.unit_name)} ${named(row.name)}`),
        charts.progressChart(named(row.text), row.progress_pct, statement.time_pct),
        el("b", {}, progressText(row)),
      ),
    ),
  ),
  el("p", { class: "quiet" }, tr("statement", "time", { pct: formatNumber(statement.time_pct, 1) })),
  el(
    "ul",
    { class: "plain-list" },
    statement.rows.map((row) => el("li", {}, el("b", {}, `${tr("judgements", row.judgement)} `), named(row.text))),
  ),
  el("p", { class: "quiet" }, tr("statement", statement.own_rules ? "own_rules" : "rules")),
];

/**
 * Why there is nothing, and which figures of the year are no fact of all of it.
 * @param {string | null} reason
 * @param {string} name
 * @param {string[]} periods
 */
function reasonText(reason, name, periods) {
  const listed = periods.map((one) => tr("periods", one)).join(tr("report", "list_mark"));
  const only = listed ? tr("resource", "only", { what: name, listed }) : "";
  return [reason ? tr("resource_reasons", reason) : "", only].filter(Boolean).join(tr("report", "rows_mark"));
}

/**
 * @param {string} name
 * @param {string[]} cells
 */
const resourceRow = (name, cells) =>
  el(
    "tr",
    {},
    el("th", { scope: "row" }, name),
    cells.map((text) => el("td", { class: "number" }, text)),
  );

/**
 * @param {number | null} value
 * @param {string} unit
 * @param {Answers.Qualifiers | null} qualifiers
 */
const amountText = (value, unit, qualifiers) =>
  value === null ? "—" : markedText(`${formatNumber(value, 2)} ${unitText(unit)}`, qualifiers);

/** @param {Answers.ResourceUse} found */
const makeResources = (found) => {
  const product = tr("resource", "product");
  const missing = found.product === null ? "no_value" : null;
  return [
    makeTable(
      tr("resource", "title"),
      ["what", "amount", "value", "reason"].map((name) => ({ text: tr("resource", name) })),
      [
        resourceRow(product, [
          amountText(found.product, found.product_unit, found.product_qualifiers),
          "",
          reasonText(missing, product, found.product_only),
        ]),
        ...found.rows.map((row) =>
          resourceRow(tr("resource", row.id), [
            amountText(row.amount, row.amount_unit, row.amount_qualifiers),
            row.value === null
              ? "—"
              : markedText(`${formatNumber(row.value, 4)} ${tr("resource_units", row.id)}`, row.qualifiers),
            reasonText(row.reason, tr("resource", row.id), row.amount_only),
          ]),
        ),
      ],
    ),
    el(
      "p",
      { class: "quiet" },
      found.factor_t_per_tce === null
        ? tr("resource", "no_factor")
        : tr("resource", "factor", { factor: found.factor_t_per_tce, source: found.factor_source }),
    ),
  ];
};

/** @param {Answers.FinalEvaluation} found */
const makeFinal = (found) => {
  const years = { target_year: found.final_year };
  return [
    makeTable(
      tr("final", "title"),
      ["indicator", "target", "final", "outcome"].map((name) => ({ text: tr("final", name, years) })),
      found.rows.map((row) =>
        el(
          "tr",
          {},
          el("th", { scope: "row" }, `${named(row.name)} (${unitText(row.unit)})`),
          el(
            "td",
            { class: "number" },
            row.target === null ? tr("target_rules", row.target_rule) : formatNumber(row.target, row.decimals),
          ),
          el(
            "td",
            { class: "number" },
            row.final === null
              ? tr("final", "no_base")
              : markedText(formatNumber(row.final, row.decimals), row.qualifiers),
          ),
          el("td", {}, tr("outcomes_final", row.outcome)),
        ),
      ),
    ),
    el("p", { class: "quiet" }, tr("final", "note", years)),
  ];
};

async function fillUnits() {
  const { units } = await answers.indicators();
  fillOptions(
    byId("resource-unit"),
    units.map((one) => [one.unit_id, named(one.name)]),
  );
}

export function begin() {
  views.state.starts.quarter = () => void fillUnits().catch(() => {});
  if (page.config.embedded) return;
  byId("quarter-form").addEventListener("submit", (event) => {
    event.preventDefault();
    const asked = { year: fieldById("quarter-year").value, quarter: fieldById("quarter-quarter").value };
    void show("quarter-result", `api/v1/statement?${new URLSearchParams(asked)}`, makeStatement);
  });
  byId("resource-form").addEventListener("submit", (event) => {
    event.preventDefault();
    const asked = new URLSearchParams({
      unit_id: fieldById("resource-unit").value,
      year: fieldById("resource-year").value,
    });
    const factor = fieldById("resource-factor").value,
      source = fieldById("resource-source").value;
    if (factor) asked.set("carbon_t_per_tce", factor);
    if (source) asked.set("factor_source", source);
    void show("resource-result", `api/v1/resource-use?${asked}`, makeResources);
  });
  byId("final-evaluation").addEventListener("toggle", () => {
    if (/** @type {HTMLDetailsElement} */ (byId("final-evaluation")).open) void show("final-result", FINAL, makeFinal);
  });
}
