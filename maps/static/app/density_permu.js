/* Firms by the mu: scores, grades, low-yield land, in a table and on the map. */
"use strict";

ftz.permu = { report: null, lines: new Map(), shapes: new Map(), shown: "low", find: "" };
ftz.permu.most = 150;
ftz.permu.gradedBy = { rank: "grade_by_rank", ungraded_list: "grade_by_ungraded_list", not_scored: "grade_by_not_scored" };

ftz.permu.query = () => new URLSearchParams({ scheme: ftz.byId("permu-scheme").value, ...(ftz.byId("permu-parcels").value ? { parcels: ftz.byId("permu-parcels").value } : {}) });

ftz.permu.load = async function (options) {
  const place = ftz.byId("permu-result"), address = `/api/v1/permu?${ftz.permu.query()}`;
  ftz.show(place, ftz.views.busy());
  try {
    ftz.permu.report = await ftz.ask(`${address}&geometry=true`, options);
  } catch (problem) {
    ftz.views.remove("permu");
    ftz.show(place, ftz.views.refusal(problem));
    return;
  }
  ftz.permu.save = { address, options: options || {} };
  ftz.show(place, ftz.permu.results());
  ftz.permu.list();
  ftz.permu.draw();
};

ftz.permu.colour = (grade) => ftz.config.styles.grades[grade] || ftz.config.styles.grades.none;
ftz.permu.figure = (text, name) => ftz.el("div", {}, ftz.el("b", {}, text), ftz.el("span", {}, name));

ftz.permu.results = function () {
  const report = ftz.permu.report, whole = report.low_whole;
  const names = new Map(report.land_rules.map((rule) => [rule.id, ftz.named(rule.name)]));
  ftz.permu.ruleNames = names;
  return [
    ...ftz.basis(report.basis),
    report.missing_columns.length ? ftz.el("p", { class: "notice indicative" }, ftz.ui("permu_missing", { names: report.missing_columns.map((one) => ftz.text("firm_quantities", one)) })) : null,
    report.unread.length ? ftz.el("p", { class: "quiet" }, ftz.ui("permu_unread", { names: report.unread })) : null,
    report.area_differences.length ? ftz.el("p", { class: "notice indicative" }, ftz.ui("permu_areas", { count: report.area_differences.length, first: report.area_differences[0].name, pct: ftz.number(report.area_differences[0].difference_pct, 1) })) : null,
    ftz.el("div", { class: "figures" },
      ftz.permu.figure(`${ftz.number(whole.low_land_mu, 0)} ${ftz.unit("亩")}`, ftz.ui("permu_low_land", { count: whole.low_firms })),
      ftz.permu.figure(`${ftz.number(whole.low_share_pct, 1)} %`, ftz.ui("permu_low_share")),
      ftz.permu.figure(ftz.number(whole.tax_per_mu, 2), ftz.ui("permu_density_now")),
      ftz.permu.figure(ftz.number(whole.tax_per_mu_then, 2), ftz.ui("permu_density_then"))),
    ...report.groups.filter((group) => group.firms).map((group) => [
      ftz.el("h2", {}, ftz.ui("permu_group", { name: ftz.named(group.name), firms: group.firms, scored: group.scored })),
      ftz.charts.parts(ftz.named(group.name), group.grades.filter((one) => one.grade || one.firms).map((one) => ({ kind: `grade-${one.grade || "none"}`, name: one.grade || ftz.ui("permu_ungraded"), value: one.firms }))),
    ]).flat(),
    ftz.el("h2", {}, ftz.ui("permu_by_district")),
    ftz.table(ftz.ui("permu_by_district"), [{ text: ftz.ui("permu_district") }, { text: ftz.ui("permu_low_mu"), number: true }, { text: "%", number: true }, { text: ftz.ui("permu_density_now"), number: true }, { text: ftz.ui("permu_density_then"), number: true }],
      report.low.map((low) => ftz.el("tr", {}, ftz.el("th", { scope: "row" }, low.district || ftz.ui("permu_no_district")),
        ...[[low.low_land_mu, 0], [low.low_share_pct, 1], [low.tax_per_mu, 2], [low.tax_per_mu_then, 2]].map(([value, decimals]) => ftz.el("td", { class: "number" }, ftz.number(value, decimals)))))),
    ftz.el("p", { class: "source" }, ftz.ui("permu_mean_note")),
    ftz.el("ul", { class: "shares" }, report.land_rules.map((rule) => ftz.el("li", {}, ftz.ui("permu_rule", { name: ftz.named(rule.name), firms: rule.firms, untold: rule.untold })))),
    ftz.el("div", { class: "fields pair" },
      ftz.el("label", {}, ftz.ui("permu_show"), ftz.permu.filter()),
      ftz.el("label", {}, ftz.ui("permu_find"), ftz.el("input", { type: "search", id: "permu-find", oninput: (event) => { ftz.permu.find = event.target.value.trim(); ftz.permu.list(); } }))),
    ftz.el("div", { id: "permu-list" }),
    ftz.el("p", { class: "source" }, `${ftz.named(report.scheme.name)}: ${ftz.named(report.scheme.note)} ${ftz.ui("source")}: ${report.scheme.source}`),
    ftz.permu.save.options.method
      ? ftz.views.downloads(...["xlsx", "csv"].map((form) => ftz.views.save(ftz.permu.save.address, ftz.permu.save.options, form)))
      : ftz.views.downloads(...["xlsx", "csv"].map((form) => ftz.views.link(ftz.permu.save.address, form))),
  ].filter(Boolean);
};

