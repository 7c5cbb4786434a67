/* Rasters on the map: one row for each way of drawing them, with opacity and legend. */
"use strict";

ftz.rasters = { rows: new Map(), listeners: [] };
/* `listeners` are called when the rasters were read anew. */

ftz.rasters.shown = { hillshade: 416 };
ftz.rasters.paneOf = (key) => `raster-${key}`;
ftz.rasters.pane = function (key) {
  const name = ftz.rasters.paneOf(key);
  if (!ftz.map.getPane(name)) ftz.map.createPane(name).style.zIndex = ftz.rasters.shown[key] || 413;
  return name;
};

/* Rasters that are drawn alike share a row: three districts have three models of heights. */
ftz.rasters.gather = function (rasters) {
  const rows = new Map();
  rasters.filter((raster) => raster.in_use).forEach((raster) => raster.styles.forEach((style) => {
    const key = raster.kind === "suitability" ? `${style.id}-${raster.id}` : style.id;
    const row = rows.get(key) || { key, style, title: raster.kind === "suitability" ? raster.title : style.title, kind: raster.kind, statuses: new Set(), pieces: [] };
    row.statuses.add(raster.status);
    row.pieces.push({ raster, tiles: style.tiles });
    rows.set(key, row);
  }));
  return [...rows.values()];
};

ftz.rasters.layer = function ({ raster, tiles }, key, opacity) {
  const [west, south, east, north] = raster.bounds_lonlat;
  return L.tileLayer(tiles, { pane: ftz.rasters.pane(key), bounds: [[south, west], [north, east]], maxZoom: 22, opacity, noWrap: true, pmIgnore: true });
};

ftz.rasters.toggle = function (row, on) {
  if (row.group) row.group.remove();
  row.group = on ? L.layerGroup(row.pieces.map((piece) => ftz.rasters.layer(piece, row.key, row.opacity)), { pmIgnore: true }).addTo(ftz.map) : null;
  row.on = on;
  row.more.hidden = !on;
  ftz.swipe.draw();
  ftz.writeState();
};
ftz.rasters.open = function (key) {
  const row = ftz.rasters.rows.get(key);
  if (!row || row.on) return;
  row.box.checked = true;
  ftz.rasters.toggle(row, true);
};
ftz.rasters.close = function (key) {
  const row = ftz.rasters.rows.get(key);
  if (!row || !row.on) return;
  row.box.checked = false;
  ftz.rasters.toggle(row, false);
};
ftz.rasters.fade = function (row, opacity) {
  row.opacity = row.slider.value = opacity;
  if (row.group) row.group.eachLayer((layer) => layer.setOpacity(opacity));
};

ftz.rasters.legend = function (row) {
  const key = (entry) => ftz.svg("svg", { class: "key", viewBox: "0 0 10 10", "aria-hidden": "true" }, ftz.svg("rect", { width: 10, height: 10, fill: entry.colour }));
  let lower = 0;
  const words = (entry) => {
    if (entry.name) return ftz.named(entry.name);
    const from = lower;
    lower = entry.upper;
    const unit = row.style.unit === "deg" ? "°" : ` ${row.style.unit}`;
    if (row.style.id === "elevation") return `${entry.upper}${unit}`;
    return entry.upper === null ? `> ${from}${unit}` : `${from}–${entry.upper}${unit}`;
  };
  return ftz.el("ul", { class: "keys" }, row.style.legend.map((entry) => ftz.el("li", {}, key(entry), words(entry))));
};

ftz.rasters.row = function (row) {
  row.opacity = row.style.id === "hillshade" ? 1 : 0.7;
  const box = ftz.el("input", { type: "checkbox", id: `raster-${row.key}`, onchange: () => ftz.rasters.toggle(row, box.checked) });
  const slider = ftz.el("input", { type: "range", min: 0, max: 1, step: 0.05, value: row.opacity, "aria-label": `${ftz.ui("raster_opacity")}: ${ftz.named(row.title)}`, oninput: () => ftz.rasters.fade(row, Number(slider.value)) });
  row.box = box;
  row.slider = slider;
  row.more = ftz.el("div", { class: "raster-more", hidden: true }, ftz.el("label", {}, ftz.ui("raster_opacity"), slider), ftz.swipe.choice(row), ftz.rasters.legend(row),
    row.kind === "suitability" ? ftz.el("p", { class: "quiet" }, ftz.ui("suit_form_raster")) : null,
    ftz.el("p", { class: "quiet" }, row.pieces.map(({ raster }) => `${ftz.named(raster.title)} · ${ftz.number(raster.pixel_m, 0)} m`).join("; ")));
  return ftz.el("li", {}, ftz.el("label", { for: box.id }, box, ftz.el("span", { class: "name" }, ftz.named(row.title))),
    ftz.el("span", { class: "meta" }, [...row.statuses].map((status) => ftz.badge("statuses", status))), row.more);
};

ftz.rasters.load = async function () {
  const answer = await ftz.ask("/api/v1/rasters");
  const on = new Set([...ftz.rasters.rows.values()].filter((row) => row.on).map((row) => row.key));
  ftz.rasters.rows.forEach((row) => row.on && ftz.rasters.toggle(row, false));
  const rows = ftz.rasters.gather(answer.rasters);
  ftz.rasters.rows = new Map(rows.map((row) => [row.key, row]));
  ftz.show(ftz.rasters.place, rows.length ? ftz.el("section", {}, ftz.el("h2", {}, ftz.ui("group_rasters")), ftz.el("ul", { class: "layers" }, rows.map(ftz.rasters.row))) : "");
  on.forEach(ftz.rasters.open);
  ftz.rasters.listeners.forEach((heard) => heard());
};

ftz.parts.push(function rastersBegin() {
  if (ftz.config.embedded) return;
  ftz.rasters.place = ftz.el("div", { id: "raster-list" });
  ftz.byId("layer-list").after(ftz.rasters.place);
  const wanted = (ftz.state.given.get("rasters") || "").split(",").filter(Boolean);
  if (ftz.remember) ftz.remember("rasters", () => [...ftz.rasters.rows.values()].filter((row) => row.on).map((row) => row.key).join(","));
  ftz.rasters.load().then(() => { wanted.forEach(ftz.rasters.open); ftz.rasters.listeners.forEach((heard) => heard()); }, () => null);
});
