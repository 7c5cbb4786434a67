/* Candidates for expansion: search, what each constraint takes, sites side by side, ranking. */
"use strict";

ftz.sites = { report: null, ticked: new Set(), group: null, shapes: new Map(), turn: 0 };

ftz.sites.places = () => ftz.byId("siting-places").value.split("\n").map((line) => line.trim()).filter(Boolean);
ftz.sites.place = function (line) {
  const at = line.lastIndexOf("="), [lon, lat] = line.slice(at + 1).split(",").map(Number);
  return { name: line.slice(0, Math.max(at, 0)) || line, lon, lat };
};

/* Only what a person has filled in is asked for. */
ftz.sites.query = function () {
  const form = new FormData(ftz.byId("siting-form")), county = form.get("county").trim();
  const query = county ? { county } : { area: ftz.sketch.geometry() };
  [...form.entries()].filter(([name, value]) => name !== "county" && value !== "").forEach(([name, value]) => { query[name] = Number(value); });
  const places = ftz.sites.places().map(ftz.sites.place);
  return places.length ? { ...query, places } : query;
};

ftz.sites.search = async function (event) {
  event.preventDefault();
  const status = ftz.byId("siting-status"), button = ftz.byId("siting-search");
  button.disabled = true;
  try {
    const options = { headers: { "Content-Type": "application/json" }, body: JSON.stringify(ftz.sites.query()) };
    const task = await ftz.task("/api/v1/sites/search", options, status);
    ftz.show(status);
    ftz.sites.present(task);
  } catch (problem) {
    ftz.sites.clear();
    ftz.show(ftz.byId("siting-result"));
    ftz.show(status, ftz.problem(problem));
  } finally {
    button.disabled = false;
  }
};

ftz.sites.step = (step) => step.title ? ftz.named(step.title) : ftz.text("siting", `step_${step.reason}`);

ftz.sites.present = function (task) {
  const report = task.result;
  ftz.sites.report = report;
  ftz.sites.ticked.clear();
  ftz.show(ftz.byId("siting-ranking"));
  const area = report.candidates.reduce((sum, one) => sum + one.area_m2, 0) / 10000;
  const last = report.funnel.find((step) => step.reason === report.nothing_because);
  ftz.show(ftz.byId("siting-result"), ...ftz.basis(report.basis),
    last ? ftz.problem({ title: ftz.ui("siting_none"), detail: ftz.ui("siting_none_because", { why: ftz.sites.step(last) }) })
      : ftz.el("p", {}, ftz.ui("siting_found", { count: report.candidates.length, area: ftz.number(area, 1) })),
    ftz.el("p", { class: "source" }, `${ftz.ui("siting_margin", { margin: ftz.number(report.margin_m, 1) })} · ${ftz.named(report.terms_note)}`),
    report.candidates.length ? ftz.sites.list(report.candidates) : "",
    report.candidates.length ? ftz.el("div", { class: "actions" },
      ftz.el("button", { type: "button", class: "primary", id: "siting-compare", onclick: ftz.sites.compare }, ftz.ui("siting_compare")),
      ftz.el("button", { type: "button", class: "button", id: "siting-rank", onclick: () => ftz.sites.rank(ftz.sites.body(report.candidates)) }, ftz.ui("siting_rank"))) : "",
    task.files.length ? ftz.el("p", { class: "source" }, ftz.ui("siting_files"), ": ", ...task.files.flatMap((name) => [ftz.el("a", { href: `/api/v1/tasks/${task.id}/files/${encodeURIComponent(name)}`, download: name }, name), " "])) : "",
    ftz.sites.funnel(report.funnel));
  ftz.sites.draw(report.candidates);
  ftz.byId("siting-result").scrollIntoView({ block: "nearest" });
};

ftz.sites.list = (candidates) => ftz.table(ftz.ui("siting_candidates"),
  [{ text: "" }, ...["site", "area_ha", "width", "slope", "district"].map((name) => ({ text: ftz.text("siting", name), number: name !== "site" })), { text: ftz.text("siting", "verdict") }],
  candidates.map((one) => ftz.el("tr", { "data-site": one.site_id, onmouseenter: () => ftz.sites.point(one.site_id), onmouseleave: () => ftz.sites.point(null) },
    ftz.el("td", {}, ftz.el("input", { type: "checkbox", "aria-label": one.site_id, onchange: (event) => ftz.sites.tick(one.site_id, event.target.checked) })),
    ftz.el("th", { scope: "row" }, ftz.el("button", { type: "button", class: "link", title: ftz.ui("siting_show"), onclick: () => ftz.sites.locate(one.site_id) }, one.site_id)),
    ...[[one.area_m2 / 10000, 2], [one.width_m, 0], [one.slope_mean_deg, 1], [one.district_km, 2]].map(([value, decimals]) => ftz.el("td", { class: "number" }, ftz.number(value, decimals))),
    ftz.el("td", {}, ftz.badge("verdicts", one.check.verdict)))));

