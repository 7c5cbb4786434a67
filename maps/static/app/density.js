/* Land economic density: choose, map, legend, table. */
"use strict";

ftz.density = { table: null, drawn: null, rows: new Map(), turn: 0 };

ftz.density.classOf = function (value) {
  const { method, edges } = ftz.density.table.breaks;
  if (method === "each_value") return edges.indexOf(value);
  return Math.max(0, edges.slice(1).findIndex((edge) => value <= edge));
};
ftz.density.colours = function () {
  const all = ftz.config.styles.choropleth.classes;
  const { method, edges } = ftz.density.table.breaks;
  const count = method === "each_value" ? edges.length : edges.length - 1;
  return Array.from({ length: count }, (_, at) => all[count === 1 ? 2 : Math.round(at * (all.length - 1) / (count - 1))]);
};

ftz.density.figure = (value) => ftz.number(value, Math.abs(value) < 1 ? 4 : 2);

ftz.density.fill = function (element, name, options, chosen) {
  ftz.show(element, options.map(([value, text]) => ftz.el("option", { value, selected: String(value) === String(chosen) }, text)));
};

ftz.density.choose = function (changed) {
  const chosen = Object.fromEntries(["indicator", "year", "denominator"].map((name) => [name, ftz.byId(`density-${name}`).value]));
  const indicator = ftz.density.indicators.find((one) => one.id === chosen.indicator) || ftz.density.indicators[0];
  if (changed === "indicator" || !chosen.year) {
    ftz.density.fill(ftz.byId("density-year"), "year", indicator.years.map((one) => [one.year, one.year]), chosen.year);
  }
  const year = indicator.years.find((one) => String(one.year) === ftz.byId("density-year").value) || indicator.years[0];
  const before = chosen.denominator;
  ftz.density.fill(ftz.byId("density-denominator"), "denominator",
    year.denominators.map((one) => [one, ftz.text("denominators", one)]), before);
  ftz.density.load({ indicator: indicator.id, year: year.year, denominator: ftz.byId("density-denominator").value });
};

ftz.density.load = async function (query) {
  const place = ftz.byId("density-result"), turn = ftz.density.turn += 1;
  try {
    const table = await ftz.data.density(query);
    if (turn !== ftz.density.turn) return;
    ftz.density.table = table;
  } catch (problem) {
    if (turn !== ftz.density.turn) return;
    ftz.density.clear();
    ftz.show(place, ftz.problem(problem));
    return;
  }
  ftz.show(place, ftz.density.report());
  await ftz.density.draw();
};

ftz.density.report = function () {
  const table = ftz.density.table;
  const rows = table.rows.map((row) => {
    const line = ftz.el("tr", { tabindex: "0", onmouseenter: () => ftz.density.mark(row.unit_id), onmouseleave: () => ftz.density.mark(null), onfocus: () => ftz.density.mark(row.unit_id), onblur: () => ftz.density.mark(null) },
      ftz.el("th", { scope: "row" }, ftz.named(row.name)),
      row.density === null
        ? ftz.el("td", { class: "number quiet", colspan: row.value === null ? 2 : 1 }, ftz.text("reasons", row.reason))
        : ftz.el("td", { class: "number" }, `${row.value_relation === "=" ? "" : row.value_relation + " "}${ftz.density.figure(row.density)}`),
      row.density === null && row.value === null ? null : ftz.el("td", { class: "number" }, ftz.number(row.value, 2)),
      ftz.el("td", { class: "number" }, ftz.number(row.area_km2, 2)));
    ftz.density.rows.set(row.unit_id, line);
    return line;
  });
  const known = table.rows.filter((row) => row.density !== null);
  const first = known[0];
  return [
    ...ftz.basis(table.basis),
    known.length === 1 ? ftz.el("div", { class: "figure" }, ftz.el("b", {}, ftz.density.figure(first.density)),
      ftz.el("span", {}, ftz.unit(table.unit)), ftz.el("p", {}, `${ftz.named(first.name)} · ${table.year} · ${ftz.text("denominators", table.denominator)}`)) : null,
    ftz.table(ftz.named(table.name), [{ text: ftz.ui("unit_name") }, { text: ftz.ui("name_with_unit", { name: ftz.ui("density"), unit: ftz.unit(table.unit) }), number: true }, { text: ftz.ui("name_with_unit", { name: ftz.named(table.name), unit: ftz.unit(first.value_unit) }), number: true }, { text: ftz.ui("area_km2"), number: true }], rows),
    known.some((row) => row.layer) ? null : ftz.el("p", { class: "quiet" }, ftz.ui("not_on_map")),
    first.value_note === "target" ? ftz.el("p", { class: "notice" }, ftz.ui("target_note")) : null,
    ftz.el("p", { class: "source" }, `${ftz.ui("source")}: ${[...new Set(known.map((row) => row.source))].join("; ")}`),
    ftz.el("p", { class: "source" }, `${ftz.ui("area_source")}: ${[...new Set(known.map((row) => row.area_source))].join("; ")}`),
    ftz.el("p", { class: "source" }, `${ftz.ui("quality")}: ${[...new Set(known.map((row) => ftz.text("qualities", row.quality)))].join("; ")}`),
  ].filter(Boolean);
};