ftz.permu.filter = function () {
  const select = ftz.el("select", { id: "permu-show", onchange: () => { ftz.permu.shown = select.value; ftz.permu.list(); } });
  const grades = [...new Set(ftz.permu.report.groups.flatMap((group) => group.grades.map((one) => one.grade)))].filter(Boolean);
  ftz.views.options(select, [["low", ftz.ui("permu_only_low")], ["all", ftz.ui("permu_all")], ...grades.map((grade) => [grade, `${ftz.ui("permu_grade")} ${grade}`])], ftz.permu.shown);
  return select;
};

ftz.permu.list = function () {
  const { report, shown, find } = ftz.permu;
  const fits = (firm) => (shown === "all" || (shown === "low" ? firm.low.length : firm.grade === shown)) && (!find || firm.name.includes(find) || firm.parcels.some((one) => one.includes(find)));
  const firms = report.firms.filter(fits).sort((a, b) => (a.total ?? -1) - (b.total ?? -1));
  ftz.permu.lines.clear();
  const rows = firms.slice(0, ftz.permu.most).map((firm) => {
    const line = ftz.el("tr", { tabindex: "0", onmouseenter: () => ftz.permu.mark(firm.line, true), onmouseleave: () => ftz.permu.mark(firm.line, false), onfocus: () => ftz.permu.mark(firm.line, true), onblur: () => ftz.permu.mark(firm.line, false), onclick: () => ftz.permu.go(firm.line) },
      ftz.el("th", { scope: "row" }, firm.name, ftz.el("small", { class: "quiet" }, firm.low.map((one) => ftz.permu.ruleNames.get(one)).join("; "))),
      ftz.el("td", { class: "number" }, ftz.number(firm.land_mu, 1)),
      ftz.el("td", { class: "number" }, ftz.number(firm.total, 1)),
      ftz.el("td", {}, ftz.el("span", { class: `grade grade-${firm.grade || "none"}`, title: ftz.ui(ftz.permu.gradedBy[firm.grade_by]) }, firm.grade || "—")));
    ftz.permu.lines.set(firm.line, line);
    return line;
  });
  ftz.show(ftz.byId("permu-list"),
    ftz.table(ftz.ui("permu_show"), [{ text: ftz.ui("permu_firm") }, { text: ftz.unit("亩"), number: true }, { text: ftz.ui("permu_total"), number: true }, { text: ftz.ui("permu_grade") }], rows),
    firms.length > rows.length ? ftz.el("p", { class: "quiet" }, ftz.ui("shown_of", { returned: rows.length, matched: firms.length })) : null);
};