ftz.sites.funnel = (steps) => ftz.el("details", { class: "declare", open: !ftz.sites.report.candidates.length }, ftz.el("summary", {}, ftz.ui("siting_funnel")),
  ftz.table(ftz.ui("siting_funnel"), [{ text: ftz.text("siting", "constraint") }, ...["removed", "alone", "left"].map((name) => ({ text: ftz.text("siting", name), number: true }))],
    steps.map((step) => ftz.el("tr", {}, ftz.el("th", { scope: "row" }, ftz.sites.step(step)),
      ...[step.removed_km2, step.alone_km2, step.left_km2].map((value) => ftz.el("td", { class: "number" }, ftz.number(value, 2)))))));

/* The map: candidates with popups, the ones that are compared stand out. */
ftz.sites.look = (id) => ({ color: ftz.config.styles.result.drawing, weight: ftz.sites.ticked.has(id) ? 4 : 1.8, fillOpacity: ftz.sites.ticked.has(id) ? 0.45 : 0.2 });
ftz.sites.draw = function (candidates) {
  ftz.sites.clear();
  if (!candidates.length) return;
  ftz.sites.group = L.featureGroup([], { pmIgnore: true });
  candidates.forEach((one) => {
    const shape = L.geoJSON(one.geometry, { pane: "result", pmIgnore: true, className: "candidate", style: ftz.sites.look(one.site_id) }).bindPopup(() => ftz.sites.popup(one), { autoPanPaddingTopLeft: [10, 52], autoPanPaddingBottomRight: [54, 10] });
    ftz.sites.shapes.set(one.site_id, shape);
    shape.addTo(ftz.sites.group);
  });
  ftz.sites.group.addTo(ftz.map);
  ftz.map.fitBounds(ftz.sites.group.getBounds(), { padding: [40, 40] });
};
ftz.sites.popup = (one) => ftz.el("div", { class: "tip" }, ftz.el("strong", {}, one.site_id),
  ...[["area_ha", ftz.number(one.area_m2 / 10000, 2)], ["width", ftz.number(one.width_m, 0)], ["compact", ftz.number(one.compactness, 2)], ["slope", ftz.number(one.slope_mean_deg, 1)], ["district", ftz.number(one.district_km, 2)], ["place", one.point_km === null ? null : ftz.number(one.point_km, 2)]].filter(([, value]) => value !== null)
    .map(([name, value]) => ftz.el("span", {}, `${ftz.text("siting", name)}: ${value}`)),
  ftz.el("span", {}, ftz.badge("verdicts", one.check.verdict), " ", ftz.sites.checkLink(one.check)),
  ftz.el("button", { type: "button", class: "button small", onclick: () => ftz.sites.study(one) }, ftz.ui("siting_study")));
/* A candidate becomes the site that the other parts of the tab are about. */
ftz.sites.study = function (one) {
  ftz.map.closePopup();
  ftz.expand.take({ name: one.site_id, options: ftz.sites.body([one]) });
  ftz.byId("ground-title").scrollIntoView({ block: "start" });
};
ftz.sites.checkLink = (check) => ftz.el("a", { href: `?lang=${ftz.config.lang}#tab=check&check=${encodeURIComponent(check.check_id)}`, target: "_blank", rel: "noopener" }, ftz.ui("siting_check_link"));
ftz.sites.clear = function () {
  if (ftz.sites.group) ftz.sites.group.remove();
  ftz.sites.group = null;
  ftz.sites.shapes.clear();
};
ftz.sites.point = (id) => ftz.sites.shapes.forEach((shape, other) => shape.setStyle(other === id ? { weight: 5 } : ftz.sites.look(other)));
ftz.sites.locate = function (id) {
  const shape = ftz.sites.shapes.get(id);
  /* A popup moves the map into its own sight only when the map stands still. */
  ftz.map.fitBounds(shape.getBounds(), { maxZoom: 15, padding: [60, 60], animate: false });
  shape.openPopup();
};
ftz.sites.tick = function (id, on) {
  if (on) ftz.sites.ticked.add(id); else ftz.sites.ticked.delete(id);
  ftz.sites.point(null);
};

/* Candidates as the body of another request. */
ftz.sites.body = (candidates) => ({ method: "POST", headers: { "Content-Type": "application/geo+json" }, body: JSON.stringify({ type: "FeatureCollection",
  features: candidates.map((one) => ({ type: "Feature", id: one.site_id, properties: { name: one.site_id }, geometry: one.geometry })) }) });
