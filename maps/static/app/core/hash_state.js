/* The address after # restores view, tab, layers, check and what other parts remember. */

import { byId } from "./elements.js";
import { page } from "./page.js";

export const hashState = {
  tab: "layers",
  layers: /** @type {string[] | null} */ (null),
  check: /** @type {string | null} */ (null),
  given: new URLSearchParams(),
  holdsView: false,
};

/** @type {Map<string, () => string>} */
const memories = new Map();

/**
 * A part's share of the address: `write` returns its text, or "" for nothing to remember.
 * What the address held at the start is `hashState.given.get(name)`.
 * @param {string} name
 * @param {() => string} write
 */
export const remember = (name, write) => memories.set(name, write);

const BY_HAND = ["pointerdown", "keydown", "wheel", "drop", "change"];

/* Until somebody does anything, results that are opened again leave the map where the address says. */
function holdView() {
  hashState.holdsView = true;
  const release = () => (hashState.holdsView = false);
  BY_HAND.forEach((name) => document.addEventListener(name, release, { capture: true, once: true, passive: true }));
}

/**
 * The map goes to a result, unless the address holds it.
 * @param {L.LatLngBounds} bounds
 * @param {L.FitBoundsOptions} options
 */
export function goTo(bounds, options) {
  if (!hashState.holdsView) page.map.fitBounds(bounds, options);
}

export function readHash() {
  const given = (hashState.given = new URLSearchParams(location.hash.slice(1)));
  const at = (given.get("at") || "").split("/").map(Number);
  if (at.length === 3 && at.every(Number.isFinite)) {
    page.map.setView([at[1], at[2]], at[0], { animate: false });
    holdView();
  }
  hashState.tab = given.get("tab") || "layers";
  hashState.layers = given.has("layers") ? (given.get("layers") || "").split(",").filter(Boolean) : null;
  hashState.check = given.get("check");
}

export function writeHash() {
  const { lat, lng } = page.map.getCenter();
  const parts = [`at=${+page.map.getZoom().toFixed(2)}/${lat.toFixed(5)}/${lng.toFixed(5)}`, `tab=${hashState.tab}`];
  if (hashState.layers) parts.push(`layers=${hashState.layers.join(",")}`);
  if (hashState.check) parts.push(`check=${hashState.check}`);
  memories.forEach((write, name) => {
    const text = write();
    if (text) parts.push(`${name}=${encodeURIComponent(text)}`);
  });
  if (page.config.embedded) parts.push(`lang=${page.config.lang}`);
  history.replaceState(null, "", `#${parts.join("&")}`);
  document.dispatchEvent(new Event("ftz:changed"));
  const other = /** @type {HTMLAnchorElement} */ (byId("lang-switch"));
  if (!page.config.embedded) other.href = `${(other.getAttribute("href") || "").split("#")[0]}${location.hash}`;
}
