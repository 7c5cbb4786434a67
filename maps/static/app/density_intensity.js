/* Development zones by the national evaluation: rates, scores, and land without expansion. */
"use strict";

ftz.intensity = {
  potentials: { expand_ha: "potential_expand", structure_ha: "potential_structure", intensity_ha: "potential_intensity", management_ha: "potential_management" },
};

ftz.intensity.send = async function (form) {
  const place = ftz.byId("intensity-result");
  ftz.show(place, ftz.views.busy());
  try {
    const report = await ftz.ask("/api/v1/intensity", { method: "POST", body: form });
    ftz.show(place, ftz.intensity.report(report, form));
  } catch (problem) {
    ftz.show(place, ftz.views.refusal(problem));
  }
};

ftz.intensity.report = function (report, form) {
  const cited = report.citation;
  return [
    ftz.el("p", { class: "notice indicative" }, ftz.ui("intensity_sample")),
    ...report.zones.map(ftz.intensity.zone),
    ftz.el("p", { class: "source" }, `${cited[`document_${ftz.config.lang}`]} ${cited.number}; ${ftz.text("certainty", cited.certainty)}`),
    ftz.views.downloads(...["xlsx", "csv"].map((one) => ftz.views.save("/api/v1/intensity", { method: "POST", body: form }, one))),
  ];
};

ftz.intensity.zone = function (zone) {
  const potential = Object.entries(ftz.intensity.potentials).map(([field, word]) => ({ name: ftz.ui(word), value: zone.potential[field] }));
  const known = potential.filter((one) => one.value !== null);
  return ftz.el("article", { class: "zone-card" },
    ftz.el("h2", {}, zone.name || zone.code || "—", " ", ftz.badge("zone_types", zone.zone_type)),
    zone.type_agrees === false ? ftz.el("p", { class: "notice indicative" }, ftz.ui("type_differs", { stated: zone.stated_type })) : null,
    zone.area_warned ? ftz.el("p", { class: "notice indicative" }, ftz.ui("intensity_area", { stated: ftz.number(zone.evaluated_ha, 2), drawn: ftz.number(zone.drawn_ha, 2) })) : null,
    ftz.el("div", { class: "figure" }, ftz.el("b", {}, zone.score === null ? "—" : ftz.number(zone.score, 1)), ftz.el("span", {}, "/ 100"),
      ftz.el("p", {}, ftz.ui("intensity_judged", { pct: ftz.number(zone.judged_pct, 0) }))),
    ftz.el("div", { class: "goals" }, zone.goals.map((goal) => ftz.el("div", {},
      ftz.el("span", {}, ftz.named(goal.name)), ftz.charts.progress(`${ftz.named(goal.name)}: ${ftz.number(goal.score, 1)}`, goal.score),
      ftz.el("b", {}, ftz.number(goal.score, 1)), ftz.el("small", {}, ftz.ui("intensity_known", { pct: ftz.number(goal.judged_pct, 0) }))))),
    ftz.table(zone.name || "", [{ text: ftz.ui("intensity_rate") }, { text: ftz.ui("table_value"), number: true }, { text: ftz.ui("intensity_ideal"), number: true }, { text: ftz.ui("intensity_realised") }], zone.rates.map(ftz.intensity.rate)),
    known.length ? ftz.el("h3", {}, ftz.ui("potential")) : null,
    known.length ? ftz.charts.bars(known, "ha") : null,
    known.length < potential.length ? ftz.el("p", { class: "quiet" }, ftz.ui("potential_unknown", { names: potential.filter((one) => one.value === null).map((one) => one.name) })) : null,
    zone.unread.length ? ftz.el("ul", { class: "faults" }, zone.unread.map(([field, why]) => ftz.el("li", {}, ftz.el("q", {}, field), ftz.text("table_problems", why, { text: field })))) : null);
};

ftz.intensity.rate = function (rate) {
  const why = rate.reason === "missing" ? ftz.ui("rate_missing", { names: rate.missing.map((name) => ftz.text("quantities", name)) })
    : rate.reason ? ftz.text("reasons", `rate_${rate.reason}`) : "";
  const formula = rate.formula.replace(/[a-z][a-z0-9_]+/g, (name) => ftz.text("quantities", name));
  return ftz.el("tr", { class: rate.value === null ? "unknown" : "" },
    ftz.el("th", { scope: "row", title: formula }, ftz.named(rate.name), ftz.el("small", { class: "formula" }, formula)),
    ftz.el("td", { class: "number" }, rate.value === null ? "—" : `${ftz.number(rate.value, 2)} ${ftz.unit(rate.unit)}`),
    ftz.el("td", { class: "number" }, rate.ideal === null ? "—" : ftz.number(rate.ideal, 2)),
    ftz.el("td", {}, rate.realisation_pct === null ? null : ftz.charts.progress(`${ftz.number(rate.realisation_pct, 1)} %`, rate.realisation_pct),
      rate.realisation_pct === null ? null : ftz.el("small", {}, `${ftz.number(rate.realisation_pct, 1)} %`),
      why ? ftz.el("small", { class: "quiet" }, why) : null));
};

ftz.parts.push(function intensityBegin() {
  if (!ftz.config.embedded) ftz.views.upload(ftz.byId("intensity-file"), ftz.intensity.send);
});
