/* Suitability for building: of the sites whose ground was asked for, and as a map. */
"use strict";

ftz.suitability = { turn: 0 };

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

ftz.suitability.site = function (site, count) {
  const head = ftz.expand.heading(site, count);
  if (site.problem) return ftz.el("article", { class: "ground" }, head, ftz.problem({ title: ftz.ui("ground_none"), detail: ftz.text("errors", site.problem.code, site.problem.params) }));
  const score = site.score;
  const said = score ? ftz.ui("suit_score", { points: ftz.number(score.points, 1), least: ftz.number(score.least, 1), most: ftz.number(score.most, 1), judged: ftz.number(score.judged_pct, 1) }) : ftz.ui("suit_no_score");
  return ftz.el("article", { class: "ground" }, head, ftz.el("p", { class: "score" }, said), ftz.suitability.form(site.form), ftz.suitability.table(site.shares), ftz.expand.by(site.raster));
};
ftz.suitability.report = (report) => [
  ...ftz.basis(report.basis), ...ftz.suitability.missing(report), ...report.sites.map((site) => ftz.suitability.site(site, report.sites.length)), ftz.expand.sheets("/api/v1/suitability", "suitability"),
  ...[...new Set(Object.values(report.citations).map((one) => `${one[`document_${ftz.config.lang}`]} ${one.number} (${ftz.text("certainty", one.certainty)})`))].map((one) => ftz.el("p", { class: "source" }, one)),
];

ftz.suitability.judge = async function () {
  const status = ftz.byId("suit-status"), turn = ftz.suitability.turn += 1;
  if (!ftz.expand.require(status)) return;
  ftz.show(status, ftz.el("p", { class: "busy" }, ftz.ui("suit_busy")));
  try {
    const report = await ftz.expand.ask("/api/v1/suitability");
    if (turn !== ftz.suitability.turn) return;
    ftz.show(status);
    ftz.show(ftz.byId("suit-result"), ftz.suitability.report(report));
  } catch (problem) {
    if (turn !== ftz.suitability.turn) return;
    ftz.show(status, ftz.problem(problem));
    ftz.show(ftz.byId("suit-result"));
  }
};

ftz.suitability.make = async function () {
  const raster = ftz.byId("suit-raster").value;
  try {
    const task = await ftz.task(`/api/v1/suitability/maps?raster=${encodeURIComponent(raster)}`, {}, ftz.byId("suit-making"));
    const made = task.result;
    ftz.show(ftz.byId("suit-made"), ftz.el("p", {}, ftz.ui("suit_made", { title: ftz.named(made.raster.title) })), ftz.basis(made.basis),
      ftz.suitability.missing(made), ftz.el("p", { class: "hint" }, ftz.ui(made.form_counted ? "suit_form_not_asked" : "suit_form_map")), ftz.suitability.table(made.shares),
      ftz.el("p", { class: "source" }, ftz.ui("siting_files"), ": ", task.files.map((name) => [ftz.el("a", { href: `/api/v1/tasks/${task.id}/files/${name}`, download: name }, name), " "])));
    await ftz.rasters.load();
    ftz.groundMaps.choose("right", `suitability-${made.raster.id}`);
  } catch (problem) {
    ftz.show(ftz.byId("suit-making"), ftz.problem(problem));
  }
};
ftz.suitability.clear = function () {
  ftz.suitability.turn += 1;
  ["suit-status", "suit-result"].forEach((id) => ftz.show(ftz.byId(id)));
};
/* Of several rasters of heights the one in view is meant, until a person says otherwise. */
ftz.suitability.heights = function (rasters) {
  const centre = ftz.map.getCenter();
  const within = ({ bounds_lonlat: [west, south, east, north] }) => L.latLngBounds([[south, west], [north, east]]).contains(centre);
  const seen = rasters.find(within) || rasters[0];
  ftz.density.fill(ftz.byId("suit-raster"), "raster", rasters.map((one) => [one.id, ftz.named(one.title)]), seen && seen.id);
};

ftz.parts.push(async function suitabilityBegin() {
  if (!ftz.byId("suit-button")) return;
  ftz.byId("suit-button").addEventListener("click", ftz.suitability.judge);
  ftz.byId("suit-map").addEventListener("click", ftz.suitability.make);
  ftz.expand.listeners.push(ftz.suitability.clear);
  const answer = await ftz.ask("/api/v1/rasters").catch(() => ({ rasters: [] }));
  ftz.suitability.heights(answer.rasters.filter((one) => one.kind === "dem" && one.in_use));
});
