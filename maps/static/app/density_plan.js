/* The plan's 16 indicators: required and achieved growth, the path to the target, the course. */
"use strict";

ftz.plan = {};

ftz.plan.courses = ["reached", "on_track", "behind", "no_data"];

ftz.plan.load = async function () {
  const place = ftz.byId("plan-result");
  ftz.show(place, ftz.views.busy());
  try {
    const monitor = await ftz.data.plan();
    ftz.show(place, ftz.plan.report(monitor));
  } catch (problem) {
    ftz.show(place, ftz.problem(problem));
  }
};

ftz.plan.report = function (monitor) {
  const counts = ftz.plan.courses.map((course) => ({ kind: `course-${course}`, name: ftz.text("courses", course), value: monitor.rows.filter((row) => row.course === course).length }));
  return [
    ftz.charts.parts(ftz.ui("plan_courses"), counts),
    ftz.el("p", { class: "key-line" }, ftz.charts.swatch("key-path"), ftz.ui("plan_path"), ftz.charts.swatch("key-value"), ftz.ui("plan_reached_values"), ftz.charts.swatch("key-target"), ftz.ui("plan_target")),
    ftz.el("div", { class: "cards" }, monitor.rows.map((row) => ftz.plan.card(row))),
    ftz.el("h2", {}, ftz.ui("plan_shares")),
    ftz.el("ul", { class: "shares" }, monitor.shares.map(ftz.plan.share)),
    ftz.el("p", { class: "source" }, `${ftz.ui("source")}: ${monitor.source}; ${ftz.ui("area_source")}: ${monitor.area_source}`),
    ftz.config.embedded ? null : ftz.views.downloads(...["xlsx", "csv", "pdf"].map((form) => ftz.views.link("/api/v1/plan", form))),
  ].filter(Boolean);
};

ftz.plan.card = function (row) {
  const unit = ftz.unit(row.unit), figure = (value) => value === null ? "—" : ftz.number(value, Number.isInteger(value) ? 0 : 2);
  const known = row.points.filter((point) => point.value !== null);
  const path = row.points.filter((point) => point.path !== null);
  const series = [];
  if (path.length) series.push({ name: ftz.ui("plan_path"), kind: "path", dots: false, points: path.map((point) => [point.year, point.path]) });
  if (known.length) series.push({ name: ftz.ui("plan_reached_values"), kind: "value", points: known.map((point) => [point.year, point.value]) });
  if (row.target_value !== null) series.push({ name: ftz.ui("plan_target"), kind: "target", points: [[row.target_year, row.target_value]] });
  const facts = [];
  if (row.growth.required_pct !== null) facts.push([ftz.ui("plan_required"), `${ftz.number(row.growth.required_pct, 1)} %`]);
  if (row.growth.achieved_pct !== null) facts.push([ftz.ui("plan_achieved"), `${ftz.number(row.growth.achieved_pct, 1)} %`]);
  if (row.cumulative && row.target_value !== null) facts.push([ftz.ui("plan_added"), `${figure(row.target_value - row.first_value)} ${unit}`]);
  if (row.target_density !== null) facts.push([ftz.ui("plan_density"), `${ftz.density.figure(row.target_density)} ${ftz.unit(row.density_unit)}`]);
  const head = row.target_value === null
    ? ftz.text("target_rules", row.target_rule)
    : ftz.el("span", {}, figure(row.first_value), ftz.el("span", { class: "quiet" }, ` (${row.first_year}) → `), ftz.el("b", {}, figure(row.target_value)), ftz.el("span", { class: "quiet" }, ` ${unit} (${row.target_year})`));
  const agrees = row.growth.agrees;
  return ftz.el("article", { class: `indicator-card course-${row.course}` },
    ftz.el("h2", {}, ftz.el("span", { class: "ordinal" }, String(row.number)), ftz.named(row.name), ftz.el("span", { class: `course course-${row.course}` }, ftz.text("courses", row.course))),
    ftz.el("p", { class: "headline" }, head),
    path.length ? ftz.charts.lines(`${ftz.named(row.name)} (${unit})`, series, { height: 104 }) : null,
    facts.length ? ftz.el("dl", {}, facts.map(([name, value]) => ftz.el("div", {}, ftz.el("dt", {}, name), ftz.el("dd", {}, value)))) : null,
    agrees === false ? ftz.el("p", { class: "notice indicative" }, ftz.ui("plan_printed", { pct: row.growth.printed_pct })) : null,
    agrees ? ftz.el("p", { class: "source" }, ftz.ui(row.cumulative ? "plan_agrees_sum" : "plan_agrees")) : null);
};

ftz.plan.share = function (share) {
  const found = share.recomputed_pct === null
    ? ftz.ui("share_open")
    : ftz.ui(share.agrees ? "share_agrees" : "share_differs", { pct: ftz.number(share.recomputed_pct, share.printed_pct < 1 ? 3 : 2), part: ftz.number(share.numerator, 2), whole: ftz.number(share.denominator, 2), unit: ftz.unit(share.unit) });
  return ftz.el("li", {}, ftz.el("b", {}, ftz.named(share.name)), ` ${ftz.ui("plan_printed_share", { pct: share.printed_pct })} `, ftz.el("span", { class: share.agrees ? "agrees" : "quiet" }, found),
    share.source ? ftz.el("span", { class: "source" }, ` ${share.source}`) : null);
};

ftz.views.begin.plan = ftz.plan.load;
