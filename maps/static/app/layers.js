/* The layers on the map: how each is drawn, where it lies, what the pointer reads. */
"use strict";

ftz.layers = { entries: new Map(), order: [], listeners: [] };
/* `listeners` are called whenever other layers show than before. */

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

/* Few features are shapes that answer to the pointer; more are one canvas that does not,
   for a click asks the server; yet more come as tiles. Two canvases that listen would hide
   each other from the pointer. */
ftz.layers.MOST_SHAPES = 400;
ftz.layers.draw = function (entry, collection) {
  return collection.features.length <= ftz.layers.MOST_SHAPES ? ftz.layers.drawShapes(entry, collection) : ftz.layers.drawCanvas(entry, collection);
};
ftz.layers.drawCanvas = function (entry, collection) {
  const pane = ftz.layers.pane(entry), renderer = ftz.patterns.canvas({ pane, padding: 0.3 });
  const options = { ...ftz.layers.pathOptions(entry.kind), canvasPattern: ftz.patterns.of(entry.kind), pane, renderer, interactive: false, snapIgnore: true };
  return L.geoJSON(collection, { style: () => options, interactive: false, pmIgnore: true, pane, pointToLayer: (_, at) => L.circleMarker(at, { ...options, radius: 4 }) });
};
ftz.layers.drawShapes = function (entry, collection) {
  const options = { ...ftz.layers.pathOptions(entry.kind), pane: ftz.layers.pane(entry), snapIgnore: ftz.layers.style(entry.kind).order < 30 };
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

/* Every layer has a pane of its own, so that its place and its opacity are its own. */
ftz.layers.pane = function (entry) {
  const name = `layer-${entry.id}`;
  if (!ftz.map.getPane(name)) ftz.map.createPane(name).classList.add("pane-layer", `pane-${ftz.layers.style(entry.kind).order}`);
  return name;
};
/* Places from the bottom up, below the pane of densities at 455. */
ftz.layers.stack = function () {
  const { order, entries } = ftz.layers;
  order.forEach((id, at) => {
    const pane = ftz.map.getPane(ftz.layers.pane(entries.get(id)));
    pane.style.zIndex = 400 + Math.floor((50 * (order.length - at)) / (order.length + 1));
    pane.style.opacity = entries.get(id).opacity;
  });
};

ftz.layers.load = async function (entry) {
  if (entry.tiled) return ftz.tiles.layer(entry);
  const collection = await ftz.data.features(entry.id);
  const { matched, returned } = collection.layer;
  entry.state.textContent = matched > returned ? ftz.ui("shown_of", { returned, matched }) : "";
  entry.collection = collection;
  return L.layerGroup([ftz.layers.draw(entry, collection), ...ftz.layers.label(entry, collection)], { pmIgnore: true });
};

ftz.layers.toggle = async function (entry, on) {
  entry.on = entry.box.checked = on;
  if (on && !entry.drawn) {
    entry.state.textContent = ftz.ui("loading");
    try {
      entry.drawn = await ftz.layers.load(entry);
      if (entry.state.textContent === ftz.ui("loading")) entry.state.textContent = "";
    } catch (problem) {
      ftz.layers.failed(entry, problem);
      return;
    }
  }
  if (entry.on && entry.drawn) entry.drawn.addTo(ftz.map);
  else if (entry.drawn) entry.drawn.remove();
  ftz.layers.changed();
};
ftz.layers.failed = function (entry, problem) {
  entry.on = false;
  ftz.show(entry.state, problem.detail || ftz.ui("unreachable"), " ",
    ftz.el("button", { type: "button", class: "linklike", onclick: () => { entry.drawn = null; ftz.layers.toggle(entry, true); } }, ftz.ui("retry")));
  ftz.layers.changed();
};
ftz.layers.changed = function () {
  ftz.layers.stack();
  ftz.layers.scale();
  ftz.state.layers = [...ftz.layers.entries.values()].filter((one) => one.on).map((one) => one.id);
  ftz.layers.listeners.forEach((heard) => heard());
  ftz.writeState();
};
/* Show a layer that something else speaks of. */
ftz.layers.require = function (id) {
  const entry = ftz.layers.entries.get(id);
  if (entry && !entry.on) ftz.layers.toggle(entry, true);
};
/* Another scheme has other colours: what is drawn is drawn again. */
ftz.layers.redraw = function () {
  ftz.layers.entries.forEach((entry) => {
    if (entry.swatch) { const fresh = ftz.layers.swatch(entry.kind, entry.geometry_type); entry.swatch.replaceWith(fresh); entry.swatch = fresh; }
    if (!entry.drawn) return;
    entry.drawn.remove();
    entry.drawn = entry.tiled ? ftz.tiles.drawn(entry) : L.layerGroup([ftz.layers.draw(entry, entry.collection), ...ftz.layers.label(entry, entry.collection)], { pmIgnore: true });
    if (entry.on) entry.drawn.addTo(ftz.map);
  });
  ftz.layers.changed();
};

/* Fine patterns are drawn only where they can be read; the list says so. */
ftz.layers.far = (entry) => ftz.map.getZoom() < (ftz.layers.style(entry.kind).min_zoom || 0);
ftz.layers.scale = function () {
  ftz.layers.entries.forEach((entry) => {
    const far = ftz.layers.far(entry);
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

ftz.layers.begin = function (layers) {
  const style = (entry) => ftz.layers.style(entry.kind), { given } = ftz.state;
  const sorted = [...layers].sort((a, b) => style(b).order - style(a).order);
  const kept = (given.get("order") || "").split(",").filter((id) => sorted.some((entry) => entry.id === id));
  const place = (entry) => kept.indexOf(entry.id);
  /* Layers that the address does not know keep their usual places. */
  if (kept.length === sorted.length) sorted.sort((a, b) => place(a) - place(b));
  ftz.layers.usual = sorted.map((entry) => entry.id).join();
  if (kept.length === sorted.length) ftz.layers.usual = [...layers].sort((a, b) => style(b).order - style(a).order).map((entry) => entry.id).join();
  const looks = new Map((given.get("looks") || "").split(",").map((one) => one.split(":")));
  sorted.forEach((entry) => {
    const opacity = Number(looks.get(entry.id));
    entry.opacity = looks.has(entry.id) && opacity >= 0 && opacity <= 1 ? opacity : 1;
    entry.tiled = !ftz.config.embedded && entry.feature_count > ftz.tiles.MOST_FEATURES;
    ftz.layers.entries.set(entry.id, entry);
  });
  ftz.layers.order = sorted.map((entry) => entry.id);
  ftz.remember("order", () => (ftz.layers.order.join() === ftz.layers.usual ? "" : ftz.layers.order.join()));
  ftz.remember("looks", () => [...ftz.layers.entries.values()].filter((one) => one.opacity < 1).map((one) => `${one.id}:${one.opacity}`).join());
  return sorted;
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
    ftz.show(ftz.byId("layer-list"), ftz.problem(problem), ftz.el("p", {}, ftz.el("button", { type: "button", class: "button", onclick: layersBegin }, ftz.ui("retry"))));
    return;
  }
  const entries = ftz.layers.begin(answer.layers);
  ftz.layers.list(entries);
  ftz.layers.credit(entries.filter((entry) => ftz.layers.style(entry.kind).credit));
  ftz.map.on("zoomend", () => { ftz.layers.scale(); ftz.layers.listeners.forEach((heard) => heard()); });
  document.addEventListener("ftz:theme", ftz.layers.redraw);
  const wanted = ftz.state.layers;
  entries.filter((entry) => wanted ? wanted.includes(entry.id) : entry.in_use && ftz.layers.style(entry.kind).shown)
    .forEach((entry) => ftz.layers.toggle(entry, true));
  ftz.byId("demonstration-pill").hidden = !entries.some((entry) => entry.in_use && entry.status === "demonstration");
});
