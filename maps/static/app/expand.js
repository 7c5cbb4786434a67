/* Where the zone can grow: the sites that the tab is about, and their ground. The other parts
   of the tab ask their questions of the same sites. */
"use strict";

ftz.expand = { chosen: null, turn: 0, listeners: [], opened: [] };
/* `chosen` is { name, options } of drawn or uploaded sites, or { name, layer, features }. `listeners`
   hear of other sites than before, `opened` are called when the tab is. */

ftz.expand.body = (features) => ({ method: "POST", headers: { "Content-Type": "application/geo+json" }, body: JSON.stringify({ type: "FeatureCollection", features }) });
ftz.expand.drawn = function () {
  const geometry = ftz.sketch && ftz.sketch.geometry();
  if (!geometry) return null;
  const name = ftz.ui("drawn_site");
  return { name, drawn: true, options: ftz.expand.body([{ type: "Feature", id: "1", properties: { name }, geometry }]) };
};
ftz.expand.files = function (files, crs) {
  const form = new FormData();
  files.forEach((file) => form.append("file", file, file.name));
  if (crs) form.append("crs", crs);
  return { name: files.map((file) => file.name).join(", "), options: { method: "POST", body: form } };
};

ftz.expand.take = function (chosen) {
  ftz.expand.chosen = chosen;
  ["ground-status", "ground-result"].forEach((id) => ftz.show(ftz.byId(id)));
  ftz.show(ftz.byId("ground-chosen"), chosen ? [ftz.el("span", {}, ftz.ui("ground_chosen")), ftz.el("b", {}, chosen.name)] : ftz.ui("ground_choose"));
  ftz.expand.listeners.forEach((heard) => heard());
  ftz.expand.turn += 1;
  if (chosen) ftz.expand.run();
};
ftz.expand.takeFiles = function (files) {
  const chosen = [...files];
  if (chosen.length) ftz.expand.take(ftz.expand.files(chosen, ftz.byId("ground-crs").value.trim()));
};

/* A question about sites as [address, options]. Some routes know layers by name; others want
   shapes. */
ftz.expand.knowsLayers = ["/api/v1/terrain", "/api/v1/suitability"];
ftz.expand.request = async function ({ layer, features, options }, address, query) {
  const asked = query && query.length ? `?${new URLSearchParams(query)}` : "";
  if (!layer) return [`${address}${asked}`, options];
  if (ftz.expand.knowsLayers.includes(address)) return [`${address}/layers/${layer}${asked}`, {}];
  return [`${address}${asked}`, ftz.expand.body(features)];
};
ftz.expand.ask = async (address, query) => ftz.ask(...await ftz.expand.request(ftz.expand.chosen, address, query));
/* Says what to do first where no site is chosen yet. */
ftz.expand.require = function (status) {
  if (ftz.expand.chosen) return true;
  ftz.show(status, ftz.problem({ title: ftz.ui("ground_none"), detail: ftz.ui("ground_draw_first") }));
  return false;
};

/* Files of an answer, of the sites that it was given for. `request` takes the form. */
ftz.expand.downloads = function (label, forms, name, request) {
  const status = ftz.el("div", { role: "status" });
  const button = (form) => ftz.el("button", { type: "button", class: "button small", "aria-label": `${label} .${form}`, onclick: (event) => ftz.expand.save(event.currentTarget, status, `${name}.${form}`, () => request(form)) }, form.toUpperCase());
  return ftz.el("div", { class: "downloads", role: "group", "aria-label": label }, ftz.el("span", {}, label), forms.map(button), status);
};
ftz.expand.save = async function (button, status, name, request) {
  button.disabled = true;
  ftz.show(status, ftz.el("p", { class: "busy" }, ftz.ui("ground_sheet_busy")));
  try {
    await ftz.save(...await request(), name);
    ftz.show(status);
  } catch (problem) {
    ftz.show(status, ftz.problem(problem));
  }
  button.disabled = false;
};
ftz.expand.sheets = function (address, name) {
  const { chosen } = ftz.expand;
  return ftz.expand.downloads(ftz.ui("ground_sheet"), ["pdf", "docx", "html"], name, (form) => ftz.expand.request(chosen, address, [["format", form]]));
};

