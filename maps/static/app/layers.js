/* The layers: list with status and legend, drawing, tooltips. */
"use strict";

ftz.layers = { entries: new Map(), listeners: [] };

ftz.layers.style = function (kind) {
  const { kinds, dark, fallback } = ftz.config.styles, style = kinds[kind] || fallback;
  return ftzTheme.shown() === "dark" ? { ...style, ...dark[kind] } : style;
};

ftz.layers.pathOptions = function (kind) {
  const style = ftz.layers.style(kind);
  const fills = { hatch: "url(#pattern-hatch)", dots: "url(#pattern-dots)", none: style.fill };
  return {
    color: style.stroke, weight: style.weight, dashArray: style.dash || null,
    fill: Boolean(style.fill), fillColor: fills[style.pattern], fillOpacity: style.fill_opacity,
    pmIgnore: true, bubblingMouseEvents: true,
  };
};

ftz.layers.swatch = function (kind, geometryType) {
  const options = ftz.layers.pathOptions(kind);
  const look = { stroke: options.color, "stroke-width": Math.min(options.weight, 2), fill: options.fill ? options.fillColor : "none", "fill-opacity": options.fillOpacity };
  if (options.dashArray) look["stroke-dasharray"] = "4 2";
  const shapes = {
    Point: () => ftz.svg("circle", { cx: 13, cy: 9, r: 5, ...look }),
    LineString: () => ftz.svg("path", { d: "M2 13 C8 2 16 16 24 5", ...look, fill: "none" }),
  };
  const shape = (shapes[geometryType] || (() => ftz.svg("rect", { x: 2, y: 2, width: 22, height: 14, rx: 2, ...look })))();
  return ftz.svg("svg", { class: "swatch", width: 26, height: 18, viewBox: "0 0 26 18", "aria-hidden": "true" }, shape);
};

ftz.layers.nameOf = function (feature) {
  const own = feature.properties || {};
  return own[`name_${ftz.config.lang}`] || own.name_zh || own.name || "";
};

ftz.layers.tooltip = function (feature, entry) {
  const lines = [ftz.el("strong", {}, ftz.layers.nameOf(feature) || ftz.named(entry.title))];
  if (ftz.layers.nameOf(feature)) lines.push(ftz.el("span", {}, ftz.named(entry.title)));
  const area = (feature.properties || {}).published_area_km2;
  if (area) lines.push(ftz.el("span", {}, ftz.ui("published_area", { area: ftz.number(area, 2) })));
  return ftz.el("div", { class: "tip" }, lines);
};

ftz.layers.draw = function (entry, collection) {
  const options = { ...ftz.layers.pathOptions(entry.kind), pane: ftz.layers.pane(entry) };
  const { quiet, dot } = ftz.layers.style(entry.kind);
  const drawn = L.geoJSON(collection, {
    style: () => options,
    interactive: !quiet,
    pmIgnore: true,
    pane: options.pane,
    pointToLayer: (feature, at) => L.circleMarker(at, { ...options, radius: 6 }),
    onEachFeature: (feature, shape) => {
      if (!quiet) shape.bindTooltip(() => ftz.layers.tooltip(feature, entry), { sticky: true, className: "plain" });
    },
  });
  if (!dot) return drawn;
  return L.layerGroup([drawn, ...collection.features.map((feature) => ftz.layers.dot(ftz.layers.middle(feature), options)
    .bindTooltip(() => ftz.layers.tooltip(feature, entry), { sticky: true, className: "plain" }))], { pmIgnore: true });
};

/* A mark for a feature that is too small to see from afar. */
ftz.layers.dot = (at, options) => L.circleMarker(at, { ...options, radius: 7, fillOpacity: 1, className: "from-afar" });

/* Names that stand on the map: always, or when there is room for them. */
ftz.layers.label = function (entry, collection) {
  const { names } = ftz.layers.style(entry.kind);
  if (!names) return [];
  return collection.features.map((feature) => {
    const shape = L.geoJSON(feature);
    const at = feature.geometry.type === "Point" ? shape.getBounds().getCenter() : ftz.layers.middle(feature);
    const text = ftz.el("span", {}, ftz.layers.nameOf(feature));
    return L.marker(at, { interactive: false, keyboard: false, pmIgnore: true, pane: "labels",
      icon: L.divIcon({ className: `label label-${entry.kind} label-${names}`, html: text, iconSize: null }) });
  });
};

/* The middles of a feature's parts, the largest first: good enough to hold its name. */
ftz.layers.middles = function (feature) {
  const { type, coordinates } = feature.geometry;
  const rings = type === "MultiPolygon" ? coordinates.map((one) => one[0]) : [coordinates[0]];
  const area = (bounds) => (bounds.getEast() - bounds.getWest()) * (bounds.getNorth() - bounds.getSouth());
  return rings.map((ring) => L.latLngBounds(ring.map(([x, y]) => [y, x])))
    .sort((a, b) => area(b) - area(a)).map((bounds) => bounds.getCenter());
};
ftz.layers.middle = (feature) => ftz.layers.middles(feature)[0];

/* Buttons that go to the whole zone and to each district. */
ftz.layers.places = async function () {
  const collection = await ftz.data.features("districts").catch(() => null);
  if (!collection || !collection.features.length) return;
  const go = (text, target) => ftz.el("button", { type: "button", onclick: () => ftz.map.fitBounds(L.geoJSON(target).getBounds(), { padding: [90, 90] }) }, text);
  ftz.show(ftz.byId("places"), go(ftz.ui("whole_zone"), collection),
    collection.features.map((feature) => go(ftz.layers.nameOf(feature), feature)));
};

