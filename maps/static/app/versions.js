/* Versions of a layer, and what changed between two of them: table and map. */
"use strict";

ftz.versions = { shown: null };

ftz.versions.open = async function (entry) {
  const place = ftz.byId(`versions-${entry.id}`);
  if (place.firstChild) { ftz.show(place); return; }
  ftz.show(place, ftz.el("p", { class: "busy" }, ftz.ui("loading")));
  try {
    const { layers } = await ftz.ask(`/api/v1/layers/${encodeURIComponent(entry.id)}/versions`);
    ftz.show(place, ftz.el("ul", { class: "plain-list" }, layers.map((one) => ftz.el("li", {},
      ftz.ui("version_line", { version: one.version, date: one.created_at.slice(0, 10), count: one.feature_count })))),
      layers.length > 1 ? ftz.versions.form(entry, layers) : ftz.el("p", { class: "quiet" }, ftz.ui("versions_one")));
  } catch (problem) { ftz.show(place, ftz.problem(problem)); }
};

ftz.versions.form = function (entry, layers) {
  const pick = (word, chosen) => {
    const select = ftz.el("select", {}, layers.map((one) => ftz.el("option", { value: one.version, selected: one.version === chosen }, one.version)));
    return [ftz.el("label", {}, ftz.ui(word), select), select];
  };
  const [fromLabel, from] = pick("version_from", layers[1].version), [toLabel, to] = pick("version_to", layers[0].version);
  return ftz.el("form", { class: "fields pair", onsubmit: (event) => { event.preventDefault(); ftz.versions.compare(entry.id, from.value, to.value); } },
    fromLabel, toLabel, ftz.el("button", { type: "submit", class: "button" }, ftz.ui("compare")));
};

ftz.versions.compare = async function (id, from, to) {
  const title = (ftz.layers.entries.get(id) || { title: { [ftz.config.lang]: id } }).title;
  const open = (children) => ftz.card.open("compare", ftz.ui("compared", { title: ftz.named(title), from, to }), children, ftz.versions.clear);
  ftz.versions.chosen = [id, from, to];
  open([ftz.el("p", { class: "busy" }, ftz.ui("loading"))]);
  try {
    const answer = await ftz.ask(`/api/v1/layers/${encodeURIComponent(id)}/diff?from=${from}&to=${to}`);
    ftz.versions.draw(answer);
    open(ftz.versions.report(answer));
    ftz.writeState();
  } catch (problem) { open([ftz.problem(problem)]); }
};

ftz.versions.report = function (answer) {
  const kinds = Object.entries(answer.counts);
  const ha = (m2) => (m2 === null ? "—" : ftz.number(m2 / 1e4, 4));
  return [
    ftz.el("p", { class: "chips" }, kinds.map(([change, count]) => ftz.el("span", { class: `chip ${change}` }, `${ftz.text("changes", change)} ${count}`))),
    ftz.el("p", { class: "quiet" }, ftz.ui("compared_same", { count: answer.same_count, before: ha(answer.area_before_m2), after: ha(answer.area_after_m2) })),
    answer.changes.length ? ftz.table(ftz.ui("compare"), [{ text: ftz.ui("feature") }, { text: ftz.ui("change") }, { text: ftz.ui("before_ha"), number: true }, { text: ftz.ui("after_ha"), number: true }],
      answer.changes.slice(0, 200).map((one) => ftz.el("tr", { tabindex: "0", onclick: () => ftz.versions.go(one), onkeydown: (event) => { if (event.key === "Enter") ftz.versions.go(one); } },
        ftz.el("th", { scope: "row" }, one.feature_id),
        ftz.el("td", {}, ftz.text("changes", one.change), one.attributes.length ? ftz.el("small", { class: "quiet" }, ` ${one.attributes.join(", ")}`) : null),
        ftz.el("td", { class: "number" }, ha(one.area_before_m2)), ftz.el("td", { class: "number" }, ha(one.area_after_m2)))))
      : ftz.el("p", { class: "notice" }, ftz.ui("compared_equal")),
    answer.more + Math.max(0, answer.changes.length - 200) ? ftz.el("p", { class: "quiet" }, ftz.ui("more", { count: answer.more + Math.max(0, answer.changes.length - 200) })) : null,
  ];
};

/* Added is solid, removed dashed, the old course of what moved dotted: not by colour alone. */
ftz.versions.draw = function (answer) {
  ftz.versions.undraw();
  const looks = ftz.config.styles.changes, pane = "result";
  const shape = (geometry, look) => L.geoJSON(geometry, { pane, pmIgnore: true, interactive: false, style: { weight: 2, fillOpacity: 0.25, ...look }, pointToLayer: (_, at) => L.circleMarker(at, { pane, radius: 7, ...look }) });
  const group = L.featureGroup([], { pmIgnore: true });
  answer.changes.forEach((one) => {
    if (one.before && one.change !== "renamed") shape(one.before, { color: looks[one.change === "moved" ? "moved" : "removed"], dashArray: one.change === "moved" ? "1 5" : "7 5", fillOpacity: one.change === "moved" ? 0 : 0.25 }).addTo(group);
    if (one.after) shape(one.after, { color: looks[one.change] }).addTo(group);
  });
  ftz.versions.shown = group.addTo(ftz.map);
  if (group.getLayers().length) ftz.map.fitBounds(group.getBounds(), { padding: [60, 60], maxZoom: 15 });
};
ftz.versions.go = (one) => ftz.map.fitBounds(L.geoJSON(one.after || one.before).getBounds(), { padding: [60, 60], maxZoom: 17 });
ftz.versions.undraw = function () {
  if (ftz.versions.shown) ftz.versions.shown.remove();
  ftz.versions.shown = null;
};
ftz.versions.clear = function () {
  ftz.versions.undraw();
  ftz.versions.chosen = null;
  ftz.writeState();
};

ftz.parts.push(function versionsBegin() {
  if (ftz.config.embedded) return;
  if (!ftz.map.getPane("result")) ftz.map.createPane("result").style.zIndex = 480;
  ftz.remember("compare", () => (ftz.versions.chosen || []).join(","));
  const given = (ftz.state.given.get("compare") || "").split(",");
  if (given.length === 3) ftz.versions.compare(...given);
});