ftz.expand.run = async function () {
  const status = ftz.byId("ground-status"), { turn } = ftz.expand;
  ftz.show(status, ftz.el("p", { class: "busy" }, ftz.ui("ground_busy")));
  try {
    const report = await ftz.expand.ask("/api/v1/terrain");
    if (turn !== ftz.expand.turn) return;
    ftz.show(status);
    ftz.show(ftz.byId("ground-result"), ftz.expand.report(report));
  } catch (problem) {
    if (turn === ftz.expand.turn) ftz.show(status, ftz.problem(problem));
  }
};

ftz.expand.report = (report) => [
  ...ftz.basis(report.basis),
  ...report.sites.map((site) => ftz.expand.site(site, report.sites.length)),
  ftz.expand.sheets("/api/v1/terrain", "terrain"),
  ftz.el("p", { class: "source" }, `${report.citation[`document_${ftz.config.lang}`]} ${report.citation.number}. ${report.citation[`note_${ftz.config.lang}`]}`),
];

/* A lone site is called what was chosen; ids are for telling several apart. */
ftz.expand.heading = function (site, count) {
  const { name, features } = ftz.expand.chosen, own = (features || []).find((one) => one.id === site.id);
  return ftz.el("h3", {}, own ? own.properties.name : site.name ? ftz.named(site.name) : count === 1 ? name : site.id);
};
ftz.expand.takeLayer = async function (name, layer) {
  const turn = ftz.expand.turn;
  try {
    const { features } = await ftz.data.features(layer);
    if (turn !== ftz.expand.turn) return;
    ftz.expand.take({ name, layer, features: features.map((one) => ({ ...one, properties: { name: ftz.layers.nameOf(one) } })) });
  } catch (problem) {
    if (turn === ftz.expand.turn) ftz.show(ftz.byId("ground-status"), ftz.problem(problem));
  }
};
ftz.expand.site = function (site, count) {
  const head = ftz.expand.heading(site, count);
  const size = ftz.el("p", { class: "quiet" }, ftz.ui("ground_size", { area: ftz.number(site.area_ha, 4), width: ftz.number(site.width_m, 1) }));
  const missing = site.missing.map((kind) => ftz.el("p", { class: "notice" }, ftz.ui("ground_missing", { kind: ftz.text("raster_kinds", kind) })));
  if (site.problem) {
    return ftz.el("article", { class: "ground" }, head, size, ftz.problem({ title: ftz.ui("ground_none"), detail: ftz.text("errors", site.problem.code, site.problem.params) }));
  }
  return ftz.el("article", { class: "ground" }, head, size, ftz.expand.ground(site.ground), site.cover ? ftz.expand.cover(site.cover) : null, missing);
};

ftz.expand.ground = function (ground) {
  const facts = [
    ["ground_elevation", { least: ftz.number(ground.elevation_m.least, 1), mean: ftz.number(ground.elevation_m.mean, 1), most: ftz.number(ground.elevation_m.most, 1) }],
    ["ground_relief", { relief: ftz.number(ground.relief_m, 1) }],
    ["ground_slope", { mean: ftz.number(ground.slope_deg.mean, 1), most: ftz.number(ground.slope_deg.most, 1) }],
  ];
  const rows = ground.slope_shares.map((one) => ({ ...one, name: ftz.expand.range(one), colour: ftz.config.styles.rasters.slope[one.id] }));
  return ftz.el("div", {},
    ftz.el("ul", { class: "plain" }, facts.map(([key, said]) => ftz.el("li", {}, ftz.ui(key, said)))),
    ground.fit === "overview" ? ftz.el("p", { class: "notice" }, ftz.ui("ground_overview")) : null,
    ftz.expand.bar(rows), ftz.expand.table(ftz.ui("ground_slopes"), rows, ground), ftz.expand.by(ground.raster));
};
ftz.expand.cover = function (cover) {
  const rows = cover.shares.map((one) => ({ ...one, name: ftz.named(one.name), colour: ftz.config.styles.rasters.cover[one.group] }));
  return ftz.el("div", {}, ftz.expand.bar(rows), ftz.expand.table(ftz.ui("ground_cover"), rows, cover), ftz.expand.by(cover.raster));
};

