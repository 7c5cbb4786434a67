/* Scales of the web mercator map, true at a latitude. */

const EQUATOR_M = 40075016.686;
const TILE_PX = 256;
/* A pixel of the page is 1/96 inch on paper. */
const PAPER_M_PER_PX = 0.0254 / 96;

/**
 * Metres of ground under a pixel.
 * @param {number} zoom
 * @param {number} lat
 */
export const metresPerPixel = (zoom, lat) => (EQUATOR_M * Math.cos((lat * Math.PI) / 180)) / (TILE_PX * 2 ** zoom);

/**
 * The denominator of the scale that a zoom has on paper.
 * @param {number} zoom
 * @param {number} lat
 */
export const scaleOfZoom = (zoom, lat) => metresPerPixel(zoom, lat) / PAPER_M_PER_PX;

/**
 * The zoom that has a scale on paper.
 * @param {number} scale
 * @param {number} lat
 */
export const zoomOfScale = (scale, lat) => Math.log2(scaleOfZoom(0, lat) / scale);
