/* What was understood of data that come in: map, table, matches, what it replaces, what is asked. */

import * as intake from "../check/intake.js";
import * as answers from "../core/answers.js";
import { el, makeTable } from "../core/elements.js";
import { page } from "../core/page.js";
import { formatNumber, named, tableOf, tr } from "../core/words.js";
import { pathOptions } from "../map/layer_looks.js";
import { makeLegend } from "../map/rasters.js";

/** @param {string} key @param {Record<string, unknown>} [params] */
const say = (key, params) => tr("importing", key, params);

/**
 * @param {App.Bounds} bounds
 * @returns {[[number, number], [number, number]]}
 */
const corners = ([west, south, east, north]) => [
  [south, west],
  [north, east],
];

/**
 * A small map of what comes in over the counties; drawn once it stands in the page.
 * @param {App.Bounds} bounds
 * @param {(map: L.Map) => void} draw
 */
function makeMap(bounds, draw) {
  const box = el("div", { class: "import-map", role: "img", "aria-label": say("map") });
  setTimeout(async () => {
    const map = L.map(box, { attributionControl: false, maxZoom: 18 });
    map.fitBounds(corners(bounds), { padding: [18, 18], maxZoom: 15, animate: false });
    const counties = await answers.features("counties").catch(() => null);
    if (counties) L.geoJSON(counties, { interactive: false, pmIgnore: true, style: pathOptions("county") }).addTo(map);
    draw(map);
  }, 0);
  return box;
}

const looks = () => ({ color: page.config.styles.result.drawing, weight: 2, fillOpacity: 0.25 });

/** @param {Answers.ImportPreview} preview */
function layerMap({ sample, feature_count: count }) {
  const shapes = L.geoJSON(sample.features, {
    interactive: false,
    pmIgnore: true,
    style: looks,
    pointToLayer: (_, at) => L.circleMarker(at, { ...looks(), radius: 4 }),
  });
  const bounds = shapes.getBounds();
  if (!bounds.isValid()) return null;
  return [
    makeMap([bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()], (map) => shapes.addTo(map)),
    sample.shown < count ? el("p", { class: "quiet" }, say("drawn_of", { shown: sample.shown, count })) : null,
  ];
}

/** @param {Answers.ImportPreview["matched"][number]} match */
function matchRows(match) {
  const name = tableOf("attributes")[match.attribute] || match.attribute;
  const row = (/** @type {string} */ value, /** @type {App.Child} */ count, /** @type {string} */ meaning) =>
    el(
      "tr",
      {},
      el("th", { scope: "row" }, name),
      el("td", {}, match.field || "—"),
      el("td", {}, value),
      el("td", { class: "number" }, count),
      el("td", {}, meaning),
    );
  if (match.field === null) return row("", "", tr("layer_import", match.asked ? "not_found_asked" : "not_found"));
  if (!match.asked) return row("", "", tr("layer_import", "told"));
  return match.values.slice(0, 50).map((one) => {
    const rules = one.rules.map(named).join(tr("layer_import", "separator"));
    return row(one.said || "—", one.count, rules || tr("layer_import", one.meant === null ? "unknown" : "ended"));
  });
}

/** @param {Answers.ImportPreview["matched"]} matched */
const makeMatches = (matched) =>
  matched.length
    ? makeTable(
        tr("layer_import", "matched"),
        ["attribute", "field", "value", "count", "meaning"].map((key) => ({
          text: tr("layer_import", key),
          number: key === "count",
        })),
        matched.map(matchRows),
      )
    : null;

/** @param {Answers.ImportSample} sample */
const makeRows = ({ columns, rows }) =>
  rows.length
    ? el(
        "details",
        { open: true },
        el("summary", {}, say("rows", { count: rows.length })),
        makeTable(
          say("rows", { count: rows.length }),
          columns.map((text) => ({ text })),
          rows.map((row) =>
            el(
              "tr",
              {},
              row.map((cell) => el("td", {}, cell)),
            ),
          ),
        ),
      )
    : null;

/**
 * What counts no more once this has come in, and what was made with it.
 * @param {Answers.ImportChange} change
 */