ftz.expand.range = (share) => (share.upper === null ? `> ${share.lower}°` : `${share.lower}–${share.upper}°`);

/* Shares as one bar; the table below says the same in numbers. */
ftz.expand.bar = function (rows) {
  let at = 0;
  const parts = rows.map((row) => {
    const part = ftz.svg("rect", { x: at, y: 0, width: row.pct, height: 10, fill: row.colour });
    at += row.pct;
    return part;
  });
  return ftz.svg("svg", { class: "ground-bar", viewBox: "0 0 100 10", preserveAspectRatio: "none", "aria-hidden": "true" }, ...parts);
};
ftz.expand.table = function (caption, rows, part) {
  const key = (colour) => ftz.svg("svg", { class: "key", viewBox: "0 0 10 10", "aria-hidden": "true" }, ftz.svg("rect", { width: 10, height: 10, fill: colour }));
  const rest = [["ground_unknown", part.unknown_ha], ["ground_outside", part.outside_ha]].filter(([, ha]) => ha)
    .map(([word, ha]) => ftz.el("tr", {}, ftz.el("td", {}, ftz.ui(word)), ftz.el("td", { class: "number" }, ftz.number(ha, 4)), ftz.el("td", {})));
  return ftz.table(caption, [{ text: caption }, { text: ftz.ui("ground_ha"), number: true }, { text: "%", number: true }],
    [...rows.map((row) => ftz.el("tr", {}, ftz.el("td", {}, key(row.colour), row.name),
      ftz.el("td", { class: "number" }, ftz.number(row.area_ha, 4)), ftz.el("td", { class: "number" }, ftz.number(row.pct, 2)))), ...rest]);
};
ftz.expand.by = (raster) => ftz.el("p", { class: "source" }, ftz.ui("ground_by", { title: ftz.named(raster.title), label: raster.label, pixel: ftz.number(raster.pixel_m, 1) }), " ", ftz.badge("statuses", raster.status));

/* The parts of the tab as a row of buttons that stays in sight. */
ftz.expand.jumps = () => [...document.querySelectorAll("#view-expand section.part h2")].map((head) =>
  ftz.el("button", { type: "button", onclick: () => { head.parentNode.scrollIntoView({ block: "start" }); head.focus({ preventScroll: true }); } }, head.dataset.short || head.textContent));

/* What is drawn while the tab is open is its site. */
ftz.expand.sketched = function (geometry) {
  if (geometry && ftz.state.tab === "expand") ftz.expand.take(ftz.expand.drawn());
  else if (ftz.expand.chosen && ftz.expand.chosen.drawn) ftz.expand.take(null);
};

/* A site that was drawn for another tab, or that the address holds, is the first choice. */
ftz.expand.open = function (open) {
  if (!open) return;
  ftz.expand.opened.forEach((begin) => begin());
  const drawn = ftz.expand.chosen ? null : ftz.expand.drawn();
  if (drawn) ftz.expand.take(drawn);
};

ftz.parts.push(function expandBegin() {
  if (!ftz.byId("ground-drawn")) return;
  ftz.show(ftz.byId("expand-jumps"), ftz.expand.jumps());
  const file = ftz.byId("ground-file");
  ftz.byId("ground-drawn").addEventListener("click", () => {
    const drawn = ftz.expand.drawn();
    if (drawn && !(ftz.expand.chosen && ftz.expand.chosen.drawn)) { ftz.expand.take(drawn); return; }
    if (ftz.mode.name !== "draw") ftz.sketch.draw();
    ftz.show(ftz.byId("ground-status"), ftz.el("p", { class: "notice" }, ftz.ui("draw_help")));
  });
  file.addEventListener("change", () => { ftz.expand.takeFiles(file.files); file.value = ""; });
  ftz.byId("ground-districts").addEventListener("click", () => ftz.expand.takeLayer(ftz.ui("ground_districts"), "districts"));
  ftz.sketch.listeners.push(ftz.expand.sketched);
  ftz.show(ftz.byId("ground-chosen"), ftz.ui("ground_choose"));
  ftz.tabs.watchers.expand = ftz.expand.open;
  /* The parts after this one want to hear of it too. */
  setTimeout(() => ftz.expand.open(ftz.state.tab === "expand"), 0);
});
