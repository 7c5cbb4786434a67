/* Rasters on the map: one row for each way of drawing them, with opacity and legend. */

import { badge, byId, el, faultNotes, problemBox, setChildren, svg } from "../core/elements.js";
import { hashState, remember, writeHash } from "../core/hash_state.js";
import { page } from "../core/page.js";
import { ask, fromPage } from "../core/server.js";
import { formatNumber, named, tr, ui } from "../core/words.js";
import { isWithdrawn, makeWithdrawal } from "../data/withdraw.js";
import * as rasterRows from "./raster_rows.js";
import * as swipe from "./swipe.js";

/** @type {Record<string, string>} */
const Z_INDEX = { hillshade: "416" };
/** @param {string} key */
function paneOf(key) {
  const name = rasterRows.paneName(key);
  if (!page.map.getPane(name)) page.map.createPane(name).style.zIndex = Z_INDEX[key] || "413";
  return name;
}

/**
 * Rasters that are drawn alike share a row: three districts have three models of heights.
 * @param {Answers.RasterOut[]} rasters
 */
function gatherRows(rasters) {
  const rows = new Map();
  rasters
    .filter((raster) => raster.in_use)
    .forEach((raster) =>
      raster.styles.forEach((style) => {
        const key = raster.kind === "suitability" ? `${style.id}-${raster.id}` : style.id;
        const row = rows.get(key) || {
          key,
          style,
          title: raster.kind === "suitability" ? raster.title : style.title,
          kind: raster.kind,
          statuses: new Set(),
          pieces: [],
        };
        row.statuses.add(raster.status);
        row.pieces.push({ raster, tiles: fromPage(style.tiles) });
        rows.set(key, row);
      }),
    );
  return [...rows.values()];
}

/**
 * @param {App.RasterRow["pieces"][number]} piece
 * @param {string} key
 * @param {number} opacity
 */
function makeLayer({ raster, tiles }, key, opacity) {
  const [west, south, east, north] = raster.bounds_lonlat;
  return L.tileLayer(tiles, {
    pane: paneOf(key),
    bounds: [
      [south, west],
      [north, east],
    ],
    maxZoom: 22,
    opacity,
    noWrap: true,
    pmIgnore: true,
  });
}

/**
 * @param {App.RasterRow} row
 * @param {boolean} on
 */
function toggleRow(row, on) {
  if (row.group) row.group.remove();
  row.group = on
    ? L.layerGroup(
        row.pieces.map((piece) => makeLayer(piece, row.key, row.opacity)),
        { pmIgnore: true },
      ).addTo(page.map)
    : null;
  row.on = on;
  row.more.hidden = !on;
  swipe.drawDivider();
  writeHash();
}
/** @param {string} key */
export function openRow(key) {
  const row = rasterRows.state.rows.get(key);
  if (!row || row.on) return;
  row.box.checked = true;
  toggleRow(row, true);
}
/** @param {string} key */
export function closeRow(key) {
  const row = rasterRows.state.rows.get(key);
  if (!row || !row.on) return;
  row.box.checked = false;
  toggleRow(row, false);
}
/**
 * @param {App.RasterRow} row
 * @param {number} opacity
 */
export function fadeRow(row, opacity) {
  row.opacity = opacity;
  row.slider.value = String(opacity);
  if (row.group) /** @type {L.TileLayer[]} */ (row.group.getLayers()).forEach((layer) => layer.setOpacity(opacity));
}

/** @param {{ style: Answers.RasterStyle }} row */
export function makeLegend(row) {
  const key = (/** @type {Answers.LegendEntry} */ entry) =>
    svg(
      "svg",
      { class: "key", viewBox: "0 0 10 10", "aria-hidden": "true" },
      svg("rect", { width: 10, height: 10, fill: entry.colour }),
    );
  let lower = /** @type {number | null} */ (0);
  const words = (/** @type {Answers.LegendEntry} */ entry) => {
    if (entry.name) return named(entry.name);
    const from = lower;
    lower = entry.upper;
    const unit = row.style.unit === "deg" ? "°" : ` ${row.style.unit}`;
    if (row.style.id === "elevation") return `${entry.upper}${unit}`;
    return entry.upper === null ? `> ${from}${unit}` : `${from}–${entry.upper}${unit}`;
  };
  return el(
    "ul",
    { class: "keys" },
    row.style.legend.map((entry) => el("li", {}, key(entry), words(entry))),
  );
}

