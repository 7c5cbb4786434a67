/* Two rasters beside one another: a divider shows one left of it and one right of it. */
"use strict";

ftz.swipe = { sides: { left: null, right: null }, at: 50 };

/* `side` is left, right or empty; a side holds one raster. */
ftz.swipe.set = function (row, side) {
  Object.keys(ftz.swipe.sides).forEach((name) => { if (ftz.swipe.sides[name] === row.key) ftz.swipe.sides[name] = null; });
  const other = side && ftz.rasters.rows.get(ftz.swipe.sides[side]);
  if (other && other.side) other.side.value = "";
  if (side) ftz.swipe.sides[side] = row.key;
  ftz.swipe.draw();
  ftz.writeState();
};

ftz.swipe.used = () => Object.values(ftz.swipe.sides).some((key) => key && (ftz.rasters.rows.get(key) || {}).on);

/* What is seen on a side that no raster is laid on is the map itself. */
ftz.swipe.name = function (key) {
  const row = ftz.rasters.rows.get(key);
  return row && row.on ? ftz.named(row.title) : ftz.ui("swipe_base");
};

ftz.swipe.draw = function () {
  const used = ftz.swipe.used();
  ftz.swipe.handle.hidden = ftz.swipe.line.hidden = !used;
  const size = ftz.map.getSize(), from = ftz.map.containerPointToLayerPoint([0, 0]), to = ftz.map.containerPointToLayerPoint(size);
  L.DomUtil.setPosition(ftz.swipe.frame, from);
  [ftz.swipe.frame.style.width, ftz.swipe.frame.style.height] = [`${size.x}px`, `${size.y}px`];
  ftz.swipe.line.style.left = `${ftz.swipe.at}%`;
  const names = Object.fromEntries(Object.entries(ftz.swipe.sides).map(([side, key]) => [side, ftz.swipe.name(key)]));
  Object.entries(names).forEach(([side, name]) => { ftz.swipe.names[side].textContent = name; });
  ftz.swipe.handle.setAttribute("aria-valuetext", ftz.ui("swipe_at", { at: ftz.swipe.at, ...names }));
  const middle = from.x + (size.x * ftz.swipe.at) / 100;
  ftz.rasters.rows.forEach((row) => {
    const pane = ftz.map.getPane(ftz.rasters.paneOf(row.key));
    if (!pane) return;
    const side = Object.keys(ftz.swipe.sides).find((name) => ftz.swipe.sides[name] === row.key);
    const [left, right] = side === "left" ? [from.x, middle] : [middle, to.x];
    pane.style.clip = side && used ? `rect(${from.y}px, ${right}px, ${to.y}px, ${left}px)` : "";
  });
};

ftz.swipe.choice = function (row) {
  const option = (value, word) => ftz.el("option", { value }, ftz.ui(word));
  row.side = ftz.el("select", { onchange: () => ftz.swipe.set(row, row.side.value) }, option("", "swipe_none"), option("left", "swipe_left"), option("right", "swipe_right"));
  row.side.value = Object.keys(ftz.swipe.sides).find((name) => ftz.swipe.sides[name] === row.key) || "";
  return ftz.el("label", {}, ftz.ui("swipe"), row.side);
};

ftz.parts.push(function swipeBegin() {
  if (ftz.config.embedded) return;
  const [left, right, at] = (ftz.state.given.get("swipe") || "").split(",");
  ftz.swipe.sides = { left: left || null, right: right || null };
  if (Number(at) > 0) ftz.swipe.at = Math.min(Number(at), 100);
  ftz.swipe.names = Object.fromEntries(["left", "right"].map((side) => [side, ftz.el("span", { class: `swipe-name ${side}` })]));
  ftz.swipe.line = ftz.el("div", { class: "swipe-line", "aria-hidden": "true", hidden: true }, Object.values(ftz.swipe.names));
  ftz.swipe.handle = ftz.el("input", { type: "range", class: "swipe-handle", min: 0, max: 100, step: 1, value: ftz.swipe.at, hidden: true, "aria-label": ftz.ui("swipe_handle") });
  ftz.swipe.handle.addEventListener("input", () => { ftz.swipe.at = Number(ftz.swipe.handle.value); ftz.swipe.draw(); });
  ftz.swipe.handle.addEventListener("change", ftz.writeState);
  L.DomEvent.disableClickPropagation(ftz.swipe.handle);
  /* In a pane of the map, so that popups open above it. */
  ftz.swipe.frame = ftz.el("div", { class: "swipe" }, ftz.swipe.line, ftz.swipe.handle);
  const pane = ftz.map.createPane("swipe");
  pane.style.zIndex = 690;
  pane.append(ftz.swipe.frame);
  ftz.map.on("move zoomend resize layeradd layerremove", ftz.swipe.draw);
  ftz.remember("swipe", () => (ftz.swipe.used() ? [ftz.swipe.sides.left || "", ftz.swipe.sides.right || "", ftz.swipe.at].join() : ""));
});
