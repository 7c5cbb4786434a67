/* The plan's 16 indicators: required and achieved growth, the path to the target, the course. */

import * as answers from "../core/answers.js";
import { formatDensity, markedText } from "../core/classes.js";
import { byId, el, problemBox, setChildren } from "../core/elements.js";
import { sourceWords } from "../core/law.js";
import { page } from "../core/page.js";
import { formatNumber, named, tr, ui, unitText } from "../core/words.js";
import * as charts from "./charts.js";
import * as views from "./views.js";

const COURSES = ["reached", "on_track", "behind", "uncertain", "no_data"];

async function loadPlan() {
  const place = byId("plan-result");
  setChildren(place, views.busyLine());
  try {
    const monitor = await answers.plan();
    setChildren(place, makeReport(monitor));
  } catch (problem) {
    setChildren(place, problemBox(problem));
  }
}

/** @param {Answers.PlanMonitor} monitor */
function makeReport(monitor) {
  const counts = COURSES.map((course) => ({
    kind: `course-${course}`,
    name: tr("courses", course),
    value: monitor.rows.filter((row) => row.course === course).length,
  }));
  return [
    charts.partsChart(ui("plan_courses"), counts),
    el(
      "p",
      { class: "key-line" },
      charts.chartSwatch("key-path"),
      ui("plan_path"),
      charts.chartSwatch("key-value"),
      ui("plan_reached_values"),
      charts.chartSwatch("key-target"),
      ui("plan_target"),
    ),
    el(
      "div",
      { class: "cards" },
      monitor.rows.map((row) => makeCard(row)),
    ),
    el("h2", {}, ui("plan_shares")),
    el("ul", { class: "shares" }, monitor.shares.map(makeShare)),
    el(
      "p",
      { class: "source" },
      `${ui("source")}: ${sourceWords(monitor.source)}; ${ui("area_source")}: ${sourceWords(monitor.area_source)}`,
    ),
    page.config.embedded
      ? null
      : views.downloadLine(...["xlsx", "csv", "pdf"].map((form) => views.downloadLink("api/v1/plan", form))),
  ].filter(Boolean);
}

/** @param {Answers.PlanRow} row */
function makeCard(row) {
  const unit = unitText(row.unit),
    figure = (/** @type {number | null} */ value) =>
      value === null ? "—" : formatNumber(value, Number.isInteger(value) ? 0 : 2);
  const known = row.points.flatMap(({ year, value, qualifiers }) =>
    value === null ? [] : [/** @type {charts.Point} */ ([year, value, qualifiers?.mark ? named(qualifiers.mark) : ""])],
  );
  const path = row.points.flatMap(({ year, path: value }) =>
    value === null ? [] : [/** @type {charts.Point} */ ([year, value])],
  );
  /** @type {charts.Series[]} */
  const series = [];
  if (path.length)
    series.push({
      name: ui("plan_path"),
      kind: "path",
      dots: false,
      points: path,
    });
  if (known.length)
    series.push({
      name: ui("plan_reached_values"),
      kind: "value",
      points: known,
    });
  if (row.target_value !== null)
    series.push({ name: ui("plan_target"), kind: "target", points: [[row.target_year, row.target_value]] });
  const facts = [];
  if (row.latest_value !== null)
    facts.push([
      ui("latest_value", { year: row.latest_year }),
      `${markedText(figure(row.latest_value), row.latest_qualifiers)} ${unit}`,
    ]);
  if (row.growth.required_pct !== null)
    facts.push([ui("plan_required"), `${formatNumber(row.growth.required_pct, 1)} %`]);
  if (row.growth.achieved_pct !== null)
    facts.push([ui("plan_achieved"), `${formatNumber(row.growth.achieved_pct, 1)} %`]);
  if (row.cumulative && row.target_value !== null)
    facts.push([ui("plan_added"), `${figure(row.target_value - (row.first_value || 0))} ${unit}`]);
  if (row.target_density !== null)
    facts.push([
      ui("plan_density"),
      `${markedText(formatDensity(row.target_density), row.target_qualifiers)} ${unitText(row.density_unit)}`,
    ]);
  const head =
    row.target_value === null
      ? tr("target_rules", row.target_rule)
      : el(
          "span",
          {},
          figure(row.first_value),
          el("span", { class: "quiet" }, ` (${row.first_year}) → `),
          el("b", {}, figure(row.target_value)),
          el("span", { class: "quiet" }, ` ${unit} (${row.target_year} ${tr("periods", "target")})`),
        );
  const agrees = row.growth.agrees;
  return el(
    "article",
    { class: `indicator-card course-${row.course}` },
    el(
      "h2",
      {},
      el("span", { class: "ordinal" }, String(row.number)),
      named(row.name),
      el("span", { class: `course course-${row.course}` }, tr("courses", row.course)),
    ),
    el("p", { class: "headline" }, head),
    path.length ? charts.lineChart(`${named(row.name)} (${unit})`, series, { height: 104 }) : null,
    charts.markedPoints(series),
    facts.length
      ? el(
          "dl",
          {},
          facts.map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", {}, value))),
        )
      : null,
    agrees === false
      ? el("p", { class: "notice indicative" }, ui("plan_printed", { pct: row.growth.printed_pct }))
      : null,
    agrees ? el("p", { class: "source" }, ui(row.cumulative ? "plan_agrees_sum" : "plan_agrees")) : null,
  );
}

/** @param {Answers.ShareOut} share */
function makeShare(share) {
  const found =
    share.recomputed_pct === null
      ? ui("share_open")
      : ui(share.agrees ? "share_agrees" : "share_differs", {
          pct: formatNumber(share.recomputed_pct, share.printed_pct < 1 ? 3 : 2),
          part: markedText(formatNumber(share.numerator, 2), share.numerator_qualifiers),
          whole: markedText(formatNumber(share.denominator, 2), share.denominator_qualifiers),
          unit: unitText(share.unit),
        });
  return el(
    "li",
    {},
    el("b", {}, named(share.name)),
    ` ${ui("plan_printed_share", { pct: share.printed_pct })} `,
    el("span", { class: share.agrees ? "agrees" : "quiet" }, found),
    share.source ? el("span", { class: "source" }, ` ${sourceWords(share.source)}`) : null,
  );
}

export function begin() {
  views.state.starts.plan = loadPlan;
}
