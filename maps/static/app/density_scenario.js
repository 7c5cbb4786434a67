/* What expansions must yield, side by side; and totals on a grid or parcels, as estimates. */
"use strict";

ftz.scenario = { cases: [] };

ftz.scenario.known = () => ftz.density.indicators.find((one) => one.id === ftz.byId("scenario-indicator").value) || ftz.density.indicators[0];
ftz.scenario.chosen = () => Object.fromEntries(["indicator", "year", "denominator"].map((name) => [name, ftz.byId(`scenario-${name}`).value]));

ftz.scenario.fill = async function (changed) {
  const indicator = ftz.scenario.known(), before = ftz.scenario.chosen();
  if (changed === "indicator") ftz.views.options(ftz.byId("scenario-year"), indicator.years.map((one) => [one.year, one.year]), before.year);
  const year = indicator.years.find((one) => String(one.year) === ftz.byId("scenario-year").value) || indicator.years[0];
  if (changed !== "denominator") ftz.views.options(ftz.byId("scenario-denominator"), year.denominators.map((one) => [one, ftz.text("denominators", one)]), before.denominator);
  try {
    const table = await ftz.data.density(ftz.scenario.chosen());
    const unit = ftz.byId("scenario-unit").value;
    ftz.views.options(ftz.byId("scenario-unit"), table.rows.filter((row) => row.density !== null).map((row) => [row.unit_id, `${ftz.named(row.name)} · ${ftz.density.figure(row.density)} ${ftz.unit(row.density_unit)}`]), unit);
    await ftz.scenario.run();
  } catch (problem) {
    ftz.show(ftz.byId("scenario-result"), ftz.problem(problem));
  }
};

ftz.scenario.row = function (one, at) {
  const set = (name, read) => (event) => { one[name] = read(event.target.value); };
  const number = (text) => (text.trim() === "" ? null : Number(text));
  const by = ftz.el("select", { "aria-label": ftz.ui("scenario_reach"), onchange: (event) => { one.by = event.target.value; ftz.scenario.editor(); } });
  ftz.views.options(by, [["kept", ftz.ui("scenario_kept")], ["plan", ftz.ui("scenario_plan")], ["stated", ftz.ui("scenario_stated")]], one.by);
  return ftz.el("div", { class: "case" },
    ftz.el("label", {}, ftz.ui("scenario_name"), ftz.el("input", { value: one.name, oninput: set("name", String) })),
    ftz.el("label", {}, ftz.ui("scenario_added"), ftz.el("input", { value: one.added_km2, inputmode: "decimal", oninput: set("added_km2", Number) })),
    ftz.el("label", {}, ftz.ui("scenario_reach"), by),
    one.by === "stated" ? ftz.el("label", {}, ftz.ui("density"), ftz.el("input", { value: one.density ?? "", inputmode: "decimal", oninput: set("density", number) })) : null,
    ftz.el("label", {}, ftz.ui("scenario_by_year"), ftz.el("input", { value: one.by_year ?? "", inputmode: "numeric", oninput: set("by_year", number) })),
    ftz.el("button", { type: "button", class: "remove", "aria-label": ftz.ui("scenario_remove"), title: ftz.ui("scenario_remove"), onclick: () => { ftz.scenario.cases.splice(at, 1); ftz.scenario.editor(); } }, "×"));
};
ftz.scenario.editor = () => ftz.show(ftz.byId("scenario-cases"), ftz.scenario.cases.map(ftz.scenario.row));

