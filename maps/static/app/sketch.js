/* The drawn site: polygons with holes, edited with snapping, undone and redone. */
"use strict";

/* `polygons` are lists of rings in lon/lat, the first ring the outer one. */
ftz.sketch = { polygons: [], past: [], future: [], group: null, listeners: [] };

ftz.sketch.geometry = function () {
  const closed = ftz.sketch.polygons.map((rings) => rings.map((ring) => [...ring, ring[0]]));
  if (!closed.length) return null;
  return closed.length === 1 ? { type: "Polygon", coordinates: closed[0] } : { type: "MultiPolygon", coordinates: closed };
};

/* Take a new state; the old one can be brought back. Listeners hear of what a person did. */
ftz.sketch.take = function (polygons) {
  ftz.sketch.past.push(ftz.sketch.polygons);
  ftz.sketch.future = [];
  ftz.sketch.put(polygons);
};
ftz.sketch.put = function (polygons, quiet) {
  ftz.sketch.polygons = polygons;
  ftz.sketch.show();
  ftz.sketch.buttons();
  ftz.writeState();
  if (!quiet) ftz.sketch.listeners.forEach((heard) => heard(ftz.sketch.geometry()));
};

ftz.sketch.looks = () => ({ color: ftz.config.styles.result.drawing, weight: 2.4, fillOpacity: 0.18, pane: "draw" });
ftz.sketch.show = function () {
  ftz.sketch.hide();
  if (!ftz.sketch.polygons.length) return;
  ftz.sketch.group = L.featureGroup(ftz.sketch.polygons.map((rings) =>
    L.polygon(rings.map((ring) => ring.map(([x, y]) => [y, x])), ftz.sketch.looks()))).addTo(ftz.map);
};
ftz.sketch.hide = function () {
  if (ftz.sketch.group) ftz.sketch.group.remove();
  ftz.sketch.group = null;
};
ftz.sketch.ring = (latlngs) => latlngs.map(({ lng, lat }) => [+lng.toFixed(7), +lat.toFixed(7)]);

ftz.sketch.undo = function () {
  const shape = ftz.map.pm.Draw.Polygon;
  if (["draw", "hole"].includes(ftz.mode.name) && shape._layer && shape._layer.getLatLngs().length) { shape._removeLastVertex(); return; }
  ftz.sketch.step(ftz.sketch.past, ftz.sketch.future);
};
ftz.sketch.redo = () => ftz.sketch.step(ftz.sketch.future, ftz.sketch.past);
ftz.sketch.step = function (from, onto) {
  if (!from.length) return;
  if (ftz.mode.name === "edit") ftz.mode.stop();
  onto.push(ftz.sketch.polygons);
  ftz.sketch.put(from.pop());
};

ftz.sketch.begin = function (mode, help) {
  if (ftz.mode.name === mode) { ftz.mode.stop(); return; }
  ftz.mode.start(mode, () => ftz.map.pm.disableDraw());
  ftz.map.pm.enableDraw("Polygon", { snappable: true, snapDistance: 12, allowSelfIntersection: true, finishOn: "dblclick", tooltips: true });
  ftz.say(ftz.ui(help));
};
ftz.sketch.draw = () => ftz.sketch.begin("draw", "draw_help");
ftz.sketch.hole = () => ftz.sketch.begin("hole", "hole_help");

ftz.sketch.edit = function () {
  if (ftz.mode.name === "edit") { ftz.mode.stop(); return; }
  if (!ftz.sketch.polygons.length) return;
  ftz.sketch.show();
  const { group } = ftz.sketch;
  ftz.mode.start("edit", () => {
    group.eachLayer((shape) => shape.pm.disable());
    const now = group.getLayers().map((shape) => shape.getLatLngs().map(ftz.sketch.ring)).filter((rings) => rings[0] && rings[0].length >= 3);
    if (JSON.stringify(now) !== JSON.stringify(ftz.sketch.polygons)) ftz.sketch.take(now);
    else ftz.sketch.put(ftz.sketch.polygons, true);
  });
  group.eachLayer((shape) => shape.pm.enable({ allowSelfIntersection: true, snappable: true, snapDistance: 12, removeVertexOn: "contextmenu" }));
  ftz.say(ftz.ui("edit_help"));
};

