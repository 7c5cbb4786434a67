/* Land economic density: choose, map, legend, table. */
"use strict";

ftz.density = { table: null, drawn: null, rows: new Map(), turn: 0 };
/* Other views wait for the indicators, whichever part begins first. */
ftz.density.ready = new Promise((resolve) => { ftz.density.begun = resolve; });

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
  await ftz.density.draw(turn);
  await ftz.density.years(query, turn);
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
    ftz.density.agreement(table),
    first.value_note === "target" ? ftz.el("p", { class: "notice" }, ftz.ui("target_note")) : null,
    ftz.el("p", { class: "source" }, `${ftz.ui("source")}: ${[...new Set(known.map((row) => row.source))].join("; ")}`),
    ftz.el("p", { class: "source" }, `${ftz.ui("area_source")}: ${[...new Set(known.map((row) => row.area_source))].join("; ")}`),
    ftz.el("p", { class: "source" }, `${ftz.ui("quality")}: ${[...new Set(known.map((row) => ftz.text("qualities", row.quality)))].join("; ")}`),
    ftz.config.embedded ? null : ftz.views.downloads(...["xlsx", "csv", "pdf"].map((form) =>
      ftz.views.link(`/api/v1/density?${new URLSearchParams({ indicator: table.indicator, year: table.year, denominator: table.denominator })}`, form))),
    ftz.config.embedded ? null : ftz.el("p", { class: "after" }, ftz.el("span", { class: "quiet" }, ftz.ui("unit_sheets")),
      table.rows.filter((row) => row.density !== null || row.level === "district").map((row) => ftz.el("a", { href: `/api/v1/units/${encodeURIComponent(row.unit_id)}?format=pdf&lang=${ftz.config.lang}`, download: true, class: "sheet-link" }, ftz.named(row.name)))),
  ].flat().filter(Boolean);
};

/* Whether the zone is the sum of its districts, and boundaries are what was published. */
ftz.density.agreement = function (table) {
  const lines = [], total = table.reconciliation;
  if (total) {
    const names = new Map(table.rows.map((row) => [row.unit_id, ftz.named(row.name)]));
    const facts = { total: ftz.number(total.total, 2), parts: ftz.number(total.parts_sum, 2), pct: ftz.number(total.difference_pct, 2), missing: total.missing.map((one) => names.get(one) || one) };
    const key = total.missing.length ? "sum_open" : total.warned ? "sum_differs" : "sum_agrees";
    lines.push(ftz.el("p", { class: key === "sum_differs" ? "notice indicative" : "source" }, ftz.ui(key, facts)));
  }
  table.area_checks.filter((one) => one.warned).forEach((one) => lines.push(ftz.el("p", { class: "notice indicative" },
    ftz.ui("area_differs", { name: ftz.named(one.name), drawn: ftz.number(one.measured_km2, 2), published: ftz.number(one.published_km2, 2), pct: ftz.number(one.difference_pct, 2) }))));
  return lines;
};

/* The years of an indicator: a line for each unit, and a small map of each year in one scale. */
ftz.density.years = async function (query, turn) {
  /* An answer that comes late must not sweep away a newer one. */
  if (turn !== ftz.density.turn) return;
  const place = ftz.byId("density-series");
  ftz.show(place);
  const found = await ftz.data.densityYears(query).catch(() => null);
  if (!found || turn !== ftz.density.turn || found.tables.length < 2) return;
  const series = new Map();
  found.tables.forEach((table) => table.rows.filter((row) => row.density !== null).forEach((row) => {
    if (!series.has(row.unit_id)) series.set(row.unit_id, { name: ftz.named(row.name), points: [] });
    series.get(row.unit_id).points.push([table.year, row.density]);
  }));
  const lines = [...series.values()].slice(0, 5).map((one, at) => ({ ...one, kind: `series-${at}` }));
  const unit = ftz.unit(found.tables[0].unit), maps = await ftz.density.multiples(found);
  if (turn !== ftz.density.turn) return;
  ftz.show(place, ...[ftz.el("h2", {}, ftz.ui("over_years", { unit })),
    ftz.charts.lines(ftz.ui("over_years", { unit }), lines),
    ftz.el("ul", { class: "chart-key" }, lines.map((one) => ftz.el("li", {}, ftz.charts.swatch(one.kind), one.name))),
    found.tables.some((table) => table.rows.some((row) => row.value_note === "target")) ? ftz.el("p", { class: "source" }, ftz.ui("target_year_note")) : null,
    maps].filter(Boolean));
};

