/* The one page: its map and what it was told when it was made. Filled once, by the entry module. */

export const page = /** @type {App.Page} */ ({});

/**
 * The element of a pane of the map, made where there is none.
 * @param {string} name
 */
export const paneElement = (name) => page.map.getPane(name) || page.map.createPane(name);

/**
 * @param {L.Map} map
 * @param {App.Config} config
 */
export function fillPage(map, config) {
  page.map = map;
  page.config = config;
}
