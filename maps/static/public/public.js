/* A published map: layers, density, story, tables. Everything is in the page; nothing is asked for. */
"use strict";

ftz.public = { drawn: new Map(), shown: new Set(), table: null };

ftz.public.style = (kind) => ftz.config.styles.kinds[kind] || ftz.config.styles.fallback;

ftz.public.path = function (kind) {
  const style = ftz.public.style(kind);
  const fills = { hatch: "url(#pattern-hatch)", dots: "url(#pattern-dots)", none: style.fill };
  return {
    color: style.stroke, weight: style.weight, dashArray: style.dash || null,
    fill: Boolean(style.fill), fillColor: fills[style.pattern], fillOpacity: style.fill_opacity,
  };
};

ftz.public.name = (feature) => {
  const own = feature.properties;
  return own[`name_${ftz.config.lang}`] || own.name_zh || own.name || "";
};

ftz.public.pane = function (kind) {
  const { order } = ftz.public.style(kind), name = `order-${order}`;
  if (!ftz.map.getPane(name)) ftz.map.createPane(name).style.zIndex = 400 + order;
  return name;
};

ftz.public.tip = (layer, feature, more) => ftz.el("div", { class: "tip" },
  ftz.el("strong", {}, ftz.public.name(feature) || ftz.named(layer.title)),
  ftz.el("span", {}, ftz.named(layer.title)),
  more ? ftz.el("span", {}, more) : null);

ftz.public.draw = function (layer) {
  const options = { ...ftz.public.path(layer.kind), pane: ftz.public.pane(layer.kind) };
  const quiet = ftz.public.style(layer.kind).quiet;
  return L.geoJSON(layer.features, {
    style: () => options, pane: options.pane, interactive: !quiet,
    pointToLayer: (feature, at) => L.circleMarker(at, { ...options, radius: 6 }),
    onEachFeature: (feature, shape) => { if (!quiet) shape.bindTooltip(() => ftz.public.tip(layer, feature), { sticky: true }); },
  });
};

/* Names that stand on the map: those of districts and linkage zones. */
ftz.public.labels = function (layer) {
  if (ftz.public.style(layer.kind).names !== "always") return L.layerGroup();
  return L.layerGroup(layer.features.features.map((feature) => L.marker(L.geoJSON(feature).getBounds().getCenter(), {
    interactive: false, keyboard: false, pane: "labels",
    icon: L.divIcon({ className: "label", html: ftz.el("span", {}, ftz.public.name(feature)), iconSize: null }),
  })));
};

ftz.public.show = function (layer, on) {
  const drawn = ftz.public.drawn.get(layer.id);
  if (on) { drawn.addTo(ftz.map); ftz.public.shown.add(layer.id); }
  else { drawn.remove(); ftz.public.shown.delete(layer.id); }
};

ftz.public.swatch = function (kind) {
  const options = ftz.public.path(kind);
  return ftz.svg("svg", { class: "swatch", width: 26, height: 16, "aria-hidden": "true" }, ftz.svg("rect", {
    x: 2, y: 2, width: 22, height: 12, rx: 2, stroke: options.color, "stroke-width": Math.min(options.weight, 2),
    fill: options.fill ? options.fillColor : "none", "fill-opacity": options.fillOpacity,
    "stroke-dasharray": options.dashArray ? "4 2" : "none" }));
};

ftz.public.legend = function () {
  const { layers } = ftz.config.publication;
  const order = (layer) => -ftz.public.style(layer.kind).order;
  ftz.show(ftz.byId("legend-list"), [...layers].sort((a, b) => order(a) - order(b)).map((layer) => {
    const box = ftz.el("input", { type: "checkbox", id: `show-${layer.id}`, checked: ftz.public.shown.has(layer.id),
      onchange: () => ftz.public.show(layer, box.checked) });
    return ftz.el("li", {}, ftz.el("label", { for: box.id }, box, ftz.public.swatch(layer.kind), ftz.el("span", {}, ftz.named(layer.title))),
      ["demonstration", "indicative"].includes(layer.status) ? ftz.badge("statuses", layer.status) : null);
  }));
};

/* Density: one table at a time, coloured by its printed classes. */
ftz.public.classOf = function (table, value) {
  const { method, edges } = table.breaks;
  if (method === "each_value") return edges.indexOf(value);
  return Math.max(0, edges.slice(1).findIndex((edge) => value <= edge));
};
ftz.public.colours = function (table) {
  const all = ftz.config.styles.choropleth.classes, { method, edges } = table.breaks;
  const count = method === "each_value" ? edges.length : edges.length - 1;
  return Array.from({ length: count }, (_, at) => all[count === 1 ? 2 : Math.round(at * (all.length - 1) / (count - 1))]);
};
ftz.public.figure = (value) => ftz.number(value, Math.abs(value) < 1 ? 4 : 2);

