/* Measure: click points; lengths and areas come from the server, on the ellipsoid. */
"use strict";

ftz.measure = { points: [], group: null, turn: 0 };

ftz.measure.start = function () {
  if (ftz.mode.name === "measure") { ftz.mode.stop(); return; }
  ftz.mode.start("measure", () => ftz.map.getContainer().classList.remove("measuring"));
  ftz.map.getContainer().classList.add("measuring");
  ftz.measure.put([]);
};
ftz.measure.put = function (points) {
  ftz.measure.points = points;
  ftz.measure.draw();
  ftz.measure.ask();
  ftz.writeState();
};
ftz.measure.clear = function () {
  if (ftz.mode.name === "measure") ftz.mode.stop();
  ftz.measure.points = [];
  ftz.measure.draw();
  ftz.writeState();
};

ftz.measure.draw = function () {
  if (ftz.measure.group) ftz.measure.group.remove();
  const at = ftz.measure.points.map(([x, y]) => [y, x]), colour = ftz.config.styles.result.measure;
  const look = { color: colour, weight: 2.4, pane: "draw", interactive: false, pmIgnore: true };
  ftz.measure.group = L.layerGroup([
    at.length > 2 ? L.polygon(at, { ...look, weight: 0, fillOpacity: 0.12 }) : L.layerGroup([]),
    L.polyline(at, look),
    ...at.map((one) => L.circleMarker(one, { ...look, radius: 4, fillColor: "#ffffff", fillOpacity: 1 })),
  ], { pmIgnore: true }).addTo(ftz.map);
};

ftz.measure.ask = async function () {
  const { points } = ftz.measure, turn = ftz.measure.turn += 1;
  const show = (...children) => ftz.card.open("measure", ftz.ui("measure"), [
    ...children,
    ftz.el("p", { class: "after" },
      points.length ? ftz.el("button", { type: "button", onclick: () => ftz.measure.put(points.slice(0, -1)) }, ftz.ui("measure_back")) : null,
      ftz.mode.name === "measure" ? ftz.el("button", { type: "button", onclick: ftz.mode.stop }, ftz.ui("measure_stop")) : null),
  ], ftz.measure.clear);
  if (points.length < 2) { show(ftz.el("p", { class: "quiet" }, ftz.ui("measure_help"))); return; }
  try {
    const body = JSON.stringify({ points, closed: points.length > 2 });
    const answer = await ftz.ask("/api/v1/measure", { method: "POST", headers: { "Content-Type": "application/json" }, body });
    if (turn === ftz.measure.turn) show(ftz.measure.report(answer, points.length > 2));
  } catch (problem) { if (turn === ftz.measure.turn) show(ftz.problem(problem)); }
};

ftz.measure.metres = (m) => (m < 10000 ? `${ftz.number(m, 2)} m` : `${ftz.number(m / 1000, 3)} km`);
ftz.measure.report = function (answer, closed) {
  const fact = (key, ...lines) => ftz.el("div", {}, ftz.el("dt", {}, ftz.ui(key)), lines.map((line) => ftz.el("dd", {}, line)));
  const legs = closed ? answer.legs_m.slice(0, -1) : answer.legs_m;
  return ftz.el("dl", { class: "wide-facts" },
    fact("measure_length", ftz.measure.metres(legs.reduce((sum, leg) => sum + leg, 0))),
    fact("measure_last", ftz.measure.metres(legs[legs.length - 1])),
    closed ? fact("measure_round", ftz.measure.metres(answer.length_m)) : null,
    answer.area_m2 === null ? null : fact("area", `${ftz.number(answer.area_m2, 2)} m²`, `${ftz.number(answer.area_m2 / 1e4, 4)} ha`, `${ftz.number(answer.area_mu, 3)} ${ftz.ui("mu")}`),
    answer.crossing ? fact("area", ftz.ui("measure_crossing")) : null);
};

ftz.parts.push(function measureBegin() {
  if (ftz.config.embedded) return;
  ftz.tools.group([{ name: "measure", icon: "measure", word: "measure", key: "m", act: ftz.measure.start, mode: "measure" }]);
  ftz.map.on("click", ({ latlng }) => {
    if (ftz.mode.name === "measure") ftz.measure.put([...ftz.measure.points, [+latlng.lng.toFixed(7), +latlng.lat.toFixed(7)]]);
  });
  ftz.remember("measure", () => ftz.points.write(ftz.measure.points));
  const given = ftz.points.read(ftz.state.given.get("measure") || "");
  if (given.length) ftz.measure.put(given);
});