ftz.sites.compare = function () {
  const chosen = ftz.sites.report.candidates.filter((one) => ftz.sites.ticked.has(one.site_id));
  if (chosen.length < 2 || chosen.length > 4) {
    ftz.show(ftz.byId("siting-ranking"), ftz.problem({ title: ftz.ui("siting_compare"), detail: ftz.ui("siting_choose_two") }));
    return;
  }
  ftz.sites.rank(ftz.sites.body(chosen));
};

ftz.sites.rankChosen = async function () {
  const place = ftz.byId("siting-ranking");
  if (!ftz.expand.require(place)) return;
  try {
    const [, body] = await ftz.expand.request(ftz.expand.chosen, "/api/v1/sites/ranking");
    ftz.sites.rank(body);
  } catch (problem) {
    ftz.show(place, ftz.problem(problem));
  }
};

ftz.sites.rank = async function (body) {
  const place = ftz.byId("siting-ranking"), turn = ftz.sites.turn += 1;
  const query = new URLSearchParams([...ftz.sites.places().map((line) => ["place", line]), ...ftz.economics.query()]);
  ftz.show(place, ftz.el("p", { class: "busy" }, ftz.ui("checking")));
  try {
    const report = await ftz.ask(`/api/v1/sites/ranking?${query}`, { method: "POST", ...body });
    if (turn === ftz.sites.turn) ftz.sites.ranked(report, body, query);
  } catch (problem) {
    if (turn === ftz.sites.turn) ftz.show(place, ftz.problem(problem));
  }
};

ftz.sites.name = (site) => site.name || site.site_id;
ftz.sites.rankOf = (site) => site.rank_best === null ? "—" : site.rank_best === site.rank_worst ? String(site.rank_best) : `${site.rank_best}–${site.rank_worst}`;
ftz.sites.ranked = function (report, body, query) {
  const fit = report.sites.filter((site) => site.feasible), few = report.sites.length <= 4;
  ftz.show(ftz.byId("siting-ranking"), ftz.el("h3", {}, ftz.named(report.name)), ...ftz.basis(report.basis),
    fit.length ? ftz.sites.bars(report, fit) : "",
    few ? ftz.sites.side(report) : ftz.sites.order(report),
    ...report.sites.filter((site) => !site.feasible).map((site) => ftz.el("p", { class: "notice" }, `${ftz.sites.name(site)}: `, site.unfit.map((one) => ftz.text("siting", `unfit_${one.reason}`, { value: ftz.number(one.value, 2), limit: ftz.number(one.limit, 2) })).join("; "))),
    ...report.left_out.map((one) => ftz.el("p", { class: "quiet" }, `${ftz.named(one.name)}: ${ftz.text("siting", `reason_${one.reason}`)}`)),
    report.stability ? ftz.el("p", { class: "quiet" }, ftz.ui("siting_stability", { sites: report.stability_sites, method: report.stability === "exact" ? ftz.ui("siting_stability_exact") : ftz.ui("siting_stability_drawn", { draws: report.draws, seed: report.seed, error: ftz.number(report.error_pct, 2) }) })) : "",
    fit.length > 1 ? ftz.sites.flips(report) : "",
    ftz.economics.table(report),
    ftz.el("p", { class: "source" }, ftz.named(report.weights_note)),
    ftz.expand.downloads(ftz.ui("siting_table"), ["xlsx", "csv", "pdf"], "comparison", (form) => [`/api/v1/sites/ranking?${new URLSearchParams([...query, ["format", form]])}`, { method: "POST", ...body }]));
};

ftz.sites.colours = ["#0b6070", "#2fa4b0", "#f2b544", "#8a5a00", "#1d4e89", "#7aa6d6", "#1b6e3c", "#8cc79a", "#7b4b94", "#c49bd6", "#52606d", "#b3bcc6"];
ftz.sites.colour = (at) => ftz.sites.colours[at % ftz.sites.colours.length];
ftz.sites.key = (at) => ftz.svg("svg", { class: "key", viewBox: "0 0 10 10", "aria-hidden": "true" }, ftz.svg("rect", { width: 10, height: 10, fill: ftz.sites.colour(at) }));
ftz.sites.bars = (report, fit) => ftz.el("div", { class: "score-bars" },
  fit.map((site) => {
    let x = 0;
    const parts = report.criteria.map((item, at) => {
      const points = site.contributions[item.id] || 0;
      const part = ftz.svg("rect", { x, y: 0, width: points, height: 10, fill: ftz.sites.colour(at) }, ftz.svg("title", {}, `${ftz.named(item.name)}: ${ftz.number(site.contributions[item.id], 1)}`));
      x += points;
      return part;
    });
    const said = site.score === null ? `${ftz.number(site.score_least, 1)}–${ftz.number(site.score_most, 1)}` : ftz.number(site.score, 1);
    return ftz.el("div", { class: "score-bar" }, ftz.el("b", {}, `${ftz.sites.rankOf(site)}. ${ftz.sites.name(site)}`),
      ftz.svg("svg", { viewBox: "0 0 100 10", preserveAspectRatio: "none", role: "img", "aria-label": `${ftz.sites.name(site)} ${said}` }, ftz.svg("rect", { class: "score-ground", width: 100, height: 10 }), ...parts),
      ftz.el("span", { class: "number" }, said));
  }),
  ftz.el("ul", { class: "plain score-key" }, report.criteria.map((item, at) => ftz.el("li", {}, ftz.sites.key(at), `${ftz.named(item.name)} ${ftz.number(item.share_pct, 1)}%`))));

