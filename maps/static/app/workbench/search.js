/* Find a name or coordinates: a box with a list that the arrow keys walk. */

import { announce, byId, el, fieldById, findById, setChildren } from "../core/elements.js";
import { page } from "../core/page.js";
import { ask } from "../core/server.js";
import { named, tr, ui } from "../core/words.js";
import * as identify from "../map/identify.js";
import * as drawnLayers from "../map/layers.js";
import * as frame from "./frame.js";

/** @type {{ found: Answers.PlaceFound[], at: number, turn: number, timer: number | undefined }} */
const state = { found: [], at: -1, turn: 0, timer: 0 };
const WAIT_MS = 200;

async function askPlaces() {
  const query = fieldById("search").value.trim(),
    turn = (state.turn += 1);
  if (!query) {
    closeList();
    return;
  }
  try {
    const answer = await ask(`api/v1/places?${new URLSearchParams({ q: query })}`);
    if (turn === state.turn) listPlaces(answer);
  } catch (problem) {
    if (turn === state.turn)
      openList([el("li", { class: "nothing", role: "presentation" }, problem.detail || ui("unreachable"))]);
  }
}

/** @param {Answers.PlaceList} answer */
function listPlaces({ places, more, lost }) {
  state.found = places;
  state.at = -1;
  const rows = places.map((place, at) =>
    el(
      "li",
      {
        role: "option",
        id: `found-${at}`,
        "aria-selected": "false",
        onmousedown: (event) => {
          event.preventDefault();
          goToPlace(at);
        },
      },
      el("span", {}, named(place.name)),
      el(
        "small",
        {},
        place.kind === "coordinates"
          ? place.crs
          : place.kind === "layer"
            ? ui("tab_layers")
            : place.layer_title && named(place.layer_title),
      ),
      place.kind === "coordinates"
        ? el("span", { class: "below" }, place.evidence.map((code) => tr("evidence", code)).join("; "))
        : null,
    ),
  );
  if (!rows.length) rows.push(el("li", { class: "nothing", role: "presentation" }, ui("search_nothing")));
  if (more) rows.push(el("li", { class: "nothing", role: "presentation" }, ui("more", { count: more })));
  if (lost.length)
    rows.push(el("li", { class: "nothing", role: "presentation" }, ui("versions_lost", { names: lost })));
  const many = places.filter((place) => place.kind === "coordinates").length > 1;
  if (many) rows.unshift(el("li", { class: "nothing", role: "presentation" }, ui("search_choose")));
  openList(rows);
  announce(places.length ? ui("search_count", { count: places.length }) : ui("search_nothing"));
}
/** @param {App.Children} rows */
function openList(rows) {
  setChildren(byId("search-found"), rows);
  byId("search-found").hidden = false;
  byId("search").setAttribute("aria-expanded", "true");
}
function closeList() {
  state.turn += 1;
  state.found = [];
  byId("search-found").hidden = true;
  byId("search").setAttribute("aria-expanded", "false");
  byId("search").removeAttribute("aria-activedescendant");
}
/** @param {number} at */
function markRow(at) {
  const count = state.found.length;
  if (!count) return;
  state.at = (at + count) % count;
  state.found.forEach((_, one) => byId(`found-${one}`).setAttribute("aria-selected", String(one === state.at)));
  const chosen = byId(`found-${state.at}`);
  chosen.scrollIntoView({ block: "nearest" });
  byId("search").setAttribute("aria-activedescendant", chosen.id);
}

/** @param {number} at */
function goToPlace(at) {
  const place = state.found[at];
  if (!place) return;
  fieldById("search").value = place.kind === "coordinates" ? fieldById("search").value : named(place.name);
  closeList();
  if (place.layer_id) drawnLayers.showLayer(place.layer_id);
  if (place.kind === "coordinates") {
    page.map.setView([place.lat_deg, place.lon_deg], Math.max(page.map.getZoom(), 14));
    identify.identifyAt(place.lon_deg, place.lat_deg);
    return;
  }
  if (!place.bounds_lonlat) return;
  const [west, south, east, north] = place.bounds_lonlat;
  page.map.fitBounds(
    [
      [south, west],
      [north, east],
    ],
    { padding: [60, 60], maxZoom: 15 },
  );
}

export function begin() {
  const box = /** @type {HTMLInputElement | null} */ (findById("search"));
  if (!box) return;
  box.placeholder = ui("search_hint");
  box.addEventListener("input", () => {
    clearTimeout(state.timer);
    state.timer = setTimeout(askPlaces, WAIT_MS);
  });
  box.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      markRow(state.at < 0 && step < 0 ? -1 : state.at + step);
    }
    if (event.key === "Escape") {
      event.stopPropagation();
      closeList();
    }
  });
  box.addEventListener("blur", closeList);
  byId("search-form").addEventListener("submit", async (event) => {
    event.preventDefault();
    clearTimeout(state.timer);
    if (!state.found.length) await askPlaces();
    const coordinates = state.found.filter((place) => place.kind === "coordinates");
    /* Of several meridians a person chooses; Enter takes only what is certain or marked. */
    if (state.at >= 0 || coordinates.length < 2) goToPlace(Math.max(0, state.at));
  });
  frame.keys.set("/", ["search_label", () => box.focus()]);
}
