/* Access of the chosen sites: travel on the roads in use, and isochrones on the map. */

import { basisNotices, byId, el, fieldById, findById, makeTable, problemBox, setChildren } from "../core/elements.js";
import { page } from "../core/page.js";
import { formatNumber, named, tr, ui } from "../core/words.js";
import * as expand from "./expand.js";

const ADDRESS = "api/v1/sites/access";
/** @type {{ group: L.FeatureGroup | null, turn: number, query: App.Query }} */
const state = { group: null, turn: 0, query: [] };

/** @returns {App.Query} */
const makeQuery = () => [
  ...fieldById("access-places")
    .value.split("\n")
    .map((line) => line.trim())
    .filter(Boolean)
    .map((line) => /** @type {[string, string]} */ (["places", line])),
  ...fieldById("access-minutes")
    .value.split(/[,，\s]+/)
    .filter(Boolean)
    .map((text) => /** @type {[string, string]} */ (["minutes", text])),
];

async function runAccess() {
  const status = byId("access-status");
  const chosen = expand.requireSites(status);
  if (!chosen) return;
  clearReport();
  const { turn } = state;
  state.query = makeQuery();
  setChildren(status, el("p", { class: "busy" }, ui("access_busy")));
  try {
    const report = await expand.askAbout(chosen, ADDRESS, [...state.query, ["geometry", "true"]]);
    if (turn !== state.turn) return;
    setChildren(status);
    setChildren(byId("access-result"), makeReport(report, chosen));
    drawIsochrones(report);
  } catch (problem) {
    if (turn === state.turn) setChildren(status, problemBox(problem));
  }
}

/** @param {string} text */
const notice = (text) => el("p", { class: "notice" }, text);

/**
 * @param {Answers.AccessReport} report
 * @param {App.ChosenSites} chosen
 */
const makeReport = (report, chosen) => [
  ...basisNotices(report.basis),
  report.network ? null : notice(tr("access", "no_roads")),
  report.missing.length ? notice(tr("access", "missing", { kinds: report.missing.map(named) })) : null,
  report.not_in_force.length
    ? notice(tr("access", "not_in_force", { layers: report.not_in_force.map((one) => named(one.title)) }))
    : null,
  ...report.sites.map((site) => makeSite(site, report)),
  report.network ? makeNetwork(report.network) : null,
  expand.downloadButtons(
    ui("access_sheet"),
    ["pdf", "docx", "xlsx", "html", ...(report.network ? ["geojson", "gpkg"] : [])],
    "access",
    (form) => expand.requestFor(chosen, ADDRESS, [...state.query, ["format", form]]),
  ),
  el("p", { class: "source" }, tr("access", "method")),
];

/**
 * @param {Answers.SiteAccess} site
 * @param {Answers.AccessReport} report
 */
const makeSite = (site, report) =>
  el(
    "article",
    { class: "ground" },
    expand.makeHeading(site, report.sites.length),
    el("p", {}, entryText(site, report)),
    site.unreached_km ? notice(tr("access", "unreached", { km: formatNumber(site.unreached_km, 3) })) : null,
    site.targets.length ? targetTable(site) : null,
    site.isochrones.length ? isochroneList(site, report) : null,
  );

/**
 * @param {Answers.SiteAccess} site
 * @param {Answers.AccessReport} report
 */
function entryText(site, { network }) {
  if (!network) return tr("access", "entry_no_network");
  if (!site.entry) return tr("access", "entry_none", { snap: formatNumber(network.snap_m, 0) });
  return tr("access", "entry", {
    road: site.entry.road ? named(site.entry.road) : tr("access", "unnamed"),
    distance: formatNumber(site.entry.distance_m, 1),
    lon: site.entry.lon.toFixed(6),
    lat: site.entry.lat.toFixed(6),
    piece: site.entry.piece,
    kmh: formatNumber(network.connection_kmh, 0),
  });
}

/** @param {Answers.Target} one */
function lengthText(one) {
  if (one.how === "straight") return ui("access_straight", { km: formatNumber(one.straight_km, 3) });
  if (one.how === "unreachable") return ui("access_unreachable");
  if (one.how === "unknown") return ui("access_unknown");
  return ui("access_km", { km: formatNumber(one.road_km, 3), shortest: formatNumber(one.shortest_km, 3) });
}

/**
 * How a target is reached, or why there is a straight line or no number.
 * @param {Answers.Target} one
 * @param {Answers.SiteAccess} site
 */
function howText(one, site) {
  if (one.how === "unknown") return tr("access", "how_unknown");
  const said =
    one.how === "road"
      ? tr("access", "how_road", { join: formatNumber(one.join_m, 1) })
      : tr("access", `why_${one.why}`, { piece: one.piece, entry: site.entry && site.entry.piece });
  if (one.count < 2) return said;
  const key = one.how === "road" ? "of_several" : "of_several_near";
  return said + tr("access", key, { count: one.count, reached: one.reached });
}

