/* What stands on the map beside the layers, for the legend and the printed sheet. */

/** Rows by the part that draws them. @type {Map<string, () => App.Children>} */
const makers = new Map();

/** Called when a part draws, or clears, what it has rows for. @type {(() => void)[]} */
export const listeners = [];

/**
 * @param {string} name
 * @param {() => App.Children} makeRows
 */
export const add = (name, makeRows) => makers.set(name, makeRows);
export const refresh = () => listeners.forEach((heard) => heard());
/** @returns {App.Children[]} */
export const all = () => [...makers.values()].map((makeRows) => makeRows());
