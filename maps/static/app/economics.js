/* What compared sites must yield, and how dense their neighbours are. */
"use strict";

ftz.economics = {};

/* The density that is joined, as a query; nothing is chosen for a person. */
ftz.economics.query = function () {
  const [indicator, year, denominator] = ftz.byId("siting-density").value.split("|");
  return year ? [["indicator", indicator], ["year", year], ["denominator", denominator]] : [];
};

ftz.economics.near = (found) => found.neighbours.map((one) => {
  const said = one.density === null ? ftz.text("reasons", one.reason) : `${ftz.number(one.density, 2)} ${ftz.unit(one.density_unit)}`;
  return `${ftz.named(one.name)} (${ftz.number(one.distance_km, 1)} km): ${said}`;
}).join("; ");

/* Two rows a site: its numbers, and below them its neighbours. */
ftz.economics.rows = ({ economics: found, ...site }) => [
  ftz.el("tr", {}, ftz.el("th", { scope: "row", rowspan: 2 }, site.name || site.site_id),
    [found.available_ha, found.density_now, found.density_then, found.value_of_new_land].map((value) => ftz.el("td", { class: "number" }, ftz.number(value, 2)))),
  ftz.el("tr", {}, ftz.el("td", { colspan: 4, class: "quiet" }, ftz.text("siting", "neighbours"), ftz.economics.near(found))),
];

ftz.economics.table = function (report) {
  const sites = report.sites.filter((site) => site.economics);
  if (!sites.length) return "";
  const first = sites[0].economics, unit = ftz.unit(first.unit);
  const said = { name: ftz.named(first.name), year: first.year, target: first.target_year, denominator: ftz.text("denominators", first.denominator), source: first.source || "" };
  const note = first.reason ? `economics_${first.reason}` : first.target_year === null ? "economics_note" : "economics_target";
  return ftz.el("section", { class: "economics" }, ftz.el("h3", {}, ftz.text("siting", "sheet_economics")),
    ftz.table(ftz.text("siting", "sheet_economics"), ["site", "available", "density_now", "density_then", "value_needed"].map((name, at) => ({ text: ftz.text("siting", `head_${name}`, { unit }), number: at > 0 })), sites.flatMap(ftz.economics.rows)),
    ftz.el("p", { class: "source" }, ftz.text("siting", note, said)));
};

ftz.parts.push(async function economicsBegin() {
  const select = ftz.byId("siting-density");
  if (!select) return;
  const answer = await ftz.ask("/api/v1/indicators").catch(() => ({ indicators: [] }));
  answer.indicators.forEach((one) => one.years.forEach(({ year, denominators }) => denominators.forEach((land) =>
    select.append(ftz.el("option", { value: `${one.id}|${year}|${land}` }, `${ftz.named(one.name)} · ${year} · ${ftz.text("denominators", land)}`)))));
});