export function makeChange({ stands, replaces, resting }) {
  if (stands) {
    const said = { id: stands.id, version: stands.version, title: named(stands.title) };
    return el("p", { class: "quiet" }, tr("layer_import", "would_store_nothing", said));
  }
  if (!replaces.length) return el("p", { class: "quiet" }, say("replaces_nothing"));
  return el(
    "div",
    { class: "import-change" },
    el("h3", {}, say("changes")),
    el(
      "ul",
      {},
      replaces.map((one) =>
        el(
          "li",
          {},
          say(one.partly ? "replaces_partly" : "replaces", {
            title: named(one.title),
            id: one.id,
            version: one.version,
          }),
          " ",
          el("span", { class: `badge ${one.status}` }, tr("statuses", one.status)),
        ),
      ),
    ),
    resting.length
      ? el(
          "details",
          {},
          el("summary", {}, tr("layer_import", "rest_on_these", { count: resting.length })),
          el(
            "ul",
            { class: "plain-list" },
            resting
              .slice(0, 50)
              .map((one) =>
                el(
                  "li",
                  {},
                  `${tr("withdrawals", `col_${one.what}`)} ${one.name || one.id} ${(one.day || "").slice(0, 10)}`,
                ),
              ),
          ),
        )
      : el("p", { class: "quiet" }, say("nothing_rests")),
  );
}

/** @param {Answers.ImportConcern} one */
export function concernText(one) {
  const table = tableOf("import_concerns")[one.code] ? "import_concerns" : "issues";
  if (!Array.isArray(one.params.where)) return tr(table, one.code, one.params);
  /** @type {{ zh: string, en: string, share_pct: number }[]} */
  const places = one.params.where;
  const where = places.map((place) => `${named(place) || "—"} ${formatNumber(place.share_pct, 1)} %`).join(", ");
  return tr(table, one.code, { ...one.params, where });
}

/**
 * @param {Answers.ImportPreview} preview
 */
export function layerPreview(preview) {
  const counties = preview.counties.slice(0, 5).map((one) => {
    const name = one.title ? named(one.title) : tr("layer_import", "no_county");
    return `${name} ${formatNumber(one.share_pct, 1)} %`;
  });
  return [
    el(
      "p",
      { class: "notice" },
      tr("layer_import", "would_come", {
        id: preview.id,
        kind: named(preview.kind_title),
        count: preview.feature_count,
      }),
      " ",
      tr("layer_import", "lies_in", { counties: counties.length ? counties : tr("layer_import", "no_county") }),
    ),
    preview.covered ? null : el("p", { class: "notice demonstration" }, say("uncovered")),
    layerMap(preview),
    makeMatches(preview.matched),
    makeRows(preview.sample),
    makeChange(preview.change),
    intake.makeReadReport(preview.read_report),
  ];
}

/** @param {Answers.RasterPreview} preview */
export function rasterPreview(preview) {
  return [
    el(
      "p",
      { class: "notice" },
      tr("layer_import", "raster_would_come", {
        ...preview,
        kind: named(preview.kind_title),
        pixel_m: formatNumber(preview.pixel_m, 1),
        least: formatNumber(preview.least, 2),
        most: formatNumber(preview.most, 2),
        unit: tr("raster_units", preview.unit),
      }),
    ),
    makeMap(preview.bounds_lonlat, (map) => {
      const { picture } = preview;
      // Counties are filled: the picture lies above them, and its frame above it.
      const pane = "raster";
      map.createPane(pane).style.zIndex = "410";
      if (picture) L.imageOverlay(picture.image, corners(picture.bounds_lonlat), { pane, opacity: 0.9 }).addTo(map);
      const frame = { ...looks(), pane, fill: !picture, interactive: false, pmIgnore: true };
      L.rectangle(corners(preview.bounds_lonlat), frame).addTo(map);
    }),
    preview.picture
      ? el(
          "div",
          { class: "import-legend" },
          el("h3", {}, named(preview.picture.style.title)),
          makeLegend(preview.picture),
        )
      : null,
    makeChange(preview.change),
  ];
}