ftz.public.density = function (table) {
  if (ftz.public.table) ftz.public.table.remove();
  ftz.public.table = null;
  ftz.byId("density-legend").hidden = !table;
  if (!table) return;
  const colours = ftz.public.colours(table), rows = new Map(table.rows.map((row) => [row.unit_id, row]));
  const group = L.layerGroup();
  ftz.config.publication.layers.forEach((layer) => L.geoJSON(layer.features, {
    pane: "density",
    filter: (feature) => rows.has(feature.properties.unit) && rows.get(feature.properties.unit).density !== null,
    style: (feature) => ({ color: ftz.config.styles.choropleth.stroke, weight: 1.6, fillOpacity: 0.85, fillColor: colours[ftz.public.classOf(table, rows.get(feature.properties.unit).density)] }),
    pointToLayer: (feature, at) => L.circleMarker(at, { radius: 9, pane: "density" }),
    onEachFeature: (feature, shape) => shape.bindTooltip(() => ftz.public.tip(layer, feature,
      `${ftz.public.figure(rows.get(feature.properties.unit).density)} ${ftz.unit(table.unit)}`), { sticky: true }),
  }).addTo(group));
  ftz.public.table = group.addTo(ftz.map);
  const label = (at) => table.breaks.method === "each_value" ? ftz.public.figure(table.breaks.edges[at])
    : `${ftz.public.figure(table.breaks.edges[at])} – ${ftz.public.figure(table.breaks.edges[at + 1])}`;
  ftz.show(ftz.byId("density-legend"),
    ftz.el("strong", {}, `${ftz.named(table.name)} ${table.year}`),
    ftz.el("p", {}, `${ftz.unit(table.unit)} · ${ftz.text("denominators", table.denominator)}`),
    ftz.el("ul", {}, colours.map((fill, at) => ftz.el("li", {}, ftz.svg("svg", { class: "swatch", width: 22, height: 14, "aria-hidden": "true" },
      ftz.svg("rect", { x: 1, y: 1, width: 20, height: 12, fill, stroke: ftz.config.styles.choropleth.stroke })), label(at)))),
    ftz.el("p", { class: "quiet" }, `${ftz.ui("source")}: ${[...new Set(table.rows.filter((row) => row.density !== null).map((row) => row.source))].join("; ")}`));
};

/* Every map has its twin as a table. */
ftz.public.tables = function () {
  const { layers, densities } = ftz.config.publication;
  const cell = (text, number) => ftz.el("td", { class: number ? "number" : "" }, text);
  const twins = densities.map((table) => ftz.el("section", {},
    ftz.el("h3", {}, `${ftz.named(table.name)} ${table.year} · ${ftz.text("denominators", table.denominator)}`),
    ftz.table(ftz.named(table.name), [{ text: ftz.ui("unit_name") }, { text: ftz.unit(table.unit), number: true }, { text: ftz.ui("area_km2"), number: true }, { text: ftz.ui("source") }],
      table.rows.filter((row) => row.density !== null).map((row) => ftz.el("tr", {}, ftz.el("th", { scope: "row" }, ftz.named(row.name)),
        cell(`${row.value_relation === "=" ? "" : row.value_relation + " "}${ftz.public.figure(row.density)}`, true), cell(ftz.number(row.area_km2, 2), true), cell(row.source))))));
  const facts = ftz.el("section", {}, ftz.el("h3", {}, ftz.ui("layers")),
    ftz.table(ftz.ui("layers"), [{ text: ftz.ui("layer") }, { text: ftz.ui("status") }, { text: ftz.ui("features"), number: true }, { text: ftz.ui("generalised"), number: true }, { text: ftz.ui("source") }],
      layers.map((layer) => ftz.el("tr", {}, ftz.el("th", { scope: "row" }, ftz.named(layer.title)), cell(ftz.text("statuses", layer.status)),
        cell(ftz.number(layer.features.features.length, 0), true),
        cell(layer.displacement_m ? ftz.ui("metres", { m: ftz.number(layer.displacement_m, 0) }) : ftz.ui("not_generalised"), true), cell(layer.source)))));
  ftz.show(ftz.byId("tables"), [...twins, facts]);
};

ftz.public.go = function ([west, south, east, north]) {
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  ftz.map.fitBounds([[south, west], [north, east]], { animate: !still, padding: [20, 20] });
};