/** @param {App.RasterRow} row */
function makeRow(row) {
  row.opacity = row.style.id === "hillshade" ? 1 : 0.7;
  /** @type {HTMLInputElement} */
  const box = el("input", { type: "checkbox", id: `raster-${row.key}`, onchange: () => toggleRow(row, box.checked) });
  /** @type {HTMLInputElement} */
  const slider = el("input", {
    type: "range",
    min: 0,
    max: 1,
    step: 0.05,
    value: row.opacity,
    "aria-label": `${ui("raster_opacity")}: ${named(row.title)}`,
    oninput: () => fadeRow(row, Number(slider.value)),
  });
  row.box = box;
  row.slider = slider;
  row.more = el(
    "div",
    { class: "raster-more", hidden: true },
    el("label", {}, ui("raster_opacity"), slider),
    swipe.makeChoice(row),
    makeLegend(row),
    row.kind === "suitability" ? el("p", { class: "quiet" }, ui("suit_form_raster")) : null,
    el(
      "p",
      { class: "quiet" },
      row.pieces.map(({ raster }) => `${named(raster.title)} · ${formatNumber(raster.pixel_m, 0)} m`).join("; "),
    ),
    row.pieces.map(({ raster }) => makeVersions(raster)),
  );
  return el(
    "li",
    {},
    el("label", { for: box.id }, box, el("span", { class: "name" }, named(row.title))),
    el(
      "span",
      { class: "meta" },
      [...row.statuses].map((status) => badge("statuses", status)),
    ),
    row.more,
  );
}

/**
 * The versions of a raster, read when they are asked for.
 * @param {Answers.RasterOut} raster
 */
function makeVersions(raster) {
  const place = el("ul", { class: "plain-list" });
  const address = `api/v1/rasters/${encodeURIComponent(raster.id)}/versions`;
  const show = async () => {
    try {
      const { rasters } = await ask(address);
      setChildren(
        place,
        rasters.map((/** @type {Answers.RasterOut} */ one) =>
          el(
            "li",
            {},
            `${one.version} · ${one.created_at.slice(0, 10)} · ${formatNumber(one.pixel_m, 0)} m`,
            makeWithdrawal({
              address: `${address}/${one.version}`,
              label: `${named(one.title)} ${one.version}`,
              steps: one.withdrawals,
              refresh: () => void loadRasters(),
            }),
          ),
        ),
      );
    } catch (problem) {
      setChildren(place, problemBox(problem));
    }
  };
  const title = `${named(raster.title)}: ${ui("versions")}`;
  return el("details", { ontoggle: show }, el("summary", {}, title), place);
}

/** @param {Answers.RasterOut[]} rasters */
function makeWithdrawn(rasters) {
  const gone = rasters.filter((raster) => isWithdrawn(raster.withdrawals));
  if (!gone.length) return null;
  return el("section", { id: "rasters-withdrawn" }, el("h2", {}, tr("withdrawals", "gone")), gone.map(makeVersions));
}

export async function loadRasters() {
  const answer = await ask("api/v1/rasters");
  const on = new Set([...rasterRows.state.rows.values()].filter((row) => row.on).map((row) => row.key));
  rasterRows.state.rows.forEach((row) => row.on && toggleRow(row, false));
  const rows = gatherRows(answer.rasters);
  rasterRows.state.rows = new Map(rows.map((row) => [row.key, row]));
  setChildren(
    byId("raster-list"),
    faultNotes(answer),
    rows.length
      ? el("section", {}, el("h2", {}, ui("group_rasters")), el("ul", { class: "layers" }, rows.map(makeRow)))
      : "",
    makeWithdrawn(answer.rasters),
  );
  on.forEach(openRow);
  rasterRows.state.listeners.forEach((heard) => heard());
}

export function begin() {
  if (page.config.embedded) return;
  byId("layer-list").after(el("div", { id: "raster-list" }));
  const wanted = (hashState.given.get("rasters") || "").split(",").filter(Boolean);
  /* Until the list is there, what the address says holds. */
  let listed = false;
  remember("rasters", () => {
    if (!listed) return wanted.join(",");
    return [...rasterRows.state.rows.values()]
      .filter((row) => row.on)
      .map((row) => row.key)
      .join(",");
  });
  loadRasters().then(
    () => {
      wanted.forEach(openRow);
      listed = true;
      rasterRows.state.listeners.forEach((heard) => heard());
    },
    () => null,
  );
}