ftz.density.draw = async function () {
  ftz.density.clear();
  const table = ftz.density.table, colours = ftz.density.colours();
  const rows = table.rows.filter((row) => row.layer);
  const withDensity = rows.filter((row) => row.density !== null);
  /* The zone and its districts cover the same ground: only those are drawn that say something. */
  const zoneSpeaks = withDensity.some((row) => row.level === "zone");
  const drawn = rows.filter((row) => !(zoneSpeaks && row.level === "district" && row.density === null));
  const group = L.featureGroup([], { pmIgnore: true });
  const look = (row) => ({ color: ftz.config.styles.choropleth.stroke, weight: 1.6, pane: "density", pmIgnore: true,
    fillColor: row.density === null ? "url(#pattern-none-known)" : colours[ftz.density.classOf(row.density)],
    fillOpacity: row.density === null ? 1 : 0.85 });
  const join = (shape, row) => {
    shape.unitId = row.unit_id;
    shape.bindTooltip(() => ftz.el("div", { class: "tip" }, ftz.el("strong", {}, ftz.named(row.name)),
      ftz.el("span", {}, row.density === null ? ftz.text("reasons", row.reason) : `${ftz.density.figure(row.density)} ${ftz.unit(table.unit)}`)), { sticky: true, className: "plain" });
    shape.on("mouseover", () => ftz.density.highlight(row.unit_id, true));
    shape.on("mouseout", () => ftz.density.highlight(row.unit_id, false));
    group.addLayer(shape);
  };
  for (const id of new Set(drawn.map((row) => row.layer))) {
    const collection = await ftz.data.features(id);
    const byId = new Map(drawn.filter((row) => row.layer === id).map((row) => [row.unit_id, row]));
    L.geoJSON({ type: "FeatureCollection", features: collection.features.filter((one) => byId.has(one.id)) }, {
      pane: "density", pmIgnore: true,
      style: (feature) => look(byId.get(feature.id)),
      onEachFeature: (feature, shape) => {
        const row = byId.get(feature.id);
        join(shape, row);
        if (row.level !== "county") ftz.layers.middles(feature).forEach((at) => join(ftz.layers.dot(at, look(row)), row));
      },
    });
  }
  ftz.density.drawn = group;
  ftz.density.legend(colours, drawn);
  ftz.density.visible(ftz.state.tab === "density");
};

ftz.density.legend = function (colours, drawn) {
  const table = ftz.density.table, { method, edges } = table.breaks;
  const label = (at) => method === "each_value" ? ftz.density.figure(edges[at]) : `${ftz.density.figure(edges[at])} – ${ftz.density.figure(edges[at + 1])}`;
  const key = (fill, text) => ftz.el("li", {},
    ftz.svg("svg", { class: "swatch", width: 22, height: 14, "aria-hidden": "true" }, ftz.svg("rect", { x: 1, y: 1, width: 20, height: 12, fill, stroke: ftz.config.styles.choropleth.stroke })), text);
  const items = colours.map((colour, at) => key(colour, label(at)));
  if (drawn.some((row) => row.density === null)) items.push(key("url(#pattern-none-known)", ftz.ui("no_data")));
  ftz.show(ftz.byId("legend"),
    ftz.el("strong", {}, `${ftz.named(table.name)} ${table.year}`),
    ftz.el("p", {}, `${ftz.unit(table.unit)} · ${ftz.text("denominators", table.denominator)}`),
    ftz.el("ul", {}, items),
    ftz.el("p", { class: "quiet" }, ftz.ui(`breaks_${method}`)));
};

ftz.density.visible = function (on) {
  if (!ftz.density.drawn) return;
  ftz.byId("legend").hidden = !on;
  ftz.map.getContainer().classList.toggle("reading-density", on);
  if (on) ftz.density.drawn.addTo(ftz.map); else ftz.density.drawn.remove();
};
ftz.tabs.watchers.density = ftz.density.visible;
ftz.density.clear = function () {
  if (ftz.density.drawn) ftz.density.drawn.remove();
  ftz.density.drawn = null;
  ftz.byId("legend").hidden = true;
};
ftz.density.mark = function (unitId) {
  if (!ftz.density.drawn) return;
  ftz.density.drawn.eachLayer((shape) => shape.setStyle({ weight: shape.unitId === unitId ? 4 : 1.6 }));
};
ftz.density.highlight = function (unitId, on) {
  const row = ftz.density.rows.get(unitId);
  if (row) row.classList.toggle("marked", on);
};

ftz.parts.push(async function densityBegin() {
  ftz.map.createPane("density").style.zIndex = 455;
  try {
    ftz.density.indicators = (await ftz.data.indicators()).indicators;
  } catch (problem) {
    ftz.show(ftz.byId("density-result"), ftz.problem(problem));
    return;
  }
  if (!ftz.density.indicators.length) {
    ftz.show(ftz.byId("density-result"), ftz.el("p", { class: "quiet" }, ftz.ui("no_indicators")));
    return;
  }
  const preferred = ftz.density.indicators.find((one) => one.id === "trade") || ftz.density.indicators[0];
  ftz.density.fill(ftz.byId("density-indicator"), "indicator",
    ftz.density.indicators.map((one) => [one.id, ftz.ui("name_with_unit", { name: ftz.named(one.name), unit: ftz.unit(one.unit) })]), preferred.id);
  ["indicator", "year", "denominator"].forEach((name) =>
    ftz.byId(`density-${name}`).addEventListener("change", () => ftz.density.choose(name)));
  ftz.density.choose("indicator");
});
