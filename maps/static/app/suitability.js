/* Suitability for building: of the sites whose ground was asked for, and as a map. */
"use strict";

ftz.suitability = {};

ftz.suitability.part = function (id) {
  const [kind, reason] = id.split(":");
  return ftz.text("suitability_parts", kind, { reason: ftz.text("hard_lines", reason || "") });
};
ftz.suitability.colour = function (id) {
  const colours = ftz.config.styles.rasters.suitability, [kind] = id.split(":");
  return colours[kind.replace("grade_", "")] || "#ffffff";
};
ftz.suitability.table = function (shares) {
  const rows = shares.filter((one) => one.area_ha).map((one) => ({ ...one, name: ftz.suitability.part(one.id), colour: ftz.suitability.colour(one.id) }));
  return [ftz.expand.bar(rows), ftz.expand.table(ftz.ui("suit_share"), rows, {})];
};

/* What is missing is said first: it bounds what the rest is worth. */
ftz.suitability.missing = function (answer) {
  const notice = (text) => ftz.el("p", { class: "notice" }, text);
  const comma = ftz.config.lang === "zh" ? "、" : ", ";
  const factors = answer.missing_factors.map((kind) => ftz.text("raster_kinds", kind)).join(comma);
  /* Kinds that are silent for the same reason share a notice. */
  const alike = new Map();
  answer.missing_lines.forEach((line) => {
    const key = `${line.required ? "suit_missing_required" : "suit_missing_line"} ${line.reason}`;
    alike.set(key, [...(alike.get(key) || []), ftz.text("hard_lines", line.kind)]);
  });
  return [
    factors ? notice(ftz.ui("suit_missing_factor", { kinds: factors })) : null,
    ...[...alike].map(([key, kinds]) => notice(ftz.ui(key.split(" ")[0], { kind: kinds.join(comma), reason: ftz.text("reasons", key.split(" ")[1]) }))),
  ];
};

/* What the form of a site did to its grades; already in the shares and the points. */
ftz.suitability.form = function (form) {
  if (!form) return ftz.el("p", { class: "hint" }, ftz.ui("suit_form_not_asked"));
  if (form.compactness === null) return ftz.el("p", { class: "notice" }, ftz.ui("suit_form_unknown"));
  const word = (key, params) => ftz.text("suitability_form", key, params || {});
  const only = form.only_grades.length ? word("only", { list: form.only_grades.join(", ") }) : word("every");
  const signed = form.effect === "adds" && form.grades > 0 ? `+${form.grades}` : `${form.grades}`;
  return ftz.el("p", { class: "hint" }, ftz.ui("suit_form", {
    compactness: ftz.number(form.compactness, 2), change: word(form.effect, { only, grades: signed }),
    without: form.points_without === null ? word("nopoints") : ftz.number(form.points_without, 1),
  }));
};

ftz.suitability.site = function (site) {
  const head = ftz.el("h3", {}, site.id);
  if (site.problem) return ftz.el("article", { class: "ground" }, head, ftz.problem({ title: ftz.ui("ground_none"), detail: ftz.text("errors", site.problem.code, site.problem.params) }));
  const score = site.score;
  const said = score ? ftz.ui("suit_score", { points: ftz.number(score.points, 1), least: ftz.number(score.least, 1), most: ftz.number(score.most, 1), judged: ftz.number(score.judged_pct, 1) }) : ftz.ui("suit_no_score");
  return ftz.el("article", { class: "ground" }, head, ftz.el("p", { class: "score" }, said), ftz.suitability.form(site.form), ftz.suitability.table(site.shares), ftz.expand.by(site.raster));
};
ftz.suitability.report = (report) => [
  ...ftz.basis(report.basis), ...ftz.suitability.missing(report), ...report.sites.map(ftz.suitability.site),
  ...Object.values(report.citations).map((one) => ftz.el("p", { class: "source" }, `${one[`document_${ftz.config.lang}`]} ${one.number} (${ftz.text("certainty", one.certainty)})`)),
];

ftz.suitability.judge = async function () {
  const status = ftz.byId("suit-status");
  if (!ftz.expand.last) {
    ftz.show(status, ftz.problem({ title: ftz.ui("ground_none"), detail: ftz.ui("ground_draw_first") }));
    return;
  }
  ftz.show(status, ftz.el("p", { class: "busy" }, ftz.ui("suit_busy")));
  try {
    const asked = ftz.expand.last, report = await ftz.ask(...asked("/api/v1/suitability"));
    ftz.show(status);
    ftz.show(ftz.byId("suit-result"), ftz.suitability.report(report), ftz.expand.sheets("suitability", asked, status));
  } catch (problem) {
    ftz.show(status, ftz.problem(problem));
    ftz.show(ftz.byId("suit-result"));
  }
};

ftz.suitability.make = async function () {
  const raster = ftz.byId("suit-raster").value;
  try {
    const task = await ftz.task(`/api/v1/suitability/maps?raster=${encodeURIComponent(raster)}`, {}, ftz.byId("suit-status"));
    const made = task.result;
    ftz.show(ftz.byId("suit-result"), ftz.el("p", {}, ftz.ui("suit_made", { title: ftz.named(made.raster.title) })), ftz.basis(made.basis),
      ftz.suitability.missing(made), made.form_counted ? null : ftz.el("p", { class: "hint" }, ftz.ui("suit_form_map")), ftz.suitability.table(made.shares),
      ftz.el("ul", { class: "plain" }, task.files.map((name) => ftz.el("li", {}, ftz.el("a", { href: `/api/v1/tasks/${task.id}/files/${name}`, download: name }, name)))));
    ftz.rasters.load().then(() => ftz.rasters.open(`suitability-${made.raster.id}`));
  } catch (problem) {
    ftz.show(ftz.byId("suit-status"), ftz.problem(problem));
  }
};

ftz.parts.push(async function suitabilityBegin() {
  if (!ftz.byId("suit-button")) return;
  ftz.byId("suit-button").addEventListener("click", ftz.suitability.judge);
  ftz.byId("suit-map").addEventListener("click", ftz.suitability.make);
  const answer = await ftz.ask("/api/v1/rasters").catch(() => ({ rasters: [] }));
  answer.rasters.filter((one) => one.kind === "dem" && one.in_use).forEach((one) => ftz.byId("suit-raster").append(ftz.el("option", { value: one.id }, ftz.named(one.title))));
});
