/* Where the zone can grow: the ground of sites. Other parts of the tab hang on `ftz.expand`. */
"use strict";

ftz.expand = { last: null, turn: 0 };

/* Sites as the body of a request: what was drawn, or files with what was declared of them. */
ftz.expand.drawn = function () {
  const geometry = ftz.sketch && ftz.sketch.geometry();
  if (!geometry) return null;
  const feature = { type: "Feature", id: "1", properties: { name: ftz.ui("drawn_site") }, geometry };
  return { method: "POST", headers: { "Content-Type": "application/geo+json" }, body: JSON.stringify({ type: "FeatureCollection", features: [feature] }) };
};
ftz.expand.files = function (files, crs) {
  const form = new FormData();
  [...files].forEach((file) => form.append("file", file, file.name));
  if (crs) form.append("crs", crs);
  return { method: "POST", body: form };
};

/* `asked` gives address and options of a question; the next one is asked of the same sites. */
ftz.expand.run = async function (asked) {
  ftz.expand.last = asked;
  const status = ftz.byId("ground-status"), turn = ftz.expand.turn += 1;
  ftz.show(status, ftz.el("p", { class: "busy" }, ftz.ui("ground_busy")));
  try {
    const report = await ftz.ask(...asked("/api/v1/terrain"));
    if (turn !== ftz.expand.turn) return;
    ftz.show(status);
    ftz.show(ftz.byId("ground-result"), ftz.expand.report(report), ftz.expand.sheets("terrain", asked, status));
  } catch (problem) {
    if (turn !== ftz.expand.turn) return;
    ftz.show(status, ftz.problem(problem));
    ftz.show(ftz.byId("ground-result"));
  }
};

/* The answer as a sheet with maps, of the sites that it was given for. */
ftz.expand.sheets = (subject, asked, status) => ftz.el("div", { class: "actions" }, ["pdf", "docx"].map((form) => ftz.el("button", { type: "button", class: "button", onclick: async (event) => {
  const [address, options] = asked(`/api/v1/${subject}`), button = event.currentTarget;
  button.disabled = true;
  ftz.show(status, ftz.el("p", { class: "busy" }, ftz.ui("ground_sheet_busy")));
  try {
    await ftz.save(`${address}?format=${form}`, options, `${subject}.${form}`);
    ftz.show(status);
  } catch (problem) {
    ftz.show(status, ftz.problem(problem));
  }
  button.disabled = false;
} }, `${ftz.ui("ground_sheet")} .${form}`)));

ftz.expand.report = (report) => [
  ...ftz.basis(report.basis),
  ...report.sites.map(ftz.expand.site),
  ftz.el("p", { class: "source" }, `${report.citation[`document_${ftz.config.lang}`]} ${report.citation.number}. ${report.citation[`note_${ftz.config.lang}`]}`),
];

ftz.expand.site = function (site) {
  const head = ftz.el("h3", {}, site.id);
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

ftz.parts.push(function expandBegin() {
  if (!ftz.byId("ground-drawn")) return;
  const file = ftz.byId("ground-file"), crs = () => ftz.byId("ground-crs").value.trim();
  ftz.byId("ground-drawn").addEventListener("click", () => {
    const body = ftz.expand.drawn();
    if (!body) {
      ftz.show(ftz.byId("ground-status"), ftz.problem({ title: ftz.ui("ground_none"), detail: ftz.ui("ground_draw_first") }));
      return;
    }
    ftz.expand.run((address) => [address, body]);
  });
  file.addEventListener("change", () => {
    const chosen = [...file.files];
    if (chosen.length) ftz.expand.run((address) => [address, ftz.expand.files(chosen, crs())]);
    file.value = "";
  });
  ftz.byId("ground-districts").addEventListener("click", () => ftz.expand.run((address) => [`${address}/layers/districts`]));
});