ftz.sites.fact = function (site, item) {
  const fact = site.facts[item.id];
  if (fact.reason) return ftz.text("siting", `reason_${fact.reason}`);
  return `${ftz.number(fact.value, 2)}${item.unit ? " " + item.unit : ""}`;
};
/* Few sites side by side: a column each. */
ftz.sites.side = (report) => ftz.table(ftz.named(report.name),
  [{ text: ftz.text("siting", "criterion") }, ...report.sites.map((site) => ({ text: ftz.sites.name(site) }))],
  [...[["rank", ftz.sites.rankOf], ["score", (site) => ftz.number(site.score, 1)], ["first_share", (site) => ftz.number(site.first_share_pct, 1)], ["area_ha", (site) => ftz.number(site.area_ha, 2)]]
    .map(([name, said]) => ftz.el("tr", {}, ftz.el("th", { scope: "row" }, ftz.text("siting", name)), report.sites.map((site) => ftz.el("td", {}, said(site))))),
  ftz.el("tr", {}, ftz.el("th", { scope: "row" }, ftz.text("siting", "verdict")), report.sites.map((site) => ftz.el("td", {}, ftz.badge("verdicts", site.check.verdict)))),
  ...report.criteria.map((item) => ftz.el("tr", {}, ftz.el("th", { scope: "row" }, ftz.named(item.name)),
    report.sites.map((site) => ftz.el("td", {}, ftz.sites.fact(site, item), site.contributions[item.id] === undefined || site.contributions[item.id] === null ? null : ftz.el("small", {}, ` → ${ftz.number(site.contributions[item.id], 1)}`)))))]);
ftz.sites.order = (report) => ftz.table(ftz.named(report.name),
  [{ text: ftz.text("siting", "rank"), number: true }, { text: ftz.text("siting", "site") }, { text: ftz.text("siting", "score"), number: true }, { text: ftz.text("siting", "first_share"), number: true }, { text: ftz.text("siting", "note") }],
  report.sites.filter((site) => site.feasible).map((site) => ftz.el("tr", {}, ftz.el("td", { class: "number" }, ftz.sites.rankOf(site)), ftz.el("th", { scope: "row" }, ftz.sites.name(site)),
    ftz.el("td", { class: "number" }, ftz.number(site.score, 1)), ftz.el("td", { class: "number" }, ftz.number(site.first_share_pct, 1)),
    ftz.el("td", {}, [site.missing.length ? ftz.ui("siting_missing", { names: site.missing.map((id) => ftz.named(report.criteria.find((item) => item.id === id).name)) }) : "", site.dominated_by.length ? ftz.ui("siting_dominated", { names: site.dominated_by }) : ""].filter(Boolean).join("; ")))));
ftz.sites.flips = function (report) {
  const names = new Map(report.criteria.map((item) => [item.id, ftz.named(item.name)]));
  if (!report.flips.length) return ftz.el("p", { class: "quiet" }, ftz.ui("siting_no_flips"));
  return ftz.el("details", { class: "declare" }, ftz.el("summary", {}, ftz.ui("siting_flips")), ftz.el("ul", {}, report.flips.slice(0, 20).map((one) =>
    ftz.el("li", {}, ftz.text("siting", "flip", { first: one.first, second: one.second, criterion: names.get(one.criterion), now: ftz.number(one.share_now_pct, 1), then: ftz.number(one.share_at_flip_pct, 1) })))));
};

ftz.parts.push(function sitesBegin() {
  if (!ftz.byId("siting-form")) return;
  if (!ftz.map.getPane("result")) ftz.map.createPane("result").style.zIndex = 480;
  ftz.byId("siting-form").addEventListener("submit", ftz.sites.search);
  ftz.byId("siting-rank-chosen").addEventListener("click", ftz.sites.rankChosen);
});
