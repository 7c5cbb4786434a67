/* Sites that keep clear of the hard lines: before and after, trimmed and shifted. */
"use strict";

ftz.avoid = { group: null, turn: 0 };

ftz.avoid.run = async function () {
  const status = ftz.byId("avoid-status");
  if (!ftz.expand.require(status)) return;
  const query = new URLSearchParams({ target_m2: ftz.byId("avoid-target").value || "0", width_m: ftz.byId("avoid-width").value || "0" });
  if (ftz.byId("avoid-reach").value) query.set("reach_m", ftz.byId("avoid-reach").value);
  ftz.avoid.clear();
  const { turn } = ftz.avoid;
  try {
    const [address, options] = await ftz.expand.request(ftz.expand.chosen, "/api/v1/sites/avoidance", [...query]);
    const task = await ftz.task(address, options, status);
    if (turn !== ftz.avoid.turn) return;
    ftz.show(status);
    ftz.avoid.present(task);
  } catch (problem) {
    if (turn === ftz.avoid.turn) ftz.show(status, ftz.problem(problem));
  }
};

ftz.avoid.present = function (task) {
  const report = task.result;
  ftz.show(ftz.byId("avoid-result"), ...ftz.basis(report.basis),
    report.untold.length ? ftz.el("p", { class: "notice" }, ftz.text("siting", "untold", { kinds: report.untold })) : "",
    report.sites.map(ftz.avoid.site),
    ftz.el("p", { class: "source" }, ftz.named(report.terms_note)),
    task.files.length ? ftz.el("p", { class: "source" }, ftz.ui("siting_files"), ": ", ...task.files.flatMap((name) => [ftz.el("a", { href: `/api/v1/tasks/${task.id}/files/${encodeURIComponent(name)}`, download: name }, name), " "])) : "");
  ftz.avoid.draw(report.sites);
};

ftz.avoid.site = (site) => ftz.el("article", { class: "avoided" }, ftz.el("h3", {}, site.name || site.site_id),
  ftz.avoid.card("before", ftz.ui("siting_before"), site.before, [`${ftz.number(site.area_m2, 0)} m²`]),
  ftz.avoid.card("trim", ftz.ui("siting_trim"), site.trim.check, site.trim.possible
    ? [ftz.ui("siting_kept", { area: ftz.number(site.trim.area_m2, 0), pct: ftz.number(site.trim.kept_pct, 1), width: ftz.number(site.trim.width_m, 0) }), ftz.avoid.lost(site.trim)]
    : [ftz.ui("siting_impossible", { why: ftz.text("siting", `why_${site.trim.why}`) })]),
  ftz.avoid.card("shift", ftz.ui("siting_shift"), site.shift.check, site.shift.possible
    ? [ftz.ui("siting_moved", { distance: ftz.number(site.shift.distance_m, 1), bearing: ftz.number(site.shift.bearing_deg, 0) })]
    : [ftz.ui("siting_impossible", { why: ftz.text("siting", `why_${site.shift.why}`) })]),
  ftz.el("p", { class: "quiet" }, ftz.ui("siting_margin", { margin: ftz.number(site.margin_m, 2) })));

ftz.avoid.key = (how) => ftz.svg("svg", { class: `key avoid-${how}`, viewBox: "0 0 10 10", "aria-hidden": "true" }, ftz.svg("rect", { x: 1, y: 1, width: 8, height: 8 }));
ftz.avoid.card = (how, title, check, said) => ftz.el("div", { class: "avoid-card" },
  ftz.el("p", {}, ftz.avoid.key(how), ftz.el("b", {}, title), " ", check ? ftz.badge("verdicts", check.verdict) : ""),
  said.map((one) => typeof one === "string" ? ftz.el("p", {}, one) : one),
  check ? ftz.el("p", { class: "quiet" }, ftz.ui("siting_overlap", { area: ftz.number(check.hard_overlap_m2, 2) }), " · ", ftz.sites.checkLink(check)) : "");
ftz.avoid.lost = (trim) => ftz.table(ftz.ui("siting_lost"), [{ text: ftz.ui("siting_lost") }, { text: "m²", number: true }],
  [...trim.lost.map((one) => [ftz.named(one.title), one.area_m2]), ...(trim.cut_off_m2 >= 1 ? [[ftz.text("siting", "cut_off"), trim.cut_off_m2]] : [])]
    .map(([name, area]) => ftz.el("tr", {}, ftz.el("th", { scope: "row" }, name), ftz.el("td", { class: "number" }, ftz.number(area, 0)))));

ftz.avoid.clear = function () {
  ftz.avoid.turn += 1;
  ["avoid-status", "avoid-result"].forEach((id) => ftz.show(ftz.byId(id)));
  if (ftz.avoid.group) ftz.avoid.group.remove();
  ftz.avoid.group = null;
};
ftz.avoid.draw = function (sites) {
  const looks = ftz.config.styles.result;
  ftz.avoid.group = L.featureGroup([], { pmIgnore: true });
  /* The class gives the colour of the scheme, light or dark. */
  const put = (how, geometry, style) => { if (geometry) L.geoJSON(geometry, { pane: "result", pmIgnore: true, interactive: false, className: `way-${how}`, style }).addTo(ftz.avoid.group); };
  sites.forEach((site) => {
    put("before", site.geometry, { color: looks.conflict, weight: 2, dashArray: "6 4", fillOpacity: 0.06 });
    put("trim", site.trim.geometry, { color: looks.clear, weight: 2.6, fillOpacity: 0.35 });
    put("shift", site.shift.geometry, { color: looks.conditional, weight: 2.6, dashArray: "2 5", fillOpacity: 0.12 });
  });
  ftz.avoid.group.addTo(ftz.map);
  ftz.map.fitBounds(ftz.avoid.group.getBounds(), { padding: [50, 50], maxZoom: 16 });
};

ftz.parts.push(function avoidBegin() {
  if (!ftz.byId("avoid-button")) return;
  ftz.byId("avoid-button").addEventListener("click", ftz.avoid.run);
  ftz.expand.listeners.push(ftz.avoid.clear);
});
