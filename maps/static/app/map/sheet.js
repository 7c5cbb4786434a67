/* A sheet to print: the map at a true scale on A4 or A3, with legend, sources and marks. */

import { byId, el, fieldById, findById, setChildren, svg } from "../core/elements.js";
import { hashState } from "../core/hash_state.js";
import { page } from "../core/page.js";
import * as theme from "../core/theme.js";
import { dayInChina, formatNumber, tr, ui } from "../core/words.js";
import { scaleOfZoom, zoomOfScale } from "./scale.js";
import * as mapCard from "./card.js";
import * as drawnLayers from "./layers.js";
import * as mapLegend from "./legend.js";
import * as mapMode from "./mode.js";

/**
 * @typedef {object} Home  Where the map was before it went on a sheet.
 * @property {Node} parent
 * @property {Node | null} next
 * @property {L.LatLng} centre
 * @property {number} zoom
 * @property {number | undefined} snap
 * @property {L.LatLngBounds} bounds
 */

/** @type {{ paper: string, turned: string, scale: number, home: Home | null }} */
const state = { paper: "a4", turned: "landscape", scale: 0, home: null };
/** From the size that reads well down to the least that paper still shows, in points. */
const LEGEND_SIZES_PT = [8.5, 8, 7.5, 7, 6.5, 6];
const SCALES = [5000, 10000, 25000, 50000, 100000, 250000, 500000, 1000000, 2500000, 5000000];

function openSheet() {
  if (findById("sheet")) return;
  mapMode.stopMode();
  mapCard.closeCard();
  const box = page.map.getContainer();
  state.home = {
    parent: /** @type {Node} */ (box.parentNode),
    next: box.nextSibling,
    centre: page.map.getCenter(),
    zoom: page.map.getZoom(),
    snap: page.map.options.zoomSnap,
    bounds: page.map.getBounds(),
  };
  page.map.options.zoomSnap = 0;
  document.documentElement.dataset.theme = "light";
  document.dispatchEvent(new Event("ftz:theme"));
  document.body.classList.add("on-sheet");
  document.body.append(
    el("div", { id: "sheet", role: "dialog", "aria-label": ui("print_map") }, makeBar(), makePage()),
  );
  byId("sheet-map").append(box);
  layOut();
  drawnLayers.state.listeners.push(fillSide);
  page.map.on("moveend", fillSide);
  byId("sheet-title").focus();
}

function closeSheet() {
  const { home } = state,
    box = page.map.getContainer();
  if (!home) return;
  drawnLayers.state.listeners = drawnLayers.state.listeners.filter((one) => one !== fillSide);
  page.map.off("moveend", fillSide);
  home.parent.insertBefore(box, home.next);
  byId("sheet").remove();
  document.body.classList.remove("on-sheet");
  theme.apply();
  page.map.options.zoomSnap = home.snap;
  page.map.invalidateSize({ animate: false });
  page.map.setView(home.centre, home.zoom, { animate: false });
  byId("tool-print").focus();
}

function makeBar() {
  const pick = (
    /** @type {string} */ id,
    /** @type {string} */ word,
    /** @type {[string, string][]} */ options,
    /** @type {string} */ chosen,
    /** @type {(value: string) => void} */ set,
  ) => {
    const select = el(
      "select",
      {
        id,
        onchange: () => {
          set(select.value);
          layOut();
        },
      },
      options.map(([value, text]) => el("option", { value, selected: value === chosen }, text)),
    );
    return el("label", {}, ui(word), select);
  };
  return el(
    "div",
    { class: "sheet-bar fields" },
    el(
      "label",
      { class: "grow" },
      ui("sheet_title"),
      el("input", { id: "sheet-title", maxlength: "80", value: ui("title"), oninput: () => fillSide() }),
    ),
    pick(
      "sheet-paper",
      "sheet_paper",
      [
        ["a4", "A4"],
        ["a3", "A3"],
      ],
      state.paper,
      (/** @type {string} */ value) => {
        state.paper = value;
      },
    ),
    pick(
      "sheet-turned",
      "sheet_turned",
      [
        ["landscape", ui("sheet_landscape")],
        ["portrait", ui("sheet_portrait")],
      ],
      state.turned,
      (/** @type {string} */ value) => {
        state.turned = value;
      },
    ),
    pick(
      "sheet-scale",
      "sheet_scale",
      [
        ["0", ui("sheet_fit")],
        ...SCALES.map((one) => /** @type {[string, string]} */ ([String(one), `1:${formatNumber(one, 0)}`])),
      ],
      String(state.scale),
      (/** @type {string} */ value) => {
        state.scale = Number(value);
      },
    ),
    el("button", { type: "button", class: "primary", onclick: () => window.print() }, ui("print")),
    el("button", { type: "button", class: "button", id: "sheet-close", onclick: closeSheet }, ui("close")),
  );
}

