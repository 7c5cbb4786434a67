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

/** @param {Answers.ResourceUse} found */
const makeResources = (found) =>
  makeTable(
    tr("resource", "title"),
    ["what", "value", "unit"].map((name) => ({ text: tr("resource", name) })),
    found.rows.map((row) =>
      el(
        "tr",
        {},
        el("th", { scope: "row" }, tr("resource", row.id)),
        el(
          "td",
          { class: "number" },
          row.value === null
            ? tr("resource_reasons", row.reason)
            : markedText(formatNumber(row.value, 4), row.qualifiers),
        ),
        el("td", {}, tr("resource_units", row.id)),
      ),
    ),
  );

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
