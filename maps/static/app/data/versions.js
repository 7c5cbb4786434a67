/* Versions of a layer, and what changed between two of them: table and map. */

import { byId, el, makeTable, problemBox, setChildren } from "../core/elements.js";
import { hashState, remember, writeHash } from "../core/hash_state.js";
import { page } from "../core/page.js";
import { ask } from "../core/server.js";
import { formatNumber, named, tr, ui } from "../core/words.js";
import { makeWithdrawal } from "./withdraw.js";
import * as mapCard from "../map/card.js";
import * as drawnLayers from "../map/layers.js";

/** @type {{ shown: L.Layer | null, chosen: [string, string, string] | null }} */
const state = { shown: null, chosen: null };

/** @param {App.Layer} entry */
export async function openVersions(entry) {
  const place = byId(`versions-${entry.id}`);
  if (place.firstChild) {
    setChildren(place);
    return;
  }
  setChildren(place, el("p", { class: "busy" }, ui("loading")));
  try {
    const { layers } = await ask(`api/v1/layers/${encodeURIComponent(entry.id)}/versions`);
    setChildren(
      place,
      el(
        "ul",
        { class: "plain-list" },
        layers.map((/** @type {Answers.LayerOut} */ one) =>
          el(
            "li",
            {},
            ui("version_line", { version: one.version, date: one.created_at.slice(0, 10), count: one.feature_count }),
            makeWithdrawal({
              address: `api/v1/layers/${encodeURIComponent(one.id)}/versions/${one.version}`,
              label: `${named(one.title)} ${one.version}`,
              steps: one.withdrawals,
              refresh: () => location.reload(),
            }),
          ),
        ),
      ),
      layers.length > 1 ? makeForm(entry, layers) : el("p", { class: "quiet" }, ui("versions_one")),
    );
  } catch (problem) {
    setChildren(place, problemBox(problem));
  }
}

/**
 * @param {App.Layer} entry
 * @param {Answers.LayerOut[]} layers
 */
function makeForm(entry, layers) {
  const pick = (/** @type {string} */ word, /** @type {number} */ chosen) => {
    const select = el(
      "select",
      {},
      layers.map((one) => el("option", { value: one.version, selected: one.version === chosen }, one.version)),
    );
    return { label: el("label", {}, ui(word), select), select };
  };
  const from = pick("version_from", layers[1].version),
    to = pick("version_to", layers[0].version);
  return el(
    "form",
    {
      class: "fields pair",
      onsubmit: (event) => {
        event.preventDefault();
        compare(entry.id, from.select.value, to.select.value);
      },
    },
    from.label,
    to.label,
    el("button", { type: "submit", class: "button" }, ui("compare")),
  );
}

/**
 * @param {string} id
 * @param {string} from
 * @param {string} to
 */
async function compare(id, from, to) {
  const title = (drawnLayers.state.entries.get(id) || { title: { [page.config.lang]: id } }).title;
  const open = (/** @type {App.Children} */ children) =>
    mapCard.openCard("compare", ui("compared", { title: named(title), from, to }), children, clearCompared);
  state.chosen = [id, from, to];
  open([el("p", { class: "busy" }, ui("loading"))]);
  try {
    const answer = await ask(`api/v1/layers/${encodeURIComponent(id)}/diff?from_version=${from}&to_version=${to}`);
    drawChanges(answer);
    open(makeReport(answer));
    writeHash();
  } catch (problem) {
    open([problemBox(problem)]);
  }
}

/** @param {Answers.LayerComparison} answer */
function makeReport(answer) {
  const kinds = Object.entries(answer.counts);
  const ha = (/** @type {number | null} */ m2) => (m2 === null ? "—" : formatNumber(m2 / 1e4, 4));
  return [
    el(
      "p",
      { class: "chips" },
      kinds.map(([change, count]) => el("span", { class: `chip ${change}` }, `${tr("changes", change)} ${count}`)),
    ),
    el(
      "p",
      { class: "quiet" },
      ui("compared_same", {
        count: answer.same_count,
        before: ha(answer.area_before_m2),
        after: ha(answer.area_after_m2),
      }),
    ),
    answer.changes.length
      ? makeTable(
          ui("compare"),
          [
            { text: ui("feature") },
            { text: ui("change") },
            { text: ui("before_ha"), number: true },
            { text: ui("after_ha"), number: true },
          ],
          answer.changes.slice(0, 200).map((one) =>
            el(
              "tr",
              {
                tabindex: "0",
                onclick: () => goToChange(one),
                onkeydown: (event) => {
                  if (event.key === "Enter") goToChange(one);
                },
              },
              el("th", { scope: "row" }, one.feature_id),
              el(
                "td",
                {},
                tr("changes", one.change),
                one.attributes.length ? el("small", { class: "quiet" }, ` ${one.attributes.join(", ")}`) : null,
              ),
              el("td", { class: "number" }, ha(one.area_before_m2)),
              el("td", { class: "number" }, ha(one.area_after_m2)),
            ),
          ),
        )
      : el("p", { class: "notice" }, ui("compared_equal")),
    answer.more + Math.max(0, answer.changes.length - 200)
      ? el("p", { class: "quiet" }, ui("more", { count: answer.more + Math.max(0, answer.changes.length - 200) }))
      : null,
  ];
}

/**
 * Added is solid, removed dashed, the old course of what moved dotted: not by colour alone.
 * @param {Answers.LayerComparison} answer
 */
function drawChanges(answer) {
  removeChanges();
  const looks = page.config.styles.changes,
    pane = "result";
  const shape = (/** @type {App.Shape} */ geometry, /** @type {L.PathOptions} */ look) =>
    L.geoJSON(geometry, {
      pane,
      pmIgnore: true,
      interactive: false,
      style: { weight: 2, fillOpacity: 0.25, ...look },
      pointToLayer: (_, at) => L.circleMarker(at, { pane, radius: 7, ...look }),
    });
  const group = L.featureGroup([], { pmIgnore: true });
  answer.changes.forEach((one) => {
    if (one.before && one.change !== "renamed")
      shape(one.before, {
        color: looks[one.change === "moved" ? "moved" : "removed"],
        dashArray: one.change === "moved" ? "1 5" : "7 5",
        fillOpacity: one.change === "moved" ? 0 : 0.25,
      }).addTo(group);
    if (one.after) shape(one.after, { color: looks[one.change] }).addTo(group);
  });
  state.shown = group.addTo(page.map);
  if (group.getLayers().length) page.map.fitBounds(group.getBounds(), { padding: [60, 60], maxZoom: 15 });
}
/** @param {Answers.FeatureChangeOut} one */
const goToChange = (one) =>
  page.map.fitBounds(L.geoJSON(one.after || one.before).getBounds(), { padding: [60, 60], maxZoom: 17 });
function removeChanges() {
  if (state.shown) state.shown.remove();
  state.shown = null;
}
function clearCompared() {
  removeChanges();
  state.chosen = null;
  writeHash();
}

export function begin() {
  if (page.config.embedded) return;
  if (!page.map.getPane("result")) page.map.createPane("result").style.zIndex = "480";
  remember("compare", () => (state.chosen || []).join(","));
  const given = (hashState.given.get("compare") || "").split(",");
  if (given.length === 3) compare(given[0], given[1], given[2]);
}
