/* What expansions must yield, side by side; and totals on a grid or parcels, as estimates. */

import * as answers from "../core/answers.js";
import {
  classAt,
  classColours,
  classText,
  formatDensity,
  legendLine,
  markedText,
  qualifierNotices,
} from "../core/classes.js";
import {
  basisNotices,
  byId,
  el,
  fieldById,
  fillOptions,
  makeTable,
  problemBox,
  setChildren,
} from "../core/elements.js";
import { sourceWords } from "../core/law.js";
import { page } from "../core/page.js";
import { ask } from "../core/server.js";
import { formatNumber, named, tr, ui, unitText } from "../core/words.js";
import * as charts from "./charts.js";
import * as choropleth from "./choropleth.js";
import * as views from "./views.js";

/** @type {{ cases: App.Case[], weights: string[][] }} */
const state = { cases: [], weights: [] };

const chosenIndicator = () =>
  choropleth.state.indicators.find((one) => one.id === fieldById("scenario-indicator").value) ||
  choropleth.state.indicators[0];
const chosenDensity = () => ({
  indicator: fieldById("scenario-indicator").value,
  year: fieldById("scenario-year").value,
  denominator: fieldById("scenario-denominator").value,
});

/** @param {string} changed */
async function fillChoices(changed) {
  const indicator = chosenIndicator(),
    before = chosenDensity();
  if (changed === "indicator")
    fillOptions(
      byId("scenario-year"),
      indicator.years.map((one) => [one.year, one.year]),
      before.year,
    );
  const year =
    indicator.years.find((one) => String(one.year) === fieldById("scenario-year").value) || indicator.years[0];
  if (changed !== "denominator")
    fillOptions(
      byId("scenario-denominator"),
      year.denominators.map((one) => [one, tr("denominators", one)]),
      before.denominator,
    );
  try {
    const table = await answers.density(chosenDensity());
    const unit = fieldById("scenario-unit").value;
    fillOptions(
      byId("scenario-unit"),
      table.rows
        .filter((row) => row.density !== null)
        .map((row) => [
          row.unit_id,
          `${named(row.name)} · ${formatDensity(row.density)} ${unitText(row.density_unit)}`,
        ]),
      unit,
    );
    await runScenarios();
  } catch (problem) {
    setChildren(byId("scenario-result"), problemBox(problem));
  }
}

/**
 * @param {App.Case} one
 * @param {number} at
 */
function makeRow(one, at) {
  const set = (/** @type {(text: string) => void} */ take) => (/** @type {{ target: HTMLInputElement }} */ event) =>
    take(event.target.value);
  const number = (/** @type {string} */ text) => (text.trim() === "" ? null : Number(text));
  const by = el("select", {
    "aria-label": ui("scenario_reach"),
    onchange: (event) => {
      one.by = event.target.value;
      showEditor();
    },
  });
  fillOptions(
    by,
    [
      ["kept", ui("scenario_kept")],
      ["plan", ui("scenario_plan")],
      ["stated", ui("scenario_stated")],
    ],
    one.by,
  );
  return el(
    "div",
    { class: "case" },
    el(
      "label",
      {},
      ui("scenario_name"),
      el("input", {
        value: one.name,
        oninput: set((text) => {
          one.name = text;
        }),
      }),
    ),
    el(
      "label",
      {},
      ui("scenario_added"),
      el("input", {
        value: one.added_km2,
        inputmode: "decimal",
        oninput: set((text) => {
          one.added_km2 = Number(text);
        }),
      }),
    ),
    el("label", {}, ui("scenario_reach"), by),
    one.by === "stated"
      ? el(
          "label",
          {},
          ui("density"),
          el("input", {
            value: one.density ?? "",
            inputmode: "decimal",
            oninput: set((text) => {
              one.density = number(text);
            }),
          }),
        )
      : null,
    el(
      "label",
      {},
      ui("scenario_by_year"),
      el("input", {
        value: one.by_year ?? "",
        inputmode: "numeric",
        oninput: set((text) => {
          one.by_year = number(text);
        }),
      }),
    ),
    el(
      "label",
      {},
      ui("scenario_present_growth"),
      el("input", {
        value: one.present_growth_pct || "",
        placeholder: ui("scenario_present_hint"),
        inputmode: "decimal",
        oninput: set((text) => {
          one.present_growth_pct = Number(text);
        }),
      }),
    ),
    el(
      "button",
      {
        type: "button",
        class: "remove",
        "aria-label": ui("scenario_remove"),
        title: ui("scenario_remove"),
        onclick: () => {
          state.cases.splice(at, 1);
          showEditor();
        },
      },
      "×",
    ),
  );
}
const showEditor = () => setChildren(byId("scenario-cases"), state.cases.map(makeRow));

