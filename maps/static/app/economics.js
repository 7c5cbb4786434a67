/* What sites must yield, and how dense their neighbours are: of the chosen sites, and of those
   that are compared. */
"use strict";

ftz.economics = { turn: 0, group: null };

/* The density that is joined, as a query; nothing is chosen for a person. */
ftz.economics.query = function () {
  const [indicator, year, denominator] = ftz.byId("siting-density").value.split("|");
  return year ? [["indicator", indicator], ["year", year], ["denominator", denominator]] : [];
};

ftz.economics.run = async function () {
  const status = ftz.byId("econ-status"), result = ftz.byId("econ-result"), turn = ftz.economics.turn += 1;
  if (!ftz.expand.require(status)) return;
  const query = ftz.economics.query();
  if (!query.length) { ftz.show(status, ftz.problem({ title: ftz.ui("ground_none"), detail: ftz.ui("econ_choose") })); return; }
  ftz.show(status, ftz.el("p", { class: "busy" }, ftz.ui("ground_busy")));
  try {
    const report = await ftz.expand.ask("/api/v1/sites/ranking", [...query, ["geometry", "true"]]);
    if (turn !== ftz.economics.turn) return;
    ftz.show(status);
    ftz.show(result, ...ftz.basis(report.basis), ftz.economics.table(report));
    ftz.economics.draw(report.sites);
  } catch (problem) {
    if (turn !== ftz.economics.turn) return;
    ftz.show(result);
    ftz.show(status, ftz.problem(problem));
  }
};

/* What is not known says why. */
ftz.economics.none = (why) => ftz.el("span", { class: "quiet" }, ftz.ui("econ_none", { why }));
ftz.economics.figure = (found, name) => (found[name] === null ? ftz.economics.none(ftz.text("siting", `reason_${found.reason || "zone_unknown"}`)) : ftz.number(found[name], 2));
ftz.economics.density = (one) => (one.density === null ? ftz.economics.none(ftz.text("reasons", one.reason)) : `${ftz.number(one.density, 2)} ${ftz.unit(one.density_unit)}`);

ftz.economics.facts = [["available", "available_ha"], ["density_now", "density_now"], ["density_then", "density_then"], ["value_needed", "value_of_new_land"]];
ftz.economics.head = (name, unit) => ftz.text("siting", `head_${name}`, { unit });
/* A neighbour's density is its own, whichever site is near it; the distance is the site's. */
ftz.economics.neighbours = function (sites) {
  const units = new Map(sites.flatMap(({ economics }) => economics.neighbours.map((one) => [one.unit_id, one])));
  const far = (site, id) => (site.economics.neighbours.find((one) => one.unit_id === id) || { distance_km: null }).distance_km;
  return [...units.values()].map((unit) => ftz.el("tr", {}, ftz.el("th", { scope: "row" }, ftz.named(unit.name), ftz.el("br"), ftz.economics.density(unit)),
    sites.map((site) => ftz.el("td", {}, far(site, unit.unit_id) === null ? "—" : `${ftz.number(far(site, unit.unit_id), 1)} km`))));
};
ftz.economics.aside = (sites, unit) => ftz.table(ftz.text("siting", "sheet_economics"), [{ text: ftz.text("siting", "criterion") }, ...sites.map((site) => ({ text: ftz.sites.name(site) }))],
  [...ftz.economics.facts.map(([name, field]) => ftz.el("tr", {}, ftz.el("th", { scope: "row" }, ftz.economics.head(name, unit)), sites.map((site) => ftz.el("td", {}, ftz.economics.figure(site.economics, field))))),
    ftz.el("tr", { class: "group" }, ftz.el("th", { scope: "colgroup", colspan: sites.length + 1 }, ftz.ui("econ_neighbours"))), ...ftz.economics.neighbours(sites)]);