/** @param {Answers.SiteAccess} site */
const targetTable = (site) =>
  makeTable(
    tr("access", "targets"),
    [
      { text: tr("access", "col_target") },
      { text: tr("access", "col_minutes"), number: true },
      { text: tr("access", "col_how") },
    ],
    site.targets.map((one) =>
      el(
        "tr",
        {},
        el(
          "th",
          { scope: "row" },
          one.name ? tr("access", "named", { kind: named(one.title), name: named(one.name) }) : named(one.title),
        ),
        el("td", { class: "number" }, one.minutes === null ? "—" : formatNumber(one.minutes, 1)),
        el("td", {}, el("b", {}, lengthText(one)), el("br", {}), howText(one, site)),
      ),
    ),
  );

/**
 * @param {Answers.SiteAccess} site
 * @param {Answers.AccessReport} report
 */
const isochroneList = (site, { network }) => [
  el(
    "ul",
    { class: "plain" },
    site.isochrones.map((one) =>
      el(
        "li",
        {},
        ui("access_within", {
          minutes: formatNumber(one.minutes, 0),
          area: formatNumber(one.area_km2, 3),
          km: formatNumber(one.road_km, 3),
        }),
      ),
    ),
  ),
  network ? el("p", { class: "quiet" }, tr("access", "belt", { belt: formatNumber(network.belt_m, 0) })) : null,
  el("p", { class: "quiet" }, ui("access_on_map")),
  el("button", { type: "button", class: "button small", onclick: clearMap }, ui("access_clear")),
];

/** @param {Answers.Count[]} counts */
const counted = (counts) => counts.map((one) => `${one.text || tr("access", "no_class")} (${one.count})`);

/** @param {Answers.NetworkUsed} network */
const makeNetwork = (network) =>
  el(
    "article",
    { class: "ground" },
    el("h3", {}, tr("access", "network")),
    el(
      "p",
      {},
      network.layers.map((one) => `${named(one.title)} (${one.label}, ${tr("statuses", one.status)})`).join(" "),
    ),
    network.pieces.length > 1 ? pieceTable(network) : null,
    network.further_pieces
      ? el("p", {}, tr("access", "further", { count: network.further_pieces, km: formatNumber(network.further_km, 3) }))
      : null,
    network.left_out.length ? notice(tr("access", "left_out", { list: counted(network.left_out) })) : null,
    network.not_lines ? notice(tr("access", "not_lines", { count: network.not_lines })) : null,
    network.unlisted.length
      ? notice(
          tr("access", "unlisted", { list: counted(network.unlisted), kmh: formatNumber(network.unlisted_kmh, 0) }),
        )
      : null,
    network.unread.length ? notice(tr("access", "unread", { list: counted(network.unread) })) : null,
  );

/** @param {Answers.NetworkUsed} network */
const pieceTable = (network) =>
  makeTable(
    tr("access", "pieces_caption"),
    [
      { text: tr("access", "col_piece"), number: true },
      { text: tr("access", "col_road_km"), number: true },
      { text: tr("access", "col_road_name") },
    ],
    network.pieces.map((one) =>
      el(
        "tr",
        {},
        el("td", { class: "number" }, one.number),
        el("td", { class: "number" }, formatNumber(one.road_km, 3)),
        el("td", {}, one.name ? named(one.name) : tr("access", "unnamed")),
      ),
    ),
  );

/** @param {Answers.AccessReport} report */
function drawIsochrones(report) {
  const colour = page.config.styles.result.conditional;
  const group = L.featureGroup([], { pmIgnore: true });
  report.sites.forEach((site) => {
    const rising = [...site.isochrones].sort((one, other) => other.minutes - one.minutes);
    rising.forEach((one, at) => {
      if (!one.geometry) return;
      const style = { color: colour, weight: 1.2, fillColor: colour, fillOpacity: 0.1 + (0.3 * at) / rising.length };
      /** @type {L.Layer} */
      const drawn = L.geoJSON(one.geometry, { pane: "result", pmIgnore: true, className: "isochrone", style });
      drawn.bindTooltip(ui("access_minutes_unit", { minutes: formatNumber(one.minutes, 0) }), { sticky: true });
      drawn.addTo(group);
    });
  });
  if (!group.getLayers().length) return;
  state.group = group.addTo(page.map);
  page.map.fitBounds(group.getBounds(), { padding: [30, 30] });
}

function clearMap() {
  if (state.group) state.group.remove();
  state.group = null;
}
function clearReport() {
  state.turn += 1;
  ["access-status", "access-result"].forEach((id) => setChildren(byId(id)));
  clearMap();
}

export function begin() {
  if (!findById("access-button")) return;
  byId("access-button").addEventListener("click", runAccess);
  expand.state.listeners.push(clearReport);
}
