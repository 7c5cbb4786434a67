/* Patterns on a canvas: the same hatch and dots that shapes take from the page. */
"use strict";

ftz.patterns = { made: new Map() };

ftz.patterns.image = function (name) {
  const key = `${name} ${ftzTheme.shown()}`;
  if (ftz.patterns.made.has(key)) return ftz.patterns.made.get(key);
  const image = ftz.el("canvas", { width: 8, height: 8 }), pen = image.getContext("2d");
  const css = (selector, property) => getComputedStyle(document.querySelector(selector))[property];
  const fill = (selector) => { pen.fillStyle = pen.strokeStyle = css(selector, "fill"); pen.globalAlpha = Number(css(selector, "fillOpacity")); };
  fill(`.${name}-ground`);
  pen.fillRect(0, 0, 8, 8);
  fill(name === "hatch" ? ".hatch-line" : ".dots-dot");
  if (name === "hatch") {
    pen.lineWidth = 1.8;
    pen.beginPath();
    [-8, 0, 8].forEach((shift) => { pen.moveTo(shift - 1, 9); pen.lineTo(shift + 9, -1); });
    pen.stroke();
  } else {
    pen.beginPath();
    [[2, 2], [6, 6]].forEach(([x, y]) => { pen.moveTo(x + 1.1, y); pen.arc(x, y, 1.1, 0, 7); });
    pen.fill();
  }
  ftz.patterns.made.set(key, image);
  return image;
};
ftz.patterns.of = function (kind) {
  const { pattern } = ftz.layers.style(kind);
  return pattern === "hatch" || pattern === "dots" ? ftz.patterns.image(pattern) : null;
};

ftz.patterns.Canvas = L.Canvas.extend({
  _fillStroke(pen, layer) {
    const { options } = layer;
    if (options.fill && options.canvasPattern) {
      pen.globalAlpha = options.fillOpacity;
      pen.fillStyle = pen.createPattern(options.canvasPattern, "repeat");
      pen.fill(options.fillRule || "evenodd");
      layer.options = { ...options, fill: false };
      L.Canvas.prototype._fillStroke.call(this, pen, layer);
      layer.options = options;
      return;
    }
    L.Canvas.prototype._fillStroke.call(this, pen, layer);
  },
  /* A printed page is drawn before the browser would draw it. */
  now() { if (this._map) { this._redrawBounds = null; this._redraw(); } },
});
ftz.patterns.canvas = (options) => new ftz.patterns.Canvas(options);
