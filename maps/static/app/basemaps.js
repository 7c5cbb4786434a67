/* Configured base maps under everything, and the layer that sets GCJ-02 tiles right. */
"use strict";

ftz.basemaps = { chosen: "", layer: null, known: [] };

/* The offset that tiles on GCJ-02 carry, as geo.gcj02 has it. */
ftz.basemaps.gcj = function ({ lat, lng }) {
  const a = 6378245, ee = 0.00669342162296594323, x = lng - 105, y = lat - 35, { PI, sin, cos, sqrt, abs } = Math;
  const waves = (20 * sin(6 * x * PI) + 20 * sin(2 * x * PI)) * 2 / 3;
  const dy = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x)) + waves
    + (20 * sin(y * PI) + 40 * sin(y / 3 * PI)) * 2 / 3 + (160 * sin(y / 12 * PI) + 320 * sin(y * PI / 30)) * 2 / 3;
  const dx = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x)) + waves
    + (20 * sin(x * PI) + 40 * sin(x / 3 * PI)) * 2 / 3 + (150 * sin(x / 12 * PI) + 300 * sin(x / 30 * PI)) * 2 / 3;
  const b = lat / 180 * PI, magic = 1 - ee * sin(b) ** 2;
  return L.latLng(lat + dy * 180 / ((a * (1 - ee)) / (magic * sqrt(magic)) * PI), lng + dx * 180 / (a / sqrt(magic) * cos(b) * PI));
};

/* The offset changes by a metre in a kilometre: that of the middle is right for a view. */
ftz.basemaps.Gcj = L.TileLayer.extend({
  _shift(centre, zoom) {
    return this._map.project(ftz.basemaps.gcj(centre), zoom).subtract(this._map.project(centre, zoom));
  },
  _getTiledPixelBounds(centre) {
    return L.TileLayer.prototype._getTiledPixelBounds.call(this, ftz.basemaps.gcj(centre));
  },
  _place(level, origin, centre, zoom) {
    const scale = this._map.getZoomScale(zoom, level.zoom);
    L.DomUtil.setTransform(level.el, level.origin.multiplyBy(scale).subtract(origin).subtract(this._shift(centre, zoom)).round(), scale);
  },
  _setZoomTransform(level, centre, zoom) {
    this._place(level, this._map._getNewPixelOrigin(centre, zoom), centre, zoom);
  },
  _onMoveEnd() {
    if (!this._map || this._map._animatingZoom) return;
    Object.values(this._levels).forEach((level) => this._place(level, this._map.getPixelOrigin(), this._map.getCenter(), this._map.getZoom()));
    L.TileLayer.prototype._onMoveEnd.call(this);
  },
});

ftz.basemaps.choose = function (id) {
  if (ftz.basemaps.layer) ftz.basemaps.layer.remove();
  const one = ftz.basemaps.known.find((known) => known.id === id);
  ftz.basemaps.chosen = one ? id : "";
  ftz.basemaps.layer = null;
  if (one) {
    const Layer = one.datum === "gcj02" ? ftz.basemaps.Gcj : L.TileLayer;
    const attribution = document.createElement("span");
    attribution.textContent = one.attribution;
    ftz.basemaps.layer = new Layer(one.url, { pane: "basemap", maxNativeZoom: one.max_zoom, maxZoom: 22, attribution: attribution.innerHTML, pmIgnore: true }).addTo(ftz.map);
  }
  /* Filled counties would hide it. */
  document.body.classList.toggle("with-basemap", Boolean(one));
  ftz.writeState();
};

ftz.parts.push(async function basemapsBegin() {
  if (ftz.config.embedded) return;
  ftz.map.createPane("basemap").style.zIndex = 150;
  ftz.remember("base", () => ftz.basemaps.chosen);
  const answer = await ftz.ask("/api/v1/basemaps").catch((problem) => ({ problem, basemaps: [] }));
  ftz.basemaps.known = answer.basemaps;
  if (answer.problem) { ftz.show(ftz.byId("basemap-list"), ftz.problem(answer.problem)); return; }
  if (!answer.basemaps.length) return;
  const given = ftz.state.given.get("base") || "";
  const option = (id, ...text) => ftz.el("label", { class: "tick" }, ftz.el("input", { type: "radio", name: "basemap", id: `basemap-${id || "none"}`, checked: id === given, onchange: () => ftz.basemaps.choose(id) }), text);
  ftz.show(ftz.byId("basemap-list"), ftz.el("fieldset", { class: "basemaps fields" }, ftz.el("legend", {}, ftz.ui("basemap")),
    option("", ftz.ui("basemap_none")),
    answer.basemaps.map((one) => option(one.id, ftz.named(one.title), one.datum === "gcj02" ? ftz.el("span", { class: "quiet" }, ftz.ui("basemap_gcj")) : null))));
  if (given) ftz.basemaps.choose(given);
});