async function runScenarios() {
  const place = byId("scenario-result");
  /* A rate needs years to go: none until the year of the values itself. */
  const year = Number(fieldById("scenario-year").value);
  const cases = state.cases.map((one) => ({
    name: one.name,
    added_km2: one.added_km2,
    density: one.by === "stated" ? one.density : null,
    plan_target: one.by === "plan",
    by_year: one.by_year !== null && one.by_year > year ? one.by_year : null,
    present_growth_pct: one.present_growth_pct || 0,
  }));
  const body = { ...chosenDensity(), year, unit_id: fieldById("scenario-unit").value, cases };
  const options = { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  try {
    setChildren(place, makeReport(await ask("api/v1/scenarios", options), options));
  } catch (problem) {
    setChildren(place, problemBox(problem));
  }
}

/**
 * @param {Answers.ScenarioReport} report
 * @param {RequestInit} options
 */
function makeReport(report, options) {
  const unit = unitText(report.value_unit),
    dense = unitText(report.density_unit);
  /** @type {[string, (one: Answers.ScenarioOut) => string][]} */
  const lines = [
    ["scenario_area", (one) => formatNumber(one.area_km2, 2)],
    ["scenario_density", (one) => formatDensity(one.density_then)],
    ["scenario_needed", (one) => formatNumber(one.value_needed, 2)],
    ["scenario_new_land", (one) => (one.value_of_new_land === null ? "—" : formatNumber(one.value_of_new_land, 2))],
    [
      "scenario_new_density",
      (one) => (one.density_of_new_land === null ? "—" : formatDensity(one.density_of_new_land)),
    ],
    ["scenario_growth", (one) => `${formatNumber(one.growth_pct, 1)} %`],
    [
      "scenario_annual",
      (one) => (one.annual_growth_pct === null ? "—" : `${formatNumber(one.annual_growth_pct, 1)} %`),
    ],
    ["scenario_spared", (one) => formatNumber(one.land_spared_km2, 2)],
    ["scenario_saved", (one) => formatNumber(one.land_saved_km2, 2)],
  ];
  return [
    ...basisNotices(report.basis),
    el(
      "p",
      { class: "source" },
      ui("scenario_start", {
        unit: named(report.unit_name),
        year: report.year,
        name: named(report.name),
        value: markedText(`${formatNumber(report.value, 2)} ${unit}`, report.qualifiers),
        land: tr("denominators", report.denominator),
        area: formatNumber(report.area_km2, 2),
        density: markedText(`${formatDensity(report.density)} ${dense}`, report.qualifiers),
      }),
    ),
    makeTable(
      ui("view_scenario"),
      [{ text: ui("scenario_name") }, ...report.scenarios.map((one) => ({ text: one.name, number: true }))],
      lines.map(([key, write]) =>
        el(
          "tr",
          {},
          el("th", { scope: "row" }, ui(key, { unit, dense })),
          report.scenarios.map((one) => el("td", { class: "number" }, write(one))),
        ),
      ),
    ),
    el(
      "ul",
      { class: "shares" },
      report.scenarios.map((one) => el("li", {}, frozenText(report, one))),
    ),
    el("h2", {}, ui("scenario_needed", { unit })),
    charts.barChart(
      [
        { name: markedText(`${report.year}`, report.qualifiers), value: report.value, kind: "quiet" },
        ...report.scenarios.map((one) => ({ name: one.name, value: one.value_needed })),
      ],
      "",
    ),
    el(
      "p",
      { class: "source" },
      `${ui("source")}: ${sourceWords(report.source)}; ${ui("area_source")}: ${sourceWords(report.area_source)}`,
    ),
    views.downloadLine(...["xlsx", "csv", "pdf"].map((form) => views.saveButton("api/v1/scenarios", options, form))),
  ];
}

/**
 * Which land a scenario freezes, and what growth on it would save.
 * @param {Answers.ScenarioReport} report
 * @param {Answers.ScenarioOut} one
 */
function frozenText(report, one) {
  const marked = (/** @type {number | null} */ value, decimals = 2) =>
    markedText(formatNumber(value, decimals), report.qualifiers);
  const still = one.added_km2 ? "scenario_frozen" : "scenario_no_new_land";
  return ui(one.present_growth_pct ? "scenario_growing" : still, {
    case: one.name,
    area: formatNumber(report.area_km2, 2),
    year: report.year,
    unit: unitText(report.value_unit),
    value: marked(one.value_of_present_land),
    added: formatNumber(one.added_km2, 2),
    new: marked(one.value_of_new_land),
    needed: formatNumber(one.value_needed, 2),
    growth: marked(one.growth_pct, 1),
    present: formatNumber(one.present_growth_pct, 1),
    spared: marked(one.land_spared_km2),
  });
}

async function runDownscale() {
  const place = byId("downscale-result"),
    onto = fieldById("downscale-onto").value,
    weight = fieldById("downscale-weights").value;
  /** @type {Record<string, string | number | boolean>} */
  const body = {
    indicator: fieldById("scenario-indicator").value,
    year: Number(fieldById("scenario-year").value),
    geometry: true,
  };
  if (onto.startsWith("grid:")) body.grid_m = Number(onto.slice(5));
  else body.onto_layer = onto;
  if (weight) body[weight.startsWith("raster:") ? "weight_raster" : "weight_layer"] = weight.replace("raster:", "");
  const options = { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  setChildren(place, views.busyLine());
  try {
    const report = await ask("api/v1/downscale", options);
    setChildren(
      place,
      ...basisNotices(report.basis),
      el("p", { class: "notice demonstration" }, ui("estimate_note")),
      qualifierNotices(report.qualifiers),
      el(
        "p",
        {},
        ui("downscale_done", {
          total: `${formatNumber(report.total, 2)} ${unitText(report.value_unit)}`,
          count: report.parts.length,
          sum: formatNumber(report.total_of_parts, 2),
          pct: formatNumber(report.covered_pct, 1),
        }),
      ),
      el("p", {}, tr("scenario", "units", { names: report.unit_names.map(named).join(tr("report", "list_mark")) })),
      report.left_out.length
        ? el(
            "p",
            { class: "notice" },
            tr("scenario", "left_out", { names: report.left_out.map(named).join(tr("report", "list_mark")) }),
          )
        : null,
      views.downloadLine(
        views.saveButton("api/v1/downscale", options, "csv"),
        views.saveButton("api/v1/downscale", options, "xlsx"),
      ),
    );
    drawParts(report);
  } catch (problem) {
    views.removeFromMap("scenario");
    setChildren(place, problemBox(problem));
  }
}

/** @param {Answers.DownscaleReport} report */
function drawParts(report) {
  const parts = new Map(report.parts.map((part) => [part.id, part]));
  const partOf = (/** @type {App.Feature | undefined} */ feature) =>
    /** @type {Answers.DownscaledPart} */ (parts.get(String(feature?.id)));
  const colours = classColours(report.breaks, page.config.styles.choropleth.classes);
  const unit = unitText(report.density_unit),
    stroke = page.config.styles.choropleth.stroke;
  const group = L.geoJSON(report.features, {
    pane: "density",
    pmIgnore: true,
    style: (feature) => {
      const part = partOf(feature);
      return {
        pane: "density",
        pmIgnore: true,
        color: stroke,
        weight: 0.4,
        dashArray: "2 2",
        fillColor: part.value > 0 ? colours[classAt(report.breaks, part.density)] : "url(#pattern-none-known)",
        fillOpacity: part.value > 0 ? 0.85 : 0.5,
      };
    },
    onEachFeature: (feature, shape) =>
      shape.bindTooltip(
        () => {
          const part = partOf(feature);
          return el(
            "div",
            { class: "tip" },
            el("strong", {}, `${ui("estimate")}: ${formatNumber(part.value, 3)} ${unitText(report.value_unit)}`),
            el(
              "span",
              {},
              markedText(
                `${formatDensity(part.density)} ${unit} · ${formatNumber(part.area_km2, 3)} km²`,
                report.of_parts,
              ),
            ),
          );
        },
        { sticky: true, className: "plain" },
      ),
  });
  views.putOnMap("scenario", group, [
    el("strong", {}, `${named(report.name)} ${report.year} · ${ui("estimate")}`),
    el("p", {}, unit),
    el(
      "ul",
      {},
      colours.map((colour, at) => legendLine(colour, classText(report.breaks, at))),
      report.parts.some((part) => !(part.value > 0)) ? legendLine("url(#pattern-none-known)", "0") : null,
    ),
    el("p", { class: "quiet" }, ui(`breaks_${report.breaks.method}`)),
    ...qualifierNotices([report.of_parts]),
    el("p", { class: "quiet" }, ui("downscale_by", { onto: report.onto, weights: weightName(report.weights) })),
    el("p", { class: "quiet" }, `${ui("source")}: ${sourceWords(report.source)}`),
  ]);
}

/** @param {string} id */
const weightName = (id) =>
  state.weights.find(([value]) => value.replace("raster:", "") === id)?.[1] ||
  (id === "area" ? ui("weights_area") : id);

async function startScenarios() {
  await choropleth.ready;
  if (!choropleth.state.indicators || !choropleth.state.indicators.length) return;
  const by_year = (await answers.plan()).target_year;
  state.cases = [
    { name: ui("scenario_case_keep"), added_km2: 10, by: "kept", density: null, by_year: null },
    { name: ui("scenario_case_plan"), added_km2: 0, by: "plan", density: null, by_year },
    { name: ui("scenario_case_both"), added_km2: 10, by: "plan", density: null, by_year },
  ];
  showEditor();
  const preferred = choropleth.state.indicators.find((one) => one.id === "trade") || choropleth.state.indicators[0];
  fillOptions(
    byId("scenario-indicator"),
    choropleth.state.indicators.map((one) => [one.id, named(one.name)]),
    preferred.id,
  );
  const rasters = ((await ask("api/v1/rasters").catch(() => ({ rasters: [] }))).rasters || []).filter(
    (/** @type {Answers.RasterOut} */ one) => one.kind === "land_cover",
  );
  state.weights = [
    ["", ui("weights_area")],
    ["county_impervious", ui("weights_impervious")],
    ...(await views.layersOfKinds(["urban_development_boundary"])).map((one) => [one.id, named(one.title)]),
    ...(rasters.length ? [["raster:land_cover", ui("weights_land_cover")]] : []),
  ];
  fillOptions(byId("downscale-weights"), state.weights);
  fillOptions(
    byId("downscale-onto"),
    [
      ...[2000, 1000, 500].map((side) => [`grid:${side}`, ui("downscale_grid", { side })]),
      ...(await views.layersOfKinds(["parcel"])).map((one) => [one.id, named(one.title)]),
    ],
    "grid:1000",
  );
  await fillChoices("indicator");
}

export function begin() {
  views.state.starts.scenario = startScenarios;
  if (page.config.embedded) return;
  ["indicator", "year", "denominator"].forEach((name) =>
    byId(`scenario-${name}`).addEventListener("change", () => fillChoices(name)),
  );
  byId("scenario-unit").addEventListener("change", runScenarios);
  byId("scenario-run").addEventListener("click", runScenarios);
  byId("scenario-add").addEventListener("click", () => {
    state.cases.push({
      name: ui("scenario_case_new", { number: state.cases.length + 1 }),
      added_km2: 5,
      by: "kept",
      density: null,
      by_year: null,
    });
    showEditor();
  });
  byId("downscale-run").addEventListener("click", runDownscale);
}