/* Few sites side by side; of many two rows each: numbers, neighbours. */
ftz.economics.MOST_COLUMNS = 4;
ftz.economics.rows = ({ economics: found, ...site }) => [
  ftz.el("tr", {}, ftz.el("th", { scope: "row", rowspan: 2 }, ftz.sites.name(site)), ftz.economics.facts.map(([, field]) => ftz.el("td", { class: "number" }, ftz.economics.figure(found, field)))),
  ftz.el("tr", {}, ftz.el("td", { colspan: 4 }, ftz.el("ul", { class: "plain" }, found.neighbours.map((one) => ftz.el("li", {}, `${ftz.named(one.name)} (${ftz.number(one.distance_km, 1)} km): `, ftz.economics.density(one)))))),
];
ftz.economics.below = (sites, unit) => ftz.table(ftz.text("siting", "sheet_economics"), ["site", ...ftz.economics.facts.map(([name]) => name)].map((name, at) => ({ text: ftz.economics.head(name, unit), number: at > 0 })), sites.flatMap(ftz.economics.rows));

ftz.economics.table = function (report) {
  const sites = report.sites.filter((site) => site.economics);
  if (!sites.length) return "";
  const first = sites[0].economics, unit = ftz.unit(first.unit);
  const said = { name: ftz.named(first.name), year: first.year, target: first.target_year, denominator: ftz.text("denominators", first.denominator), source: first.source || "" };
  const note = first.reason ? `economics_${first.reason}` : first.target_year === null ? "economics_note" : "economics_target";
  const near = [...new Set(sites.flatMap(({ economics }) => economics.neighbours.map((one) => one.source)).filter(Boolean))];
  return ftz.el("section", { class: "economics" }, ftz.el("h3", {}, `${said.name} · ${said.year} · ${said.denominator}`),
    (sites.length <= ftz.economics.MOST_COLUMNS ? ftz.economics.aside : ftz.economics.below)(sites, unit),
    first.value_note === "target" ? ftz.el("p", { class: "notice" }, `${first.year}: ${ftz.ui("target_note")}`) : "",
    ftz.el("p", { class: "source" }, ftz.text("siting", note, said)),
    near.length ? ftz.el("p", { class: "source" }, ftz.ui("econ_neighbour_sources", { sources: near.join("; ") })) : "");
};

ftz.economics.clear = function () {
  ftz.economics.turn += 1;
  if (ftz.economics.group) ftz.economics.group.remove();
  ftz.economics.group = null;
  ["econ-status", "econ-result"].forEach((id) => ftz.show(ftz.byId(id)));
};
/* What was uploaded is seen where it lies; what was drawn lies there already. */
ftz.economics.draw = function (sites) {
  if (ftz.economics.group) ftz.economics.group.remove();
  if (ftz.expand.chosen.drawn) return;
  const style = { color: ftz.config.styles.result.drawing, weight: 2.4, fillOpacity: 0.08 };
  ftz.economics.group = L.featureGroup(sites.filter((site) => site.geometry).map((site) => L.geoJSON(site.geometry, { pane: "result", pmIgnore: true, className: "candidate", style })
    .bindTooltip(() => ftz.el("div", { class: "tip" }, ftz.el("strong", {}, ftz.sites.name(site))), { sticky: true, className: "plain" })), { pmIgnore: true }).addTo(ftz.map);
  const bounds = ftz.economics.group.getBounds();
  if (bounds.isValid() && !ftz.map.getBounds().intersects(bounds)) ftz.map.fitBounds(bounds, { padding: [48, 48], maxZoom: 15 });
};

ftz.parts.push(async function economicsBegin() {
  const select = ftz.byId("siting-density");
  if (!select) return;
  ftz.byId("econ-button").addEventListener("click", ftz.economics.run);
  ftz.expand.listeners.push(ftz.economics.clear);
  const answer = await ftz.ask("/api/v1/indicators").catch(() => ({ indicators: [] }));
  answer.indicators.forEach((one) => one.years.forEach(({ year, denominators }) => denominators.forEach((land) =>
    select.append(ftz.el("option", { value: `${one.id}|${year}|${land}` }, `${ftz.named(one.name)} · ${year} · ${ftz.text("denominators", land)}`)))));
});
