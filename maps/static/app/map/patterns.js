/* Patterns on a canvas: the same hatch and dots that shapes take from the page. */

import { el } from "../core/elements.js";
import * as theme from "../core/theme.js";
import * as layerLooks from "./layer_looks.js";

/** @type {{ made: Map<string, HTMLCanvasElement> }} */
const state = { made: new Map() };

/** @param {"hatch" | "dots"} name */
function imageOf(name) {
  const key = `${name} ${theme.shown()}`;
  const before = state.made.get(key);
  if (before) return before;
  const image = el("canvas", { width: 8, height: 8 }),
    pen = /** @type {CanvasRenderingContext2D} */ (image.getContext("2d"));
  const css = (/** @type {string} */ selector, /** @type {"fill" | "fillOpacity"} */ property) =>
    getComputedStyle(/** @type {Element} */ (document.querySelector(selector)))[property];
  const fill = (/** @type {string} */ selector) => {
    pen.fillStyle = pen.strokeStyle = css(selector, "fill");
    pen.globalAlpha = Number(css(selector, "fillOpacity"));
  };
  fill(`.${name}-ground`);
  pen.fillRect(0, 0, 8, 8);
  fill(name === "hatch" ? ".hatch-line" : ".dots-dot");
  if (name === "hatch") {
    pen.lineWidth = 1.8;
    pen.beginPath();
    [-8, 0, 8].forEach((shift) => {
      pen.moveTo(shift - 1, 9);
      pen.lineTo(shift + 9, -1);
    });
    pen.stroke();
  } else {
    pen.beginPath();
    [
      [2, 2],
      [6, 6],
    ].forEach(([x, y]) => {
      pen.moveTo(x + 1.1, y);
      pen.arc(x, y, 1.1, 0, 7);
    });
    pen.fill();
  }
  state.made.set(key, image);
  return image;
}
/** @param {string} kind */
export function patternOf(kind) {
  const { pattern } = layerLooks.styleOf(kind);
  return pattern === "hatch" || pattern === "dots" ? imageOf(pattern) : null;
}

/** @type {new (options: L.RendererOptions) => L.Canvas} */
const PatternCanvas = L.Canvas.extend({
  _fillStroke(/** @type {CanvasRenderingContext2D} */ pen, /** @type {L.Path} */ layer) {
    const { options } = layer;
    if (options.fill && options.canvasPattern) {
      pen.globalAlpha = options.fillOpacity ?? 1;
      pen.fillStyle = pen.createPattern(options.canvasPattern, "repeat") || "";
      pen.fill("evenodd");
      layer.options = { ...options, fill: false };
      L.Canvas.prototype._fillStroke.call(this, pen, layer);
      layer.options = options;
      return;
    }
    L.Canvas.prototype._fillStroke.call(this, pen, layer);
  },
  /* A printed page is drawn before the browser would draw it. */
  now() {
    if (this._map) {
      this._redrawBounds = null;
      this._redraw();
    }
  },
});
/** @param {L.RendererOptions} options */
export const makeCanvas = (options) => new PatternCanvas(options);
