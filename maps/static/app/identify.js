/* A click asks what stands there: of every layer that counts, drawn or tiled, shown or not. */
"use strict";

ftz.identify = { spot: null, mark: null, turn: 0 };
ftz.identify.REACH_PX = 6;

ftz.identify.at = async function (lon, lat) {
  const turn = ftz.identify.turn += 1;
  ftz.identify.spot = [lon, lat];
  ftz.identify.point([lon, lat]);
  ftz.writeState();
  const metres = 40075016.686 * Math.cos((lat * Math.PI) / 180) / (256 * 2 ** ftz.map.getZoom());
  const query = new URLSearchParams({ lon, lat, tolerance_m: (metres * ftz.identify.REACH_PX).toFixed(2) });
  const open = (children) => ftz.card.open("identify", ftz.ui("identify"), children, ftz.identify.clear);
  const waiting = setTimeout(() => { if (turn === ftz.identify.turn) open([ftz.el("p", { class: "busy" }, ftz.ui("loading"))]); }, 250);
  try {
    const answer = await ftz.ask(`/api/v1/identify?${query}`);
    if (turn === ftz.identify.turn) open(ftz.identify.report(answer));
  } catch (problem) { if (turn === ftz.identify.turn) open([ftz.problem(problem)]); }
  clearTimeout(waiting);
};

ftz.identify.report = function ({ position, features, more, silent }) {
  const control = (layer) => { const { order } = ftz.layers.style(layer.kind || (ftz.layers.entries.get(layer.layer_id) || {}).kind); return order >= 30 && order < 40; };
  return [
    ftz.identify.position(position),
    features.length ? features.map(ftz.identify.feature) : ftz.el("p", { class: "quiet" }, ftz.ui("identify_none")),
    more ? ftz.el("p", { class: "quiet" }, ftz.ui("more", { count: more })) : null,
    silent.some(control) ? ftz.el("details", {}, ftz.el("summary", {}, ftz.ui("silent_layers")),
      ftz.el("ul", { class: "plain-list" }, silent.filter(control).map((one) => ftz.el("li", {}, ftz.el("b", {}, ftz.named(one.layer_title)), " ",
        ftz.text("silent", one.covered === null ? "unstated" : one.covered ? "covered" : "uncovered"))))) : null,
  ];
};

ftz.identify.position = (at) => ftz.el("p", { class: "position" },
  ftz.el("span", {}, `${at.lon_deg.toFixed(6)}, ${at.lat_deg.toFixed(6)}`),
  ftz.el("span", {}, `${at.lon_dms} E  ${at.lat_dms} N`),
  at.gauss_krueger_crs ? ftz.el("span", {}, `${at.gauss_krueger_crs}  ${at.easting_m.toFixed(2)}, ${at.northing_m.toFixed(2)}`) : null,
  at.county ? ftz.el("span", {}, at.county) : null);

ftz.identify.feature = function (feature) {
  const size = feature.area_m2 !== null ? `${ftz.number(feature.area_m2 / 1e4, 4)} ha` : feature.length_m !== null ? ftz.measure.metres(feature.length_m) : "";
  const rows = Object.entries(feature.attributes);
  const show = (on) => () => ftz.identify.shine(on ? feature.geometry : null);
  return ftz.el("section", { class: "hit", onmouseenter: show(true), onmouseleave: show(false), onfocusin: show(true), onfocusout: show(false) },
    ftz.el("h3", {}, ftz.layers.swatch(feature.kind, feature.geometry.type.replace("Multi", "")), feature.name ? ftz.named(feature.name) : feature.feature_id, ftz.badge("statuses", feature.layer_status)),
    ftz.el("p", { class: "quiet" }, [ftz.named(feature.layer_title), size].filter(Boolean).join(" · "), " ",
      ftz.el("button", { type: "button", class: "linklike", onclick: () => ftz.map.fitBounds(L.geoJSON(feature.geometry).getBounds(), { padding: [60, 60], maxZoom: 17 }) }, ftz.ui("locate"))),
    rows.length ? ftz.el("details", {}, ftz.el("summary", {}, ftz.ui("attributes")), ftz.el("dl", {}, rows.map(([name, value]) =>
      ftz.el("div", {}, ftz.el("dt", {}, name), ftz.el("dd", {}, value))))) : null);
};

ftz.identify.point = function (spot) {
  if (ftz.identify.mark) ftz.identify.mark.remove();
  ftz.identify.mark = spot && L.circleMarker([spot[1], spot[0]], { radius: 6, color: "#ffffff", weight: 2, fillColor: ftz.config.styles.result.measure, fillOpacity: 1, pane: "draw", interactive: false, pmIgnore: true }).addTo(ftz.map);
};
ftz.identify.shine = function (geometry) {
  if (ftz.identify.shape) ftz.identify.shape.remove();
  ftz.identify.shape = geometry && L.geoJSON(geometry, { pane: "draw", interactive: false, pmIgnore: true, style: { color: ftz.config.styles.result.measure, weight: 4, fillOpacity: 0.1 },
    pointToLayer: (_, at) => L.circleMarker(at, { radius: 11, pane: "draw", interactive: false, pmIgnore: true }) }).addTo(ftz.map);
};
ftz.identify.clear = function () {
  ftz.identify.turn += 1;
  ftz.identify.spot = null;
  ftz.identify.point(null);
  ftz.identify.shine(null);
  ftz.writeState();
};

ftz.parts.push(function identifyBegin() {
  if (ftz.config.embedded) return;
  if (!ftz.map.getPane("draw")) ftz.map.createPane("draw").style.zIndex = 490;
  ftz.map.on("click", ({ latlng }) => { if (!ftz.mode.name) ftz.identify.at(+latlng.lng.toFixed(7), +latlng.lat.toFixed(7)); });
  ftz.remember("spot", () => (ftz.identify.spot || []).join(","));
  const given = (ftz.state.given.get("spot") || "").split(",").map(Number);
  if (given.length === 2 && given.every(Number.isFinite)) ftz.identify.at(given[0], given[1]);
});