const makePage = () =>
  el(
    "div",
    { class: "page", id: "sheet-page" },
    el(
      "header",
      {},
      el("h2", { id: "sheet-name" }),
      svg(
        "svg",
        { class: "north", viewBox: "0 0 24 34", "aria-label": ui("north"), role: "img" },
        svg("path", { d: "M12 2 20 30 12 24 4 30z", fill: "none", stroke: "currentColor", "stroke-width": 1.5 }),
        svg("path", { d: "M12 2 20 30 12 24z", fill: "currentColor" }),
      ),
    ),
    el("div", { id: "sheet-map" }),
    el("aside", { id: "sheet-side" }),
    el("footer", { id: "sheet-notes" }),
  );

function layOut() {
  byId("sheet-page").className = `page ${state.paper} ${state.turned}`;
  const { map } = page,
    { home, scale } = state;
  if (!home) return;
  map.invalidateSize({ animate: false });
  if (scale) map.setView(home.centre, zoomOfScale(scale, home.centre.lat), { animate: false });
  else map.fitBounds(home.bounds, { animate: false });
  fillSide();
}

function fillSide() {
  const shown = mapLegend.shownLayers(),
    unsure = ["demonstration", "indicative"].filter((status) => shown.some((entry) => entry.status === status));
  const density = byId("legend"),
    now = scaleOfZoom(page.map.getZoom(), page.map.getCenter().lat);
  const exact = state.scale && Math.abs(now / state.scale - 1) < 0.001 ? state.scale : Math.round(now / 100) * 100;
  byId("sheet-name").textContent = fieldById("sheet-title").value;
  setChildren(
    byId("sheet-side"),
    el("h3", {}, ui("legend")),
    density.hidden
      ? null
      : el(
          "div",
          { class: "density" },
          [...density.children].map((one) => one.cloneNode(true)),
        ),
    mapLegend.makeList(),
    hashState.check && findById("verdict") ? el("p", { class: "result" }, byId("verdict").textContent) : null,
  );
  setChildren(
    byId("sheet-notes"),
    el(
      "p",
      {},
      el("b", {}, `1:${formatNumber(exact, 0)}`),
      ` ${ui("sheet_scale_note", { paper: state.paper.toUpperCase() })} · CGCS2000 (EPSG:4490)`,
      ` · ${dayInChina(new Date())}`,
    ),
    unsure.map((status) => el("p", { class: "unsure" }, tr("basis", status))),
    el("p", {}, `${ui("source")}: ${[...new Set(shown.map((entry) => tr("sources", entry.source)))].join("; ")}`),
    hashState.check ? el("p", {}, ui("check_id", { id: hashState.check, date: "" }).split(/[,，]/)[0]) : null,
  );
  /* After the notes: they take from the height that is left beside the map. */
  fitLegend();
}

/** What does not fit beside the map is set smaller, and at last on a page of its own: no row is cut off. */
function fitLegend() {
  const side = byId("sheet-side");
  findById("sheet-legend-page")?.remove();
  const fits = LEGEND_SIZES_PT.some((size) => {
    side.style.fontSize = `${size}pt`;
    return side.scrollHeight <= side.clientHeight && side.scrollWidth <= side.clientWidth;
  });
  if (fits) return;
  side.style.fontSize = "";
  const list = side.querySelector(":scope > ul");
  if (!list) return;
  list.replaceWith(el("p", {}, ui("sheet_legend_next")));
  byId("sheet").append(
    el(
      "div",
      { class: `page legend-page ${state.paper} ${state.turned}`, id: "sheet-legend-page" },
      el("h2", {}, `${fieldById("sheet-title").value} · ${ui("legend")}`),
      list,
    ),
  );
}

export function begin() {
  mapLegend.beginWith(
    page.config.embedded ? [] : [{ name: "print", icon: "print", word: "print_map", key: "p", act: () => openSheet() }],
  );
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && findById("sheet")) closeSheet();
  });
}