ftz.permu.draw = function () {
  const { report } = ftz.permu, byLine = new Map(report.firms.map((firm) => [firm.line, firm]));
  ftz.permu.shapes.clear();
  if (!report.features.features.length) { ftz.views.remove("permu"); return; }
  const group = L.featureGroup([], { pmIgnore: true });
  const look = (firm) => ({ pane: "density", pmIgnore: true, color: firm.low.length ? ftz.config.styles.grades.low : ftz.config.styles.choropleth.stroke, weight: firm.low.length ? 2.4 : 0.7, fillColor: ftz.permu.colour(firm.grade), fillOpacity: 0.88 });
  /* Thousands of parcels are too many elements; on a canvas they move with the map. */
  const renderer = report.features.features.length > 1500 ? { renderer: L.canvas({ pane: "density" }) } : {};
  L.geoJSON(report.features, {
    pane: "density", pmIgnore: true, ...renderer,
    style: (feature) => look(byLine.get(feature.properties.lines[0])),
    onEachFeature: (feature, shape) => {
      feature.properties.lines.forEach((line) => ftz.permu.shapes.set(line, shape));
      const firms = feature.properties.lines.map((line) => byLine.get(line));
      shape.firm = firms[0];
      shape.bindTooltip(() => ftz.el("div", { class: "tip" }, firms.map((firm) => [ftz.el("strong", {}, firm.name),
        ftz.el("span", {}, `${ftz.ui("permu_grade")} ${firm.grade || "—"} · ${ftz.number(firm.total, 1)} · ${ftz.number(firm.land_mu, 1)} ${ftz.unit("亩")}`),
        firm.low.length ? ftz.el("span", {}, firm.low.map((one) => ftz.permu.ruleNames.get(one)).join("; ")) : null]).flat()), { sticky: true, className: "plain" });
      shape.on("mouseover", () => ftz.permu.highlight(firms, true));
      shape.on("mouseout", () => ftz.permu.highlight(firms, false));
      group.addLayer(shape);
    },
  });
  ftz.permu.look = look;
  const grades = [...new Set(report.groups.flatMap((one) => one.grades.map((grade) => grade.grade)))].filter(Boolean);
  const key = (fill, stroke, text) => ftz.el("li", {}, ftz.svg("svg", { class: "swatch", width: 22, height: 14, "aria-hidden": "true" }, ftz.svg("rect", { x: 1.5, y: 1.5, width: 19, height: 11, fill, stroke, "stroke-width": stroke === ftz.config.styles.grades.low ? 2.4 : 1 })), text);
  ftz.views.put("permu", group, [
    ftz.el("strong", {}, ftz.ui("permu_legend")), ftz.el("p", {}, ftz.named(report.scheme.name)),
    ftz.el("ul", {}, grades.map((grade) => key(ftz.permu.colour(grade), ftz.config.styles.choropleth.stroke, `${ftz.ui("permu_grade")} ${grade}`)), key("none", ftz.config.styles.grades.low, ftz.ui("permu_only_low"))),
    ...report.basis.map((item) => ftz.el("p", { class: "quiet" }, ftz.text("statuses", item.status))),
  ]);
  ftz.map.fitBounds(group.getBounds(), { padding: [40, 40] });
};

ftz.permu.mark = function (line, on) {
  const shape = ftz.permu.shapes.get(line);
  if (shape) shape.setStyle(on ? { weight: 5 } : ftz.permu.look(shape.firm));
};
ftz.permu.highlight = (firms, on) => firms.forEach((firm) => {
  const line = ftz.permu.lines.get(firm.line);
  if (line) line.classList.toggle("marked", on);
});
ftz.permu.go = function (line) {
  const shape = ftz.permu.shapes.get(line);
  if (shape) ftz.map.fitBounds(shape.getBounds(), { padding: [120, 120], maxZoom: 15 });
};

ftz.views.begin.permu = async function () {
  const { schemes } = await ftz.ask("/api/v1/permu/schemes").catch(() => ({ schemes: [] }));
  ftz.views.options(ftz.byId("permu-scheme"), schemes.map((one) => [one.id, ftz.named(one.name)]));
  const parcels = await ftz.views.layersOf(["parcel"]);
  ftz.views.options(ftz.byId("permu-parcels"), [...parcels.map((one) => [one.id, ftz.named(one.title)]), ["", ftz.ui("permu_no_parcels")]]);
  const stored = () => { ftz.byId("permu-stored").disabled = !ftz.byId("permu-parcels").value; };
  ftz.byId("permu-parcels").addEventListener("change", stored);
  stored();
};

ftz.parts.push(function permuBegin() {
  if (ftz.config.embedded) return;
  ftz.views.upload(ftz.byId("permu-file"), (form) => ftz.permu.load({ method: "POST", body: form }));
  ftz.byId("permu-stored").addEventListener("click", () => ftz.permu.load());
});