ftz.scenario.run = async function () {
  const place = ftz.byId("scenario-result");
  /* A rate needs years to go: none until the year of the values itself. */
  const year = Number(ftz.byId("scenario-year").value);
  const cases = ftz.scenario.cases.map((one) => ({ name: one.name, added_km2: one.added_km2, density: one.by === "stated" ? one.density : null, plan_target: one.by === "plan", by_year: one.by_year > year ? one.by_year : null }));
  const body = { ...ftz.scenario.chosen(), year, unit_id: ftz.byId("scenario-unit").value, cases };
  const options = { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  try {
    ftz.show(place, ftz.scenario.report(await ftz.ask("/api/v1/scenarios", options), options));
  } catch (problem) {
    ftz.show(place, ftz.problem(problem));
  }
};

ftz.scenario.report = function (report, options) {
  const unit = ftz.unit(report.value_unit), dense = ftz.unit(report.density_unit);
  const lines = [
    ["scenario_area", (one) => ftz.number(one.area_km2, 2)],
    ["scenario_density", (one) => ftz.density.figure(one.density_then)],
    ["scenario_needed", (one) => ftz.number(one.value_needed, 2)],
    ["scenario_new_land", (one) => ftz.number(one.value_of_new_land, 2)],
    ["scenario_new_density", (one) => (one.density_of_new_land === null ? "—" : ftz.density.figure(one.density_of_new_land))],
    ["scenario_growth", (one) => `${ftz.number(one.growth_pct, 1)} %`],
    ["scenario_annual", (one) => (one.annual_growth_pct === null ? "—" : `${ftz.number(one.annual_growth_pct, 1)} %`)],
    ["scenario_saved", (one) => ftz.number(one.land_saved_km2, 2)],
  ];
  return [
    ...ftz.basis(report.basis),
    ftz.el("p", { class: "source" }, ftz.ui("scenario_start", { unit: ftz.named(report.unit_name), year: report.year, name: ftz.named(report.name), value: `${ftz.number(report.value, 2)} ${unit}`, land: ftz.text("denominators", report.denominator), area: ftz.number(report.area_km2, 2), density: `${ftz.density.figure(report.density)} ${dense}` })),
    ftz.table(ftz.ui("view_scenario"), [{ text: ftz.ui("scenario_name") }, ...report.scenarios.map((one) => ({ text: one.name, number: true }))],
      lines.map(([key, write]) => ftz.el("tr", {}, ftz.el("th", { scope: "row" }, ftz.ui(key, { unit, dense })), report.scenarios.map((one) => ftz.el("td", { class: "number" }, write(one)))))),
    ftz.el("h2", {}, ftz.ui("scenario_needed", { unit })),
    ftz.charts.bars([{ name: `${report.year}`, value: report.value, kind: "quiet" }, ...report.scenarios.map((one) => ({ name: one.name, value: one.value_needed }))], ""),
    ftz.el("p", { class: "source" }, `${ftz.ui("source")}: ${report.source}; ${ftz.ui("area_source")}: ${report.area_source}`),
    ftz.views.downloads(...["xlsx", "csv"].map((form) => ftz.views.save("/api/v1/scenarios", options, form))),
  ];
};

ftz.scenario.downscale = async function () {
  const place = ftz.byId("downscale-result"), onto = ftz.byId("downscale-onto").value, weight = ftz.byId("downscale-weights").value;
  const body = { indicator: ftz.byId("scenario-indicator").value, year: Number(ftz.byId("scenario-year").value), geometry: true };
  if (onto.startsWith("grid:")) body.grid_m = Number(onto.slice(5)); else body.onto_layer = onto;
  if (weight) body[weight.startsWith("raster:") ? "weight_raster" : "weight_layer"] = weight.replace("raster:", "");
  const options = { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  ftz.show(place, ftz.views.busy());
  try {
    const report = await ftz.ask("/api/v1/downscale", options);
    ftz.show(place, ...ftz.basis(report.basis),
      ftz.el("p", { class: "notice demonstration" }, ftz.ui("estimate_note")),
      ftz.el("p", {}, ftz.ui("downscale_done", { total: `${ftz.number(report.total, 2)} ${ftz.unit(report.value_unit)}`, count: report.parts.length, sum: ftz.number(report.total_of_parts, 2), pct: ftz.number(report.covered_pct, 1) })),
      ftz.views.downloads(ftz.views.save("/api/v1/downscale", options, "csv"), ftz.views.save("/api/v1/downscale", options, "xlsx")));
    ftz.scenario.draw(report);
  } catch (problem) {
    ftz.views.remove("scenario");
    ftz.show(place, ftz.problem(problem));
  }
};

ftz.scenario.draw = function (report) {
  const parts = new Map(report.parts.map((part) => [part.id, part]));
  const all = ftz.config.styles.choropleth.classes, { method, edges } = report.breaks;
  const count = method === "each_value" ? edges.length : edges.length - 1;
  const classAt = (value) => method === "each_value" ? Math.max(0, edges.indexOf(value)) : Math.max(0, edges.slice(1).findIndex((edge) => value <= edge));
  const tone = (at) => all[count === 1 ? 2 : Math.round(at * (all.length - 1) / (count - 1))];
  const unit = ftz.unit(report.density_unit), stroke = ftz.config.styles.choropleth.stroke;
  const group = L.geoJSON(report.features, {
    pane: "density", pmIgnore: true,
    style: (feature) => {
      const part = parts.get(feature.id);
      return { pane: "density", pmIgnore: true, color: stroke, weight: 0.4, dashArray: "2 2", fillColor: part.value > 0 ? tone(classAt(part.density)) : "url(#pattern-none-known)", fillOpacity: part.value > 0 ? 0.85 : 0.5 };
    },
    onEachFeature: (feature, shape) => shape.bindTooltip(() => {
      const part = parts.get(feature.id);
      return ftz.el("div", { class: "tip" }, ftz.el("strong", {}, `${ftz.ui("estimate")}: ${ftz.number(part.value, 3)} ${ftz.unit(report.value_unit)}`), ftz.el("span", {}, `${ftz.density.figure(part.density)} ${unit} · ${ftz.number(part.area_km2, 3)} km²`));
    }, { sticky: true, className: "plain" }),
  });
  const label = (at) => method === "each_value" ? ftz.density.figure(edges[at]) : `${ftz.density.figure(edges[at])} – ${ftz.density.figure(edges[at + 1])}`;
  const key = (fill, text) => ftz.el("li", {}, ftz.svg("svg", { class: "swatch", width: 22, height: 14, "aria-hidden": "true" }, ftz.svg("rect", { x: 1, y: 1, width: 20, height: 12, fill, stroke })), text);
  ftz.views.put("scenario", group, [
    ftz.el("strong", {}, `${ftz.named(report.name)} ${report.year} · ${ftz.ui("estimate")}`),
    ftz.el("p", {}, unit),
    ftz.el("ul", {}, Array.from({ length: count }, (_, at) => key(tone(at), label(at))), report.parts.some((part) => !(part.value > 0)) ? key("url(#pattern-none-known)", "0") : null),
    ftz.el("p", { class: "quiet" }, ftz.ui(`breaks_${method}`)),
    ftz.el("p", { class: "quiet" }, ftz.ui("downscale_by", { onto: report.onto, weights: ftz.scenario.weightName(report.weights) })),
    ftz.el("p", { class: "quiet" }, `${ftz.ui("source")}: ${report.source}`),
  ]);
};

ftz.scenario.weights = [];
ftz.scenario.weightName = (id) => (ftz.scenario.weights.find(([value]) => value.replace("raster:", "") === id) || [null, id === "area" ? ftz.ui("weights_area") : id])[1];

ftz.views.begin.scenario = async function () {
  await ftz.density.ready;
  if (!ftz.density.indicators || !ftz.density.indicators.length) return;
  ftz.scenario.cases = [
    { name: ftz.ui("scenario_case_keep"), added_km2: 10, by: "kept", density: null, by_year: null },
    { name: ftz.ui("scenario_case_plan"), added_km2: 0, by: "plan", density: null, by_year: 2025 },
    { name: ftz.ui("scenario_case_both"), added_km2: 10, by: "plan", density: null, by_year: 2025 },
  ];
  ftz.scenario.editor();
  const preferred = ftz.density.indicators.find((one) => one.id === "trade") || ftz.density.indicators[0];
  ftz.views.options(ftz.byId("scenario-indicator"), ftz.density.indicators.map((one) => [one.id, ftz.named(one.name)]), preferred.id);
  const rasters = ((await ftz.ask("/api/v1/rasters").catch(() => ({ rasters: [] }))).rasters || []).filter((one) => one.kind === "land_cover");
  ftz.scenario.weights = [["", ftz.ui("weights_area")], ["county_impervious", ftz.ui("weights_impervious")],
    ...(await ftz.views.layersOf(["urban_development_boundary"])).map((one) => [one.id, ftz.named(one.title)]),
    ...(rasters.length ? [["raster:land_cover", ftz.ui("weights_land_cover")]] : [])];
  ftz.views.options(ftz.byId("downscale-weights"), ftz.scenario.weights);
  ftz.views.options(ftz.byId("downscale-onto"), [...[2000, 1000, 500].map((side) => [`grid:${side}`, ftz.ui("downscale_grid", { side })]), ...(await ftz.views.layersOf(["parcel"])).map((one) => [one.id, ftz.named(one.title)])], "grid:1000");
  await ftz.scenario.fill("indicator");
};

ftz.parts.push(function scenarioBegin() {
  if (ftz.config.embedded) return;
  ["indicator", "year", "denominator"].forEach((name) => ftz.byId(`scenario-${name}`).addEventListener("change", () => ftz.scenario.fill(name)));
  ftz.byId("scenario-unit").addEventListener("change", ftz.scenario.run);
  ftz.byId("scenario-run").addEventListener("click", ftz.scenario.run);
  ftz.byId("scenario-add").addEventListener("click", () => {
    ftz.scenario.cases.push({ name: ftz.ui("scenario_case_new", { number: ftz.scenario.cases.length + 1 }), added_km2: 5, by: "kept", density: null, by_year: null });
    ftz.scenario.editor();
  });
  ftz.byId("downscale-run").addEventListener("click", ftz.scenario.downscale);
});
