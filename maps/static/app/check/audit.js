/* What the layers say against themselves. */

import { basisNotices, buttonById, byId, el, findById, makeTable } from "../core/elements.js";
import { page } from "../core/page.js";
import { runTask } from "../core/server.js";
import { formatNumber, named, tr, ui } from "../core/words.js";
import * as reviewLists from "./review_lists.js";

/** @type {{ place: L.Layer | null }} */
const state = { place: null };
const startRun = () =>
  reviewLists.runOnce(buttonById("audit-start"), byId("audit-result"), async () => {
    const task = await runTask("api/v1/audits", {}, byId("audit-progress"));
    return presentResult(task);
  });

/** @param {App.Task} task */
function presentResult(task) {
  const { audit } = /** @type {Answers.AuditWritten} */ (task.result);
  const titles = new Map(audit.layers.map((layer) => [layer.id, named(layer.title)]));
  const codes = [...new Set(audit.layers.flatMap((layer) => Object.keys(layer.faults)))];
  return [
    el("p", {}, ui("audit_total", { count: audit.total })),
    basisNotices(audit.basis),
    reviewLists.downloadLinks(task),
    makeTable(
      ui("audit"),
      [{ text: ui("audit_layer") }, ...codes.map((code) => ({ text: tr("fault_codes", code), number: true }))],
      audit.layers.map((layer) =>
        el(
          "tr",
          {},
          el("th", { scope: "row" }, named(layer.title)),
          codes.map((code) => el("td", { class: "number" }, String(layer.faults[code] || 0))),
        ),
      ),
    ),
    audit.line_pairs.map((pair) =>
      el(
        "p",
        { class: pair.places ? "notice demonstration" : "quiet" },
        ui(pair.places ? "audit_crossing" : "audit_apart", {
          left: titles.get(pair.left),
          right: titles.get(pair.right),
          places: pair.places,
          area: formatNumber(pair.area_m2, 2),
        }),
      ),
    ),
    audit.faults.length
      ? el("ul", { class: "plain-list" }, audit.faults.slice(0, reviewLists.MOST).map(makeFault))
      : null,
    reviewLists.restLine(audit.faults),
  ];
}

/** @param {Answers.AuditFault} fault */
function makeFault(fault) {
  const other = [fault.other_layer_id, fault.other_feature_id].filter(Boolean).join("/");
  const said = [
    fault.area_m2 === null ? "" : `${formatNumber(fault.area_m2, 2)} m²`,
    fault.stated_m2 === null
      ? ""
      : ui("audit_stated", { field: fault.field || "", area: formatNumber(fault.stated_m2, 2) }),
    fault.width_m === null ? "" : ui("audit_width", { width: formatNumber(fault.width_m, 2) }),
    fault.text ? `“${fault.text}”` : "",
    fault.repaired ? `→ “${fault.repaired}”` : "",
  ]
    .filter(Boolean)
    .join(" · ");
  return el(
    "li",
    { class: "past" },
    el("strong", {}, tr("fault_codes", fault.code)),
    el("span", {}, `${fault.layer_id}/${fault.feature_id || "—"}${other ? ` × ${other}` : ""}`),
    fault.at_lonlat
      ? el("button", { type: "button", class: "linklike", onclick: () => showFault(fault) }, ui("locate"))
      : null,
    el("span", { class: "quiet" }, said),
  );
}

/** @param {Answers.AuditFault} fault */
function showFault(fault) {
  if (!fault.at_lonlat) return;
  const [lon, lat] = fault.at_lonlat;
  if (state.place) state.place.remove();
  state.place = L.circleMarker([lat, lon], {
    radius: 14,
    color: page.config.styles.result.conflict,
    weight: 3,
    fill: false,
    interactive: false,
    pmIgnore: true,
  }).addTo(page.map);
  page.map.setView([lat, lon], Math.max(page.map.getZoom(), 16));
}

export function begin() {
  if (!findById("audit-start")) return;
  byId("audit-start").addEventListener("click", startRun);
  reviewLists.reopenAt("audit", "audit-result", presentResult);
}
