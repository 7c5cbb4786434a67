/* Layers of many features as vector tiles; a click asks the server what stands there. */
"use strict";

ftz.tiles = { MOST_FEATURES: 5000 };

ftz.tiles.layer = async function (entry) {
  const address = `/api/v1/layers/${encodeURIComponent(entry.id)}/tiles`;
  entry.tiles = await ftz.ask(address);
  if (!entry.tiles.ready) {
    ftz.show(entry.state, ftz.ui("tiles_making"));
    await ftz.task(address, {}, entry.state);
    entry.tiles = await ftz.ask(address);
  }
  entry.state.textContent = ftz.ui("tiled", { count: ftz.number(entry.feature_count, 0) });
  return ftz.tiles.drawn(entry);
};

ftz.tiles.drawn = function (entry) {
  const { url, max_zoom, name } = entry.tiles, symbolizer = ftz.tiles.symbolizer(entry.kind);
  return protomapsL.leafletLayer({
    url, maxDataZoom: max_zoom, paintRules: [{ dataLayer: name, symbolizer }], labelRules: [],
    pane: ftz.layers.pane(entry), attribution: "", noWrap: true, pmIgnore: true,
  });
};

/* The look of a kind as shapes have it: fill or pattern, line, dashes. */
ftz.tiles.symbolizer = function (kind) {
  const look = ftz.layers.pathOptions(kind), pattern = ftz.patterns.of(kind);
  const dashes = look.dashArray ? look.dashArray.split(" ").map(Number) : [];
  const path = (pen, rings) => {
    pen.beginPath();
    rings.forEach((ring) => ring.forEach((point, at) => (at ? pen.lineTo(point.x, point.y) : pen.moveTo(point.x, point.y))));
  };
  return {
    before(pen) { pen.fillStyle = pattern ? pen.createPattern(pattern, "repeat") : look.fillColor; pen.strokeStyle = look.color; },
    draw(pen, rings, zoom, feature) {
      /* 1 point, 2 line, 3 polygon, as the tiles have it. */
      if (feature.geomType === 1) { pen.beginPath(); rings.forEach(([point]) => { pen.moveTo(point.x + 3, point.y); pen.arc(point.x, point.y, 3, 0, 7); }); } else path(pen, rings);
      if (feature.geomType !== 2 && look.fill) { pen.globalAlpha = look.fillOpacity; pen.fill("evenodd"); }
      pen.globalAlpha = 1;
      pen.lineWidth = zoom < 12 ? look.weight / 2 : look.weight;
      pen.setLineDash(dashes);
      pen.stroke();
      pen.setLineDash([]);
    },
  };
};