ftz.layers.pane = function (entry) {
  const order = ftz.layers.style(entry.kind).order;
  const name = `order-${order}`;
  if (!ftz.map.getPane(name)) ftz.map.createPane(name).classList.add("pane-layer", `pane-${order}`);
  ftz.map.getPane(name).style.zIndex = 400 + order;
  return name;
};

ftz.layers.toggle = async function (entry, on) {
  entry.on = on;
  if (on && !entry.drawn) {
    entry.state.textContent = ftz.ui("loading");
    try {
      const collection = await ftz.data.features(entry.id);
      entry.drawn = L.layerGroup([ftz.layers.draw(entry, collection), ...ftz.layers.label(entry, collection)], { pmIgnore: true });
      const { matched, returned } = collection.layer;
      entry.state.textContent = matched > returned ? ftz.ui("shown_of", { returned, matched }) : "";
    } catch (problem) {
      entry.state.textContent = problem.detail || ftz.ui("unreachable");
      return;
    }
  }
  if (entry.on) entry.drawn.addTo(ftz.map);
  else if (entry.drawn) entry.drawn.remove();
  ftz.layers.scale();
  ftz.state.layers = [...ftz.layers.entries.values()].filter((one) => one.on).map((one) => one.id);
  ftz.writeState();
};

/* Fine patterns are drawn only where they can be read; the list says so. */
ftz.layers.scale = function () {
  const zoom = ftz.map.getZoom();
  ftz.layers.entries.forEach((entry) => {
    const far = zoom < (ftz.layers.style(entry.kind).min_zoom || 0);
    if (entry.drawn) ftz.map.getPane(ftz.layers.pane(entry)).style.display = far ? "none" : "";
    entry.far.hidden = !(far && entry.on);
  });
};

/* The makers of the ground are named on the map itself, with the review number of its borders. */
ftz.layers.credit = function (entries) {
  const control = L.control({ position: "bottomleft" });
  control.onAdd = () => ftz.el("div", { class: "credit" }, entries.map((entry) => ftz.el("span", {}, `${ftz.named(entry.title)}: ${entry.source}`)));
  if (entries.length) control.addTo(ftz.map);
};

ftz.layers.row = function (entry) {
  const box = ftz.el("input", { type: "checkbox", id: `layer-${entry.id}`, onchange: () => ftz.layers.toggle(entry, box.checked) });
  entry.box = box;
  entry.state = ftz.el("span", { class: "quiet state" });
  entry.far = ftz.el("span", { class: "quiet state", hidden: true }, ftz.ui("closer"));
  const facts = ftz.el("div", { class: "facts", id: `facts-${entry.id}`, hidden: true },
    ftz.el("p", {}, `${ftz.ui("source")}: ${entry.source}`),
    ftz.el("p", {}, ftz.ui("layer_facts", { version: entry.version, count: entry.feature_count, crs: entry.crs })),
    ftz.el("p", {}, `${ftz.ui("licence")}: ${entry.licence}`));
  const about = ftz.el("button", { type: "button", class: "about", "aria-expanded": "false", "aria-controls": facts.id,
    "aria-label": `${ftz.ui("about")}: ${ftz.named(entry.title)}`, title: ftz.ui("about"),
    onclick: () => { facts.hidden = !facts.hidden; about.setAttribute("aria-expanded", String(!facts.hidden)); } }, "i");
  return ftz.el("li", { class: entry.in_use ? "" : "replaced" },
    ftz.el("label", { for: `layer-${entry.id}` }, box, ftz.layers.swatch(entry.kind, entry.geometry_type),
      ftz.el("span", { class: "name" }, ftz.named(entry.title))),
    ftz.el("span", { class: "meta" }, ftz.badge("statuses", entry.status),
      entry.in_use ? null : ftz.el("span", { class: "quiet" }, ftz.ui("replaced")), about),
    entry.state, entry.far, facts);
};

ftz.parts.push(async function layersBegin() {
  ftz.map.createPane("labels").classList.add("pane-labels");
  ftz.map.getPane("labels").style.zIndex = 620;
  ftz.map.getPane("labels").setAttribute("aria-hidden", "true");
  ftz.layers.places();
  let answer;
  try {
    answer = await ftz.data.layers();
  } catch (problem) {
    ftz.show(ftz.byId("layer-list"), ftz.problem(problem));
    return;
  }
  const order = (entry) => ftz.layers.style(entry.kind).order;
  const entries = [...answer.layers].sort((a, b) => order(b) - order(a));
  entries.forEach((entry) => ftz.layers.entries.set(entry.id, entry));
  const groups = [["group_control", (e) => order(e) >= 30 && order(e) < 40], ["group_zone", (e) => order(e) >= 40], ["group_ground", (e) => order(e) < 30]];
  ftz.show(ftz.byId("layer-list"), groups.map(([key, fits]) => {
    const rows = entries.filter(fits).map(ftz.layers.row);
    return rows.length ? ftz.el("section", {}, ftz.el("h2", {}, ftz.ui(key)), ftz.el("ul", { class: "layers" }, rows)) : null;
  }).filter(Boolean));
  ftz.layers.credit(entries.filter((entry) => ftz.layers.style(entry.kind).credit));
  ftz.map.on("zoomend", ftz.layers.scale);
  const wanted = ftz.state.layers;
  entries.filter((entry) => wanted ? wanted.includes(entry.id) : entry.in_use && ftz.layers.style(entry.kind).shown)
    .forEach((entry) => { entry.box.checked = true; ftz.layers.toggle(entry, true); });
  ftz.byId("demonstration-pill").hidden = !entries.some((entry) => entry.in_use && entry.status === "demonstration");
});
