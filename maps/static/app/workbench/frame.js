/* The frame: state from the address, tabs, panel, scheme, map controls. Begins before all others. */

import { announce, byId, el, findById, setChildren } from "../core/elements.js";
import { hashState, readHash, remember, writeHash } from "../core/hash_state.js";
import { page } from "../core/page.js";
import * as theme from "../core/theme.js";
import { ui } from "../core/words.js";
import * as tabs from "./tabs.js";

/**
 * Keys that work anywhere but in a field: key -> [word, action].
 * @type {Map<string, [string, () => void]>}
 */
export const keys = new Map();

/**
 * Short of room, the panel makes way for the map; a tab brings it back.
 * @param {boolean} on
 */
function fold(on) {
  document.body.classList.toggle("folded", on);
  byId("fold-button").setAttribute("aria-expanded", String(!on));
  page.map.invalidateSize({ animate: false });
  writeHash();
}
const folded = () => document.body.classList.contains("folded");

/** @param {string} name */
export function openTab(name) {
  if (name === hashState.tab && !folded()) return;
  if (folded()) fold(false);
  tabs.open(name);
}

function beginScheme() {
  const button = byId("theme-button");
  const words = () => {
    button.title = `${ui("theme")}: ${ui(`theme_${theme.chosen()}`)}`;
    button.setAttribute("aria-label", button.title);
  };
  button.addEventListener("click", () => {
    theme.next();
    words();
    announce(button.title);
  });
  words();
}

function beginLanguage() {
  if (!page.config.embedded) return;
  byId("lang-switch").addEventListener("click", (event) => {
    event.preventDefault();
    page.config.lang = ui("other_lang");
    writeHash();
    location.reload();
  });
}

/** @param {EventTarget | null} element */
export const isTyping = (element) =>
  element instanceof Element && element.matches("input, textarea, select, [contenteditable]");

const keysDialog = () => /** @type {HTMLDialogElement} */ (findById("keys"));
export const keysShown = () => keysDialog().open;

function showKeys() {
  const rows = [...keys].map(([key, [word]]) => [key.length === 1 ? key.toUpperCase() : key, word]);
  rows.push(["Enter", "key_enter"], ["Esc", "key_escape"]);
  const row = (/** @type {string[]} */ [key, word]) =>
    el("tr", {}, el("td", {}, el("kbd", {}, key)), el("td", {}, ui(word)));
  setChildren(
    keysDialog(),
    el("h2", {}, ui("keys")),
    el("p", { class: "quiet" }, ui("keys_map")),
    el("table", {}, el("tbody", {}, rows.map(row))),
    el("form", { method: "dialog" }, el("p", {}, el("button", { class: "primary" }, ui("close")))),
  );
  keysDialog().showModal();
}

/** @param {KeyboardEvent} event */
function pressKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || keysShown()) return;
  const known = keys.get(event.key.toLowerCase());
  if (!known) return;
  event.preventDefault();
  known[1]();
}

function beginTabs() {
  tabs.names().forEach((name) => {
    const tab = byId(`tab-${name}`);
    tab.addEventListener("click", () => openTab(name));
    tab.addEventListener("keydown", tabs.move);
  });
  const narrow = matchMedia("(max-width: 820px)");
  const turn = () => {
    const way = narrow.matches ? "horizontal" : "vertical";
    document.querySelector(".tabs")?.setAttribute("aria-orientation", way);
  };
  narrow.addEventListener("change", turn);
  turn();
  tabs.open(hashState.tab);
}

function beginMap() {
  const { map } = page;
  map.on("moveend", writeHash);
  const room = () => {
    map.getContainer().classList.toggle("room-for-counties", map.getZoom() >= 10);
    map.getContainer().classList.toggle("room-for-places", map.getZoom() >= 7);
  };
  map.on("zoomend", room);
  room();
  map.on("mousemove", ({ latlng }) => {
    byId("readout").textContent = `${latlng.lng.toFixed(5)}°E  ${latlng.lat.toFixed(5)}°N`;
  });
}

export function begin() {
  const { map } = page;
  map.attributionControl.setPrefix(false);
  map.getContainer().setAttribute("aria-label", ui("map_keys"));
  map.getContainer().setAttribute("role", "application");
  L.control.zoom({ position: "topright", zoomInTitle: ui("zoom_in"), zoomOutTitle: ui("zoom_out") }).addTo(map);
  L.control.scale({ position: "bottomleft", imperial: false }).addTo(map);
  readHash();
  beginTabs();
  remember("fold", () => (folded() ? "1" : ""));
  byId("fold-button").addEventListener("click", () => fold(!folded()));
  if (hashState.given.get("fold")) fold(true);
  byId("keys-button").addEventListener("click", showKeys);
  keys.set("?", ["keys", showKeys]);
  document.addEventListener("keydown", pressKey);
  beginScheme();
  beginLanguage();
  beginMap();
}
