/* What the layers say of the plan's own claim, and against themselves. */
"use strict";

ftz.claim = {};
ftz.claim.start = () => ftz.review.once(ftz.byId("claim-start"), ftz.byId("claim-result"), async () =>
  ftz.claim.present(await ftz.ask("/api/v1/claim")));

ftz.claim.present = function (claim) {
  const held = { true: "claim_holds", false: "claim_fails", null: "claim_open" }[String(claim.holds)];
  return [ftz.el("blockquote", {}, ftz.named(claim.claim), ftz.el("footer", { class: "quiet" }, claim.source)),
    ftz.el("div", { class: `verdict ${claim.verdict}` }, ftz.el("b", {}, ftz.ui(held)), ftz.el("span", {}, claim.checked_on)),
    ftz.basis(claim.basis), claim.units.map(ftz.claim.unit)];
};

ftz.claim.unit = (unit) => ftz.el("article", { class: `finding ${unit.verdict}` },
  ftz.el("h3", {}, ftz.named(unit.name), ftz.badge("verdicts", unit.verdict)),
  unit.reason ? ftz.el("p", { class: "reason" }, ftz.text("reasons", unit.reason)) : null,
  unit.findings.length ? ftz.table(ftz.named(unit.name),
    [{ text: ftz.ui("claim_rule") }, { text: ftz.ui("claim_verdict") }, { text: ftz.ui("claim_nearest"), number: true }],
    unit.findings.map((finding) => ftz.el("tr", {}, ftz.el("th", { scope: "row" }, ftz.named(finding.kind_title), ftz.el("small", { class: "quiet" }, ` ${finding.rule_id}`)),
      ftz.el("td", {}, ftz.badge("verdicts", finding.verdict), ftz.el("small", { class: "quiet" }, ` ${finding.reasons.map((code) => ftz.text("reasons", code)).join("; ")}`)),
      ftz.el("td", { class: "number" }, `${ftz.number(finding.nearest_m, 0)} m`, ftz.el("br", {}), `${ftz.number(finding.coverage_pct, 1)} %`)))) : null);

ftz.audit = { place: null };
ftz.audit.start = () => ftz.review.once(ftz.byId("audit-start"), ftz.byId("audit-result"), async () => {
  const task = await ftz.task("/api/v1/audits", {}, ftz.byId("audit-progress"));
  return ftz.audit.present(task);
});

ftz.audit.present = function (task) {
  const { audit } = task.result, title = (id) => ftz.named(audit.layers.find((layer) => layer.id === id).title);
  const codes = [...new Set(audit.layers.flatMap((layer) => Object.keys(layer.faults)))];
  return [ftz.el("p", {}, ftz.ui("audit_total", { count: audit.total })), ftz.basis(audit.basis), ftz.review.downloads(task),
    ftz.table(ftz.ui("audit"), [{ text: ftz.ui("audit_layer") }, ...codes.map((code) => ({ text: ftz.text("fault_codes", code), number: true }))],
      audit.layers.map((layer) => ftz.el("tr", {}, ftz.el("th", { scope: "row" }, ftz.named(layer.title)),
        codes.map((code) => ftz.el("td", { class: "number" }, String(layer.faults[code] || 0)))))),
    audit.line_pairs.map((pair) => ftz.el("p", { class: pair.places ? "notice demonstration" : "quiet" },
      ftz.ui(pair.places ? "audit_crossing" : "audit_apart", { left: title(pair.left), right: title(pair.right), places: pair.places, area: ftz.number(pair.area_m2, 2) }))),
    audit.faults.length ? ftz.el("ul", { class: "plain-list" }, audit.faults.slice(0, ftz.review.MOST).map(ftz.audit.fault)) : null,
    ftz.review.rest(audit.faults)];
};

ftz.audit.fault = function (fault) {
  const other = [fault.other_layer_id, fault.other_feature_id].filter(Boolean).join("/");
  const said = [fault.area_m2 === null ? "" : `${ftz.number(fault.area_m2, 2)} m²`,
    fault.stated_m2 === null ? "" : ftz.ui("audit_stated", { field: fault.field || "", area: ftz.number(fault.stated_m2, 2) }),
    fault.width_m === null ? "" : ftz.ui("audit_width", { width: ftz.number(fault.width_m, 2) }),
    fault.text ? `“${fault.text}”` : "", fault.repaired ? `→ “${fault.repaired}”` : ""].filter(Boolean).join(" · ");
  return ftz.el("li", { class: "past" },
    ftz.el("strong", {}, ftz.text("fault_codes", fault.code)),
    ftz.el("span", {}, `${fault.layer_id}/${fault.feature_id || "—"}${other ? ` × ${other}` : ""}`),
    fault.at_lonlat ? ftz.el("button", { type: "button", class: "linklike", onclick: () => ftz.audit.show(fault) }, ftz.ui("locate")) : null,
    ftz.el("span", { class: "quiet" }, said));
};

ftz.audit.show = function (fault) {
  const [lon, lat] = fault.at_lonlat;
  if (ftz.audit.place) ftz.audit.place.remove();
  ftz.audit.place = L.circleMarker([lat, lon], { radius: 14, color: ftz.config.styles.result.conflict, weight: 3, fill: false, interactive: false, pmIgnore: true }).addTo(ftz.map);
  ftz.map.setView([lat, lon], Math.max(ftz.map.getZoom(), 16));
};

ftz.parts.push(function reviewLayersBegin() {
  if (!ftz.byId("claim-start")) return;
  ftz.byId("claim-start").addEventListener("click", ftz.claim.start);
  ftz.byId("audit-start").addEventListener("click", ftz.audit.start);
});
