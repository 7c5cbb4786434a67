/* Rasters as the list shows them: one row for each way of drawing. `listeners` are called when they were read anew. */

/** @type {{ rows: Map<string, App.RasterRow>, listeners: (() => void)[] }} */
export const state = { rows: new Map(), listeners: [] };

/** @param {string} key */
export const paneName = (key) => `raster-${key}`;