ftz.density.multiples = async function (found) {
  const layers = new Map();
  for (const id of new Set(found.tables.flatMap((table) => table.rows.map((row) => row.layer)).filter(Boolean))) {
    const collection = await ftz.data.features(id).catch(() => ({ features: [] }));
    collection.features.forEach((feature) => layers.set(feature.id, feature));
  }
  const shown = found.tables.map((table) => [table, table.rows.filter((row) => row.layer && row.density !== null && layers.has(row.unit_id))]).filter(([, rows]) => rows.length);
  if (!shown.length) return null;
  const middles = (row) => ftz.layers.middles(layers.get(row.unit_id));
  const points = shown.flatMap(([, rows]) => rows.flatMap(middles));
  const bounds = L.latLngBounds(points).pad(0.2);
  const width = 150, height = 84, west = bounds.getWest(), north = bounds.getNorth();
  const scale = Math.min((width - 24) / (bounds.getEast() - west || 1), (height - 24) / (north - bounds.getSouth() || 1));
  const { edges, method } = found.breaks, all = ftz.config.styles.choropleth.classes;
  const classAt = (value) => method === "each_value" ? edges.indexOf(value) : Math.max(0, edges.slice(1).findIndex((edge) => value <= edge));
  const count = method === "each_value" ? edges.length : edges.length - 1;
  const colour = (value) => all[count === 1 ? 2 : Math.round(classAt(value) * (all.length - 1) / (count - 1))];
  return ftz.el("div", { class: "multiples", role: "group", "aria-label": ftz.ui("multiples") }, shown.map(([table, rows]) => ftz.el("figure", {},
    ftz.svg("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": `${ftz.named(table.name)} ${table.year}` },
      ...rows.flatMap((row) => middles(row).map((at) => ftz.svg("circle", { cx: 12 + (at.lng - west) * scale, cy: 12 + (north - at.lat) * scale, r: 8, fill: colour(row.density), stroke: ftz.config.styles.choropleth.stroke },
        ftz.svg("title", {}, `${ftz.named(row.name)}: ${ftz.density.figure(row.density)} ${ftz.unit(table.unit)}`))))),
    ftz.el("figcaption", {}, ftz.el("b", {}, `${table.year}${rows[0].value_note === "target" ? ` ${ftz.text("periods", "target")}` : ""}`), ` ${rows.map((row) => ftz.density.figure(row.density)).slice(0, 3).join(" / ")}`))));
};

ftz.density.draw = async function (turn) {
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
  if (turn !== ftz.density.turn) return;
  ftz.density.drawn = group;
  ftz.views.put("density", group, ftz.density.legend(colours, drawn));
};

ftz.density.legend = function (colours, drawn) {
  const table = ftz.density.table, { method, edges } = table.breaks;
  const label = (at) => method === "each_value" ? ftz.density.figure(edges[at]) : `${ftz.density.figure(edges[at])} – ${ftz.density.figure(edges[at + 1])}`;
  const key = (fill, text) => ftz.el("li", {},
    ftz.svg("svg", { class: "swatch", width: 22, height: 14, "aria-hidden": "true" }, ftz.svg("rect", { x: 1, y: 1, width: 20, height: 12, fill, stroke: ftz.config.styles.choropleth.stroke })), text);
  const items = colours.map((colour, at) => key(colour, label(at)));
  if (drawn.some((row) => row.density === null)) items.push(key("url(#pattern-none-known)", ftz.ui("no_data")));
  const known = table.rows.filter((row) => row.density !== null);
  const sources = [...new Set(known.flatMap((row) => [row.source, row.area_source]))].join("; ");
  return [
    ftz.el("strong", {}, `${ftz.named(table.name)} ${table.year}`),
    ftz.el("p", {}, `${ftz.unit(table.unit)} · ${ftz.text("denominators", table.denominator)}`),
    ftz.el("ul", {}, items),
    ftz.el("p", { class: "quiet" }, ftz.ui(`breaks_${method}`)),
    ftz.el("p", { class: "quiet" }, `${ftz.ui("source")}: ${sources}`),
  ];
};

ftz.density.clear = function () {
  ftz.views.remove("density");
  ftz.density.drawn = null;
};
ftz.density.mark = function (unitId) {
  if (!ftz.density.drawn) return;
  ftz.density.drawn.eachLayer((shape) => shape.setStyle({ weight: shape.unitId === unitId ? 4 : 1.6 }));
};
ftz.density.highlight = function (unitId, on) {
  const row = ftz.density.rows.get(unitId);
  if (row) row.classList.toggle("marked", on);
};

/* After an import the lists are asked for again; what was chosen stays. */
ftz.density.refresh = async function () {
  const chosen = ftz.byId("density-indicator").value;
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
  const wanted = chosen || "trade";
  const preferred = ftz.density.indicators.find((one) => one.id === wanted) || ftz.density.indicators[0];
  ftz.density.fill(ftz.byId("density-indicator"), "indicator",
    ftz.density.indicators.map((one) => [one.id, ftz.ui("name_with_unit", { name: ftz.named(one.name), unit: ftz.unit(one.unit) })]), preferred.id);
  ftz.density.choose("indicator");
};

ftz.parts.push(function densityBegin() {
  ftz.map.createPane("density").style.zIndex = 455;
  ["indicator", "year", "denominator"].forEach((name) =>
    ftz.byId(`density-${name}`).addEventListener("change", () => ftz.density.choose(name)));
  ftz.density.refresh().finally(ftz.density.begun);
});
