/* Rasters seen from the tab: one on each side of the divider, faded, with their keys. */
"use strict";

ftz.groundMaps = { opened: new Set() };
ftz.groundMaps.select = (side) => ftz.byId(`swipe-${side}`);

/* The choices are the rasters that there are; what was chosen elsewhere shows here too. */
ftz.groundMaps.fill = function () {
  const rows = [...ftz.rasters.rows.values()];
  Object.entries(ftz.swipe.sides).forEach(([side, key]) => {
    const row = ftz.rasters.rows.get(key);
    ftz.density.fill(ftz.groundMaps.select(side), side, [["", ftz.ui("swipe_base")], ...rows.map((one) => [one.key, ftz.named(one.title)])], row && row.on ? key : "");
  });
  ftz.groundMaps.sides();
};
ftz.groundMaps.sides = () => ftz.show(ftz.byId("swipe-sides"), Object.keys(ftz.swipe.sides).map((side) => {
  const row = ftz.rasters.rows.get(ftz.groundMaps.select(side).value);
  if (!row) return null;
  const slider = ftz.el("input", { type: "range", min: 0, max: 1, step: 0.05, value: row.opacity, "aria-label": `${ftz.ui("raster_opacity")}: ${ftz.named(row.title)}`, oninput: () => ftz.rasters.fade(row, Number(slider.value)) });
  return ftz.el("div", { class: "raster-side" }, ftz.el("h3", {}, ftz.ui(side === "left" ? "swipe_on_left" : "swipe_on_right", { title: ftz.named(row.title) })),
    ftz.el("label", {}, ftz.ui("raster_opacity"), slider), ftz.rasters.legend(row), row.kind === "suitability" ? ftz.el("p", { class: "quiet" }, ftz.ui("suit_form_raster")) : null);
}));

/* What this part has put on the map leaves it again; what a person ticked in the list stays. */
ftz.groundMaps.choose = function (side, key) {
  const before = ftz.rasters.rows.get(ftz.swipe.sides[side]), row = ftz.rasters.rows.get(key);
  if (before) {
    ftz.swipe.set(before, "");
    before.side.value = "";
    if (ftz.groundMaps.opened.delete(before.key)) ftz.rasters.close(before.key);
  }
  if (row) {
    if (!row.on) ftz.groundMaps.opened.add(key);
    ftz.rasters.open(key);
    ftz.swipe.set(row, side);
    row.side.value = side;
    ftz.groundMaps.see(row);
  }
  ftz.groundMaps.fill();
};
/* A raster beyond the view would be a choice without an effect. */
ftz.groundMaps.see = function (row) {
  const bounds = row.pieces.map(({ raster }) => { const [west, south, east, north] = raster.bounds_lonlat; return L.latLngBounds([[south, west], [north, east]]); });
  if (!bounds.some((one) => ftz.map.getBounds().intersects(one))) ftz.map.fitBounds(bounds[0], { padding: [20, 20] });
};

ftz.parts.push(function groundMapsBegin() {
  if (!ftz.byId("swipe-left")) return;
  ["left", "right"].forEach((side) => ftz.groundMaps.select(side).addEventListener("change", ({ target }) => ftz.groundMaps.choose(side, target.value)));
  ftz.expand.opened.push(ftz.groundMaps.fill);
  ftz.rasters.listeners.push(ftz.groundMaps.fill);
  ftz.groundMaps.fill();
});
