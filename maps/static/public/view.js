/* What the window shows: the whole map at first, at every width and on paper; a place of a link later. */

import { page } from "../app/core/page.js";

/** @type {{ moved: boolean, before: L.LatLngBounds | null }} */
const view = { moved: false, before: null };

/** Room in pixels around what must be seen: for names at its edge, and below for the review number. */
const ROOM = /** @type {L.FitBoundsOptions} */ ({ paddingTopLeft: [14, 14], paddingBottomRight: [14, 42] });

/** @param {App.Bounds} bounds */
const corners = ([west, south, east, north]) => L.latLngBounds([south, west], [north, east]);

/**
 * @param {App.Bounds} bounds
 * @param {number} [nearest] the largest zoom, for what has no extent
 */
export function goTo(bounds, nearest = 15) {
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  page.map.fitBounds(corners(bounds), { animate: !still, ...ROOM, maxZoom: nearest });
}

function showWhole() {
  page.map.fitBounds(corners(page.config.publication.bounds_lonlat), {
    animate: false,
    ...ROOM,
  });
}

/** @param {string | null} place latitude, longitude, zoom of a link */
function showLinked(place) {
  const [lat, lon, zoom] = (place || "").split(",").map(Number);
  if (![lat, lon, zoom].every(Number.isFinite) || Math.abs(lat) > 85 || Math.abs(lon) > 180) return false;
  page.map.setView([lat, lon], zoom, { animate: false });
  return true;
}

/** The view as a link says it. */
export function placeOfLink() {
  const { lat, lng } = page.map.getCenter();
  return `${lat.toFixed(4)},${lng.toFixed(4)},${page.map.getZoom()}`;
}

/** @param {string | null} place */
export function beginView(place) {
  const { map } = page;
  /* In quarters of a level, so that a narrow window need not show half of the province. */
  Object.assign(map.options, { zoomSnap: 0.25, zoomDelta: 1, wheelPxPerZoomLevel: 90 });
  map.invalidateSize({ animate: false });
  view.moved = showLinked(place);
  if (!view.moved) showWhole();
  map.on("dragstart keydown zoomstart", () => {
    view.moved = true;
  });
  view.moved = view.moved || false;
  map.on("resize", () => {
    if (!view.moved) refit();
  });
  window.addEventListener("beforeprint", layOutForPaper);
  window.addEventListener("afterprint", layOutForScreen);
}

/* The same frame again: a fit is no move of the reader. */
function refit() {
  const { moved } = view;
  showWhole();
  view.moved = moved;
}

function layOutForPaper() {
  view.before = view.moved ? page.map.getBounds() : null;
  document.body.classList.add("on-paper");
  page.map.invalidateSize({ animate: false });
  if (view.before) page.map.fitBounds(view.before, { animate: false });
  else refit();
}

function layOutForScreen() {
  document.body.classList.remove("on-paper");
  page.map.invalidateSize({ animate: false });
  if (view.before) page.map.fitBounds(view.before, { animate: false });
  else refit();
}
