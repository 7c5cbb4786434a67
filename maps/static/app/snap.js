/* Drawing snaps to large layers too: their corners in view are fetched, and laid out unseen. */
"use strict";

ftz.snap = { LEAST_ZOOM: 13, MOST_FEATURES: 300, group: null, turn: 0 };

ftz.snap.drawing = () => ["draw", "hole", "edit"].includes(ftz.mode.name);
/* Layers of few features are shapes already, which snap by themselves. */
ftz.snap.wanted = () => [...ftz.layers.entries.values()].filter((entry) =>
  entry.on && entry.feature_count > ftz.layers.MOST_SHAPES && entry.geometry_type !== "Point" && ftz.layers.style(entry.kind).order >= 30);

ftz.snap.clear = function () {
  ftz.snap.turn += 1;
  if (ftz.snap.group) ftz.snap.group.remove();
  ftz.snap.group = null;
};
ftz.snap.fetch = function (entry) {
  const bounds = ftz.map.getBounds();
  const query = new URLSearchParams({ bbox: [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()].join(), limit: ftz.snap.MOST_FEATURES });
  return ftz.ask(`/api/v1/layers/${encodeURIComponent(entry.id)}/features?${query}`).then((found) => ({ entry, found }), () => null);
};
/* Once for each drawing, not at every move of the map. */
ftz.snap.advise = function () {
  if (!ftz.snap.advised) ftz.say(ftz.ui("snap_zoom"));
  ftz.snap.advised = true;
};
ftz.snap.refresh = async function () {
  ftz.snap.clear();
  const wanted = ftz.snap.drawing() ? ftz.snap.wanted() : [];
  if (!wanted.length) return;
  if (ftz.map.getZoom() < ftz.snap.LEAST_ZOOM) { ftz.snap.advise(); return; }
  const turn = ftz.snap.turn, answers = (await Promise.all(wanted.map(ftz.snap.fetch))).filter(Boolean);
  if (turn !== ftz.snap.turn || !ftz.snap.drawing()) return;
  const unseen = { opacity: 0, fill: false, stroke: false, interactive: false, snapIgnore: false, pane: "draw" };
  ftz.snap.group = L.layerGroup(answers.map(({ found }) => L.geoJSON(found, { style: () => unseen, interactive: false, pmIgnore: true })), { pmIgnore: true }).addTo(ftz.map);
  const cut = answers.filter(({ found }) => found.layer.matched > found.layer.returned).map(({ entry }) => ftz.named(entry.title));
  if (cut.length) ftz.say(ftz.ui("snap_cut", { names: cut }));
};

ftz.parts.push(function snapBegin() {
  if (ftz.config.embedded || !ftz.byId("draw")) return;
  ftz.mode.listeners.push(() => { ftz.snap.advised = false; ftz.snap.refresh(); });
  ftz.map.on("moveend", () => { if (ftz.snap.drawing()) ftz.snap.refresh(); });
});
