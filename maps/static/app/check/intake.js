/* How a file was understood: what was decided and by what, what was repaired, what it says. */

import { detailsById, el, fieldById } from "../core/elements.js";
import { makeLedger } from "../core/ledger.js";
import { formatNumber, tr, ui } from "../core/words.js";

/** @param {Answers.ReadReportOut} report */
export function makeReadReport(report) {
  const repairs = report.issues.filter((issue) => issue.code === "geometry_repaired");
  const others = report.issues.filter((issue) => issue.code !== "geometry_repaired");
  return el(
    "details",
    { class: "read", open: report.issues.length > 0 || Boolean(report.ledger?.left_out.length) },
    el("summary", {}, ui("read_report")),
    makeFacts(report),
    others.length
      ? el(
          "ul",
          {},
          others.map((issue) =>
            el(
              "li",
              { class: issue.severity },
              issue.feature_id ? `[${issue.feature_id}] ` : "",
              tr("issues", issue.code, issue.params),
            ),
          ),
        )
      : null,
    makeLedger(report.ledger),
    repairs.length ? makeRepairs(repairs) : null,
    Object.entries(report.statements || {}).map(([section, lines]) =>
      el(
        "details",
        { class: "statement" },
        el("summary", {}, ui("read_statement", { section })),
        lines.map((line) => el("div", {}, line)),
      ),
    ),
  );
}

/** @param {Answers.ReadReportOut} report */
function makeFacts(report) {
  const how = (/** @type {string} */ value, /** @type {string | null} */ code = null) => [
    el("b", {}, value),
    code ? el("span", { class: "quiet" }, tr("evidence", code)) : null,
  ];
  /** @type {[string, App.Children][]} */
  const rows = [
    [
      "read_file",
      [el("b", {}, report.name), el("span", { class: "quiet" }, `${formatNumber(report.size_bytes / 1024, 1)} KB`)],
    ],
    ["read_format", how(report.format)],
    ["read_crs", how(report.crs, report.crs_how)],
    ["read_text", report.encoding ? how(report.encoding, report.encoding_how) : null],
    ["read_count", how(formatNumber(report.feature_count, 0))],
    [
      "read_precision",
      report.precision_m ? how(`${formatNumber(report.precision_m, report.precision_m < 0.01 ? 4 : 2)} m`) : null,
    ],
  ];
  return el(
    "dl",
    { class: "read-facts" },
    rows.filter(([, value]) => value).map(([word, value]) => [el("dt", {}, ui(word)), el("dd", {}, value)]),
  );
}

/** @param {Answers.Note[]} repairs */
function makeRepairs(repairs) {
  const cells = (/** @type {"th" | "td"} */ kind, /** @type {(string | null)[]} */ values) =>
    values.map((/** @type {string | null} */ value, /** @type {number} */ at) =>
      el(kind, { class: at > 1 ? "number" : "" }, value),
    );
  const area = (/** @type {number} */ m2) => formatNumber(m2, 2);
  return el(
    "div",
    { class: "read-repairs" },
    el("p", { class: "warning" }, ui("read_repaired", { count: repairs.length })),
    el(
      "table",
      {},
      el(
        "thead",
        {},
        el(
          "tr",
          {},
          cells(
            "th",
            ["read_site", "read_why", "read_before", "read_after"].map((word) => ui(word)),
          ),
        ),
      ),
      el(
        "tbody",
        {},
        repairs.map(({ feature_id, params }) =>
          el(
            "tr",
            {},
            cells("td", [
              feature_id || "—",
              tr("evidence", params.why),
              area(params.area_before_m2),
              area(params.area_after_m2),
            ]),
          ),
        ),
      ),
    ),
  );
}

/**
 * Whether a refusal names layers or files of which one may be chosen.
 * @param {App.Problem} problem
 */
export function offersChoices(problem) {
  return ["layers.read.ambiguous", "layers.read.unknown_choice"].includes(problem.code ?? "");
}

/**
 * Of several layers or files one has to be chosen: a click reads it.
 * @param {App.Problem} problem
 * @param {() => void} again
 */
export function makeChoices(problem, again) {
  return el(
    "div",
    { class: "remedies" },
    el("p", {}, ui("choose_layer")),
    problem.params.choices.map((/** @type {string} */ choice) =>
      el(
        "button",
        {
          type: "button",
          onclick: () => {
            fieldById("declare-layer").value = choice;
            detailsById("declare").open = true;
            again();
          },
        },
        choice,
      ),
    ),
  );
}
