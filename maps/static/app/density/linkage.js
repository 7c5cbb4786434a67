/* What is missing and who has it; linkage zones; districts, batches and hosts side by side. */

import { basisNotices, byId, el, fieldById, makeTable, problemBox, setChildren } from "../core/elements.js";
import { sourceWords } from "../core/law.js";
import { page } from "../core/page.js";
import { ask } from "../core/server.js";
import { formatNumber, named, tr, ui, unitText } from "../core/words.js";
import * as views from "./views.js";

const MISSING = "api/v1/missing-figures";

/** @param {Answers.Title[]} titles */
const listed = (titles) => titles.map(named).join(tr("report", "list_mark"));

/* Districts first: what their densities lack stands before any table. */
export async function showMissing() {
  const place = byId("density-missing");
  try {
    const found = /** @type {Answers.MissingFigures} */ (await ask(MISSING));
    const districts = found.units.filter((unit) => unit.level === "district" && unit.missing.length);
    setChildren(place, districts.length ? makeMissing(found, districts) : null);
  } catch (problem) {
    setChildren(place, problemBox(problem));
  }
}

/**
 * @param {Answers.MissingFigures} found
 * @param {Answers.MissingUnit[]} districts
 */
const makeMissing = (found, districts) =>
  el(
    "details",
    { class: "declare", open: true },
    el("summary", {}, ui("missing_figures", { year: found.year })),
    el(
      "ul",
      { class: "plain-list" },
      districts.map((unit) =>
        el(
          "li",
          {},
          el("b", {}, named(unit.name)),
          ` ${ui("missing_of", { names: listed(unit.missing.map((one) => one.name)) })} `,
          unit.holder ? ui("missing_from", { holder: named(unit.holder) }) : null,
          unit.searched ? el("span", { class: "source" }, ` ${named(unit.searched)}`) : null,
        ),
      ),
    ),
    el(
      "p",
      { class: "after" },
      el(
        "a",
        { class: "button", href: `${found.template.slice(1)}&lang=${page.config.lang}`, download: true },
        ui("missing_fill"),
      ),
      ...["xlsx", "pdf"].map((form) => views.downloadLink(MISSING, form)),
    ),
  );

async function showLinkage() {
  const place = byId("linkage-result");
  try {
    const found = /** @type {Answers.LinkageList} */ (await ask("api/v1/linkage"));
    const heads = ["name", "batch", "since", "host", "boundary_km2"].map((name) => ({ text: tr("linkage", name) }));
    const rows = found.zones.map((zone) =>
      el(
        "tr",
        {},
        el(
          "th",
          { scope: "row" },
          named(zone.name),
          zone.role === "park" ? null : el("span", { class: "quiet" }, ` ${tr("linkage_roles", zone.role)}`),
        ),
        el("td", {}, zone.batch || tr("linkage", "not_stated")),
        el("td", {}, zone.since || tr("linkage", "not_stated")),
        el("td", {}, zone.host ? named(zone.host) : "—"),
        el(
          "td",
          { class: "number" },
          zone.boundary_km2 === null ? tr("linkage", "no_boundary") : formatNumber(zone.boundary_km2, 2),
        ),
      ),
    );
    setChildren(
      place,
      ...basisNotices(found.basis),
      el(
        "p",
        {},
        tr("linkage", "total", { km2: formatNumber(found.total_km2, 2), source: sourceWords(found.total_source) }),
      ),
      makeTable(tr("linkage", "title"), heads, rows),
      found.zones
        .filter((zone) => zone.drawn_twice.length)
        .map((zone) =>
          el(
            "p",
            { class: "notice indicative" },
            tr("linkage", "drawn_twice", { name: named(zone.name), layers: zone.drawn_twice }),
          ),
        ),
      el("p", { class: "quiet" }, tr("linkage", "note")),
      views.downloadLine(...["xlsx", "csv", "pdf"].map((form) => views.downloadLink("api/v1/linkage", form))),
    );
    await showComparison();
  } catch (problem) {
    setChildren(place, problemBox(problem));
  }
}

/* Of what is chosen above: the same indicator, year and land. */
async function showComparison() {
  const place = byId("compare-result");
  const chosen = Object.fromEntries(
    ["indicator", "year", "denominator"].map((name) => [name, fieldById(`density-${name}`).value]),
  );
  if (!chosen.year) return;
  const address = `api/v1/density/compare?${new URLSearchParams({ ...chosen, by: fieldById("compare-by").value })}`;
  try {
    const found = /** @type {Answers.Comparison} */ (await ask(address));
    setChildren(
      place,
      ...basisNotices(found.basis),
      el(
        "p",
        {},
        `${named(found.name)} ${found.year} · ${tr("denominators", found.denominator)} (${unitText(found.unit)})`,
      ),
      el("ul", { class: "plain-list" }, found.groups.map(makeGroup)),
      el("p", { class: "quiet" }, tr("compare", "note")),
      views.downloadLine(...["xlsx", "csv", "pdf"].map((form) => views.downloadLink(address, form))),
    );
  } catch (problem) {
    setChildren(place, problemBox(problem));
  }
}

/** @param {Answers.ComparedGroup} group */
function makeGroup(group) {
  const figure = (/** @type {number | null} */ value) => formatNumber(value, 2);
  const mark = group.mark ? ` (${named(group.mark)})` : "";
  const gaps = [
    group.without_value.length ? tr("compare", "without_value", { names: listed(group.without_value) }) : "",
    group.without_land.length ? tr("compare", "without_land", { names: listed(group.without_land) }) : "",
  ].join(" ");
  let dense = gaps;
  if (group.density_least !== null && group.density_most === null)
    dense = ui("compare_at_least", { least: figure(group.density_least) }) + mark;
  else if (group.density_least !== null && group.exact) dense = figure(group.density_least) + mark;
  else if (group.density_least !== null)
    dense = [
      ui("compare_of_known", { least: figure(group.density_least), most: figure(group.density_most) }),
      `${mark} ${tr("compare", "bounds")}`,
    ].join("");
  if (group.density_least !== null && group.other_years.length)
    dense += ` ${tr("compare", "other_years", { years: group.other_years.join(", ") })}`;
  return el(
    "li",
    {},
    el("b", {}, named(group.name)),
    ` ${dense} `,
    group.lands.length
      ? el("span", { class: "quiet" }, group.lands.map((land) => tr("denominators", land)).join("; "))
      : null,
  );
}

export function begin() {
  if (page.config.embedded) return;
  byId("linkage-list").addEventListener("toggle", showLinkage);
  byId("compare-by").addEventListener("change", showComparison);
  ["indicator", "year", "denominator"].forEach((name) =>
    byId(`density-${name}`).addEventListener("change", () => {
      if (/** @type {HTMLDetailsElement} */ (byId("linkage-list")).open) void showComparison();
    }),
  );
  void showMissing();
}