ftz.sketch.within = function (point, ring) {
  const [x, y] = point;
  return ring.reduce((inside, [x1, y1], at) => {
    const [x2, y2] = ring[(at + 1) % ring.length];
    return (y1 > y) !== (y2 > y) && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1 ? !inside : inside;
  }, false);
};

/* A drawn ring becomes a new site, or a hole in the polygon that holds it. */
ftz.sketch.created = function ({ layer }) {
  const ring = ftz.sketch.ring(layer.getLatLngs()[0]), mode = ftz.mode.name;
  layer.remove();
  ftz.mode.stop();
  if (mode !== "hole") { ftz.sketch.take([[ring]]); return; }
  const at = ftz.sketch.polygons.findIndex(([outer]) => ring.every((point) => ftz.sketch.within(point, outer)));
  if (at < 0) { ftz.card.open("sketch", ftz.ui("hole"), [ftz.problem({ title: ftz.ui("hole_outside"), detail: ftz.ui("hole_help") })]); return; }
  ftz.sketch.take(ftz.sketch.polygons.map((rings, one) => (one === at ? [...rings, ring] : rings)));
};

ftz.sketch.buttons = function () {
  const some = ftz.sketch.polygons.length > 0, { past, future } = ftz.sketch;
  const button = (name) => ftz.byId(`tool-${name}`);
  ["edit", "hole", "bin"].forEach((name) => { button(name).hidden = !some; });
  button("undo").hidden = button("redo").hidden = !past.length && !future.length && !some;
  button("undo").disabled = !past.length;
  button("redo").disabled = !future.length;
};

/* Rings of all polygons for the address, apart by spaces; too long a drawing is left out. */
ftz.sketch.MOST_CHARACTERS = 6000;
ftz.sketch.write = function () {
  const text = ftz.sketch.polygons.map((rings) => rings.map(ftz.points.write).join(" ")).join("  ");
  return text.length <= ftz.sketch.MOST_CHARACTERS ? text : "";
};
ftz.sketch.read = (text) => text.split("  ").map((rings) => rings.split(" ").map(ftz.points.read).filter((ring) => ring.length >= 3)).filter((rings) => rings.length);

ftz.parts.push(function sketchBegin() {
  if (!ftz.byId("draw")) return;
  const { map } = ftz;
  map.createPane("draw").style.zIndex = 490;
  map.pm.setLang(ftz.config.lang === "zh" ? "zh" : "en");
  const line = { color: ftz.config.styles.result.drawing, weight: 2.4, pane: "draw" };
  map.pm.setGlobalOptions({
    panes: { layerPane: "draw", vertexPane: "markerPane", markerPane: "markerPane" },
    templineStyle: line, hintlineStyle: { ...line, dashArray: "5 5" }, pathOptions: { ...line, fillOpacity: 0.18 },
  });
  ftz.tools.group([
    { name: "draw", icon: "draw", word: "draw", key: "d", act: ftz.sketch.draw, mode: "draw" },
    { name: "edit", icon: "edit", word: "edit", key: "e", act: ftz.sketch.edit, mode: "edit" },
    { name: "hole", icon: "hole", word: "hole", key: "h", act: ftz.sketch.hole, mode: "hole" },
    { name: "undo", icon: "undo", word: "undo", act: ftz.sketch.undo },
    { name: "redo", icon: "redo", word: "redo", act: ftz.sketch.redo },
    { name: "bin", icon: "bin", word: "sketch_remove", act: () => { ftz.mode.stop(); ftz.sketch.take([]); } },
  ]);
  map.on("pm:create", ftz.sketch.created);
  map.on("pm:drawend", () => { if (["draw", "hole"].includes(ftz.mode.name)) ftz.mode.stop(); });
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || ftz.frame.typing(event.target)) return;
    const key = event.key.toLowerCase(), redo = key === "y" || (key === "z" && event.shiftKey);
    if (!redo && key !== "z") return;
    event.preventDefault();
    if (redo) ftz.sketch.redo(); else ftz.sketch.undo();
  });
  ftz.remember("draw", ftz.sketch.write);
  const given = ftz.sketch.read(ftz.state.given.get("draw") || "");
  ftz.sketch.put(given, true);
  if (ftz.state.check) ftz.sketch.hide();
});
