/* How a file was understood: what was decided and by what, what was repaired, what it says. */

import { detailsById, el, fieldById } from "../core/elements.js";
import { page } from "../core/page.js";
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

/** @type {number} entries that the page lists; all stand in the answer */
const MOST_LISTED = 200;

/**
 * What was left out and why.
 * @param {Answers.LeftOutOut} entry
 */
export function leftOutText(entry) {
  const what = tr("ledger", `what_${entry.what}`, { label: entry.label });
  const times = entry.count > 1 ? tr("ledger", "times", { count: entry.count }) : "";
  const reason = tr("left_out", entry.reason, entry.params);
  return tr("ledger", "entry", { what: what + times, reason });
}

/**
 * Where something that was left out lies, if the file tells.
 * @param {Answers.LeftOutOut} entry
 * @returns {[number, number] | null} latitude and longitude
 */
export function placeOf(entry) {
  const { lon, lat } = entry.params;
  return typeof lon === "number" && typeof lat === "number" ? [lat, lon] : null;
}

/** @param {Answers.LeftOutOut} entry */
export function locateButton(entry) {
  const place = placeOf(entry);
  if (!place) return null;
  const show = () => page.map.setView(place, Math.max(page.map.getZoom(), 14));
  return el("button", { type: "button", class: "linklike", onclick: show }, ui("locate"));
}

/**
 * What of the file became no plot, each with its reason.
 * @param {Answers.ReadReportOut["ledger"]} ledger
 */
function makeLedger(ledger) {
  if (!ledger || !ledger.left_out.length) return null;
  const shown = ledger.left_out.slice(0, MOST_LISTED);
  const items = shown.map((entry) => el("li", {}, leftOutText(entry), " ", locateButton(entry)));
  const more = ledger.left_out.length - shown.length;
  if (more > 0) items.push(el("li", {}, tr("ledger", "more", { count: more })));
  const unit = tr("ledger", `unit_${ledger.unit}`);
  const sum = { unit, found: ledger.found, used: ledger.used, left: ledger.found - ledger.used };
  return el(
    "div",
    { class: "read-ledger" },
    el("p", { class: "warning" }, tr("ledger", "sum", sum)),
    el("ul", {}, items),
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