/* Buttons that go to the whole map and to each district. */
ftz.public.places = function () {
  const { layers, bounds_lonlat } = ftz.config.publication;
  const button = (text, look) => ftz.el("button", { type: "button", class: "button", onclick: look }, text);
  const box = (feature) => { const b = L.geoJSON(feature).getBounds(); return [b.getWest(), b.getSouth(), b.getEast(), b.getNorth()]; };
  const districts = layers.filter((layer) => layer.kind === "district").flatMap((layer) => layer.features.features);
  ftz.show(ftz.byId("places"), button(ftz.ui("whole"), () => ftz.public.go(bounds_lonlat)),
    districts.map((feature) => button(ftz.public.name(feature), () => ftz.public.go(box(feature)))));
};

/* The story: a step shows its layers and its place. */
ftz.public.story = function () {
  const { story, layers, densities } = ftz.config.publication;
  const steps = story.map((step, at) => {
    const look = () => {
      steps.forEach((one) => one.removeAttribute("aria-current"));
      steps[at].setAttribute("aria-current", "step");
      if (step.layers.length) layers.forEach((layer) => ftz.public.show(layer, step.layers.includes(layer.id)));
      ftz.public.density(step.density === null ? null : densities[step.density]);
      if (step.bounds_lonlat) ftz.public.go(step.bounds_lonlat);
      ftz.public.legend();
    };
    return ftz.el("li", { class: "step" }, ftz.el("h3", {}, `${at + 1}. ${ftz.named(step.heading)}`), ftz.el("p", {}, ftz.named(step.text)),
      ftz.el("button", { type: "button", class: "button", onclick: look }, ftz.ui("show_on_map")));
  });
  ftz.byId("story").hidden = !steps.length;
  ftz.show(ftz.byId("story-list"), steps);
};

ftz.public.words = function () {
  const { publication } = ftz.config;
  document.title = ftz.named(publication.title);
  const say = (id, text) => { ftz.byId(id).textContent = text; };
  say("title", ftz.named(publication.title));
  say("maker", ftz.ui("maker", { maker: ftz.named(publication.maker) }));
  say("data-date", ftz.ui("data_date", { date: publication.data_date }));
  say("crs", ftz.ui("crs", { crs: publication.crs }));
  say("disclaimer", ftz.named(publication.disclaimer));
  say("review", publication.review_number ? ftz.ui("review_number", { number: publication.review_number }) : ftz.ui("no_review_number"));
  ftz.byId("draft").hidden = !publication.draft;
  const doubtful = [...new Set(publication.layers.map((layer) => layer.status))].filter((status) => ["demonstration", "indicative"].includes(status));
  ftz.show(ftz.byId("marks"), doubtful.map((status) => ftz.el("p", { class: `notice ${status}` }, ftz.text("basis", status))));
  const choice = ftz.byId("density-choice"), { densities } = publication;
  ftz.byId("density").hidden = !densities.length;
  const chosen = choice.value;
  ftz.show(choice, ftz.el("option", { value: "" }, ftz.ui("no_density")), densities.map((table, at) => ftz.el("option", { value: at, selected: String(at) === chosen },
    `${ftz.named(table.name)} ${table.year} (${ftz.text("denominators", table.denominator)})`)));
  ftz.public.labelled.forEach((group) => group.remove());
  ftz.public.labelled = publication.layers.map((layer) => ftz.public.labels(layer).addTo(ftz.map));
  ftz.public.places();
  ftz.public.legend();
  ftz.public.story();
  ftz.public.tables();
};
ftz.public.labelled = [];

ftz.parts.push(function publicBegin() {
  const { map, config } = ftz, { publication } = config;
  map.attributionControl.remove();
  L.control.zoom({ position: "topright" }).addTo(map);
  L.control.scale({ position: "bottomright", imperial: false }).addTo(map);
  map.createPane("density").style.zIndex = 450;
  map.createPane("labels").style.zIndex = 620;
  map.getPane("labels").setAttribute("aria-hidden", "true");
  publication.layers.forEach((layer) => { ftz.public.drawn.set(layer.id, ftz.public.draw(layer)); ftz.public.show(layer, true); });
  ftz.public.words();
  const choice = ftz.byId("density-choice");
  const choose = () => ftz.public.density(choice.value === "" ? null : publication.densities[Number(choice.value)]);
  choice.addEventListener("change", choose);
  if (publication.densities.length) { choice.value = "0"; choose(); }
  ftz.byId("lang").addEventListener("click", () => {
    ftz.relabel(ftz.ui("other_lang"));
    ftz.public.words();
    choose();
    history.replaceState(null, "", `#lang=${config.lang}`);
  });
  ftz.public.go(publication.bounds_lonlat);
});
