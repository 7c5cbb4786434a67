/* Firms by the mu: scores, grades, low-yield land, in a table and on the map. */

import { markedText, qualifierNotices } from "../core/classes.js";
import {
  basisNotices,
  buttonById,
  byId,
  el,
  fieldById,
  fillOptions,
  inputById,
  makeTable,
  setChildren,
  svg,
} from "../core/elements.js";
import { sourceWords } from "../core/law.js";
import { page } from "../core/page.js";
import { ask } from "../core/server.js";
import { formatNumber, named, tr, ui, unitText } from "../core/words.js";
import * as charts from "./charts.js";
import * as views from "./views.js";

/**
 * @typedef {object} State
 * @property {Answers.PermuReport | null} report
 * @property {Map<number, HTMLElement>} lines
 * @property {Map<number, { shape: L.Polygon, look: L.PathOptions }>} shapes
 * @property {string} shown
 * @property {string} find
 * @property {Map<string, string>} ruleNames
 */

/** @type {State} */
const state = {
  report: null,
  lines: new Map(),
  shapes: new Map(),
  shown: "low",
  find: "",
  ruleNames: new Map(),
};
const MOST = 150;
/** @type {Record<string, string>} */
const GRADED_BY = {
  rank: "grade_by_rank",
  ungraded_list: "grade_by_ungraded_list",
  not_scored: "grade_by_not_scored",
  small_group: "grade_by_small_group",
};

const queryOf = () =>
  new URLSearchParams({
    scheme: fieldById("permu-scheme").value,
    ...(fieldById("permu-parcels").value ? { parcels: fieldById("permu-parcels").value } : {}),
  });

/**
 * @param {RequestInit} [options]
 * @param {Record<string, string>} [said] that what was asked about was looked at, and what it is
 */
async function loadReport(options, said = {}) {
  const place = byId("permu-result"),
    address = `api/v1/permu?${new URLSearchParams({ ...Object.fromEntries(queryOf()), ...said })}`;
  setChildren(place, views.busyLine());
  /** @type {Answers.PermuReport} */
  let report;
  try {
    report = await ask(`${address}&geometry=true`, options);
  } catch (problem) {
    views.removeFromMap("permu");
    setChildren(
      place,
      views.refusalBox(problem, (nature) =>
        loadReport(options, { ...said, accept: "true", ...(nature ? { nature } : {}) }),
      ),
    );
    return;
  }
  state.report = report;
  setChildren(place, makeResults(report, address, options || {}));
  listFirms();
  drawParcels(report);
}

/**
 * A tax by the mu with what qualifies it.
 * @param {Answers.LowLand} low
 * @param {number | null} value
 */
export const taxText = (low, value) => (value === null ? "—" : markedText(formatNumber(value, 2), low.qualifiers));
/**
 * The points of a firm with what qualifies them.
 * @param {Answers.FirmOut} firm
 */
export const totalText = (firm) =>
  firm.total === null ? "—" : markedText(formatNumber(firm.total, 1), firm.qualifiers);

/** @param {string | null} grade */
const gradeColour = (grade) => page.config.styles.grades[grade || "none"] || page.config.styles.grades.none;
/**
 * @param {string} text
 * @param {string} name
 */
const makeFigure = (text, name) => el("div", {}, el("b", {}, text), el("span", {}, name));

/**
 * @param {Answers.PermuReport} report
 * @param {string} address
 * @param {RequestInit} options
 */
function makeResults(report, address, options) {
  const whole = report.low_whole;
  const names = new Map(report.land_rules.map((rule) => [rule.id, named(rule.name)]));
  state.ruleNames = names;
  return [
    ...basisNotices(report.basis),
    report.missing_columns.length
      ? el(
          "p",
          { class: "notice indicative" },
          ui("permu_missing", { names: report.missing_columns.map((one) => tr("firm_quantities", one)) }),
        )
      : null,
    report.times.length > 1
      ? el("p", { class: "notice indicative" }, ui("permu_times", { times: report.times.map((one) => named(one)) }))
      : null,
    ...views.unreadLines(report),
    report.area_differences.length
      ? el(
          "p",
          { class: "notice indicative" },
          ui("permu_areas", {
            count: report.area_differences.length,
            first: report.area_differences[0].name,
            pct: formatNumber(report.area_differences[0].difference_pct, 1),
          }),
        )
      : null,
    el(
      "div",
      { class: "figures" },
      makeFigure(
        markedText(`${formatNumber(whole.low_land_mu, 0)} ${unitText("亩")}`, whole.qualifiers),
        ui("permu_low_land", { count: whole.low_firms }),
      ),
      makeFigure(markedText(`${formatNumber(whole.low_share_pct, 1)} %`, whole.qualifiers), ui("permu_low_share")),
      makeFigure(taxText(whole, whole.tax_per_mu), ui("permu_density_now")),
      makeFigure(taxText(whole, whole.tax_per_mu_then), ui("permu_density_then")),
    ),
    ...report.groups
      .filter((group) => group.firms)
      .map((group) => [
        el("h2", {}, ui("permu_group", { name: named(group.name), firms: group.firms, scored: group.scored })),
        group.ranked < group.least_ranked
          ? el(
              "p",
              { class: "notice indicative" },
              ui("permu_small_group", { name: named(group.name), ranked: group.ranked, least: group.least_ranked }),
            )
          : null,
        charts.partsChart(
          named(group.name),
          group.grades
            .filter((one) => one.grade || one.firms)
            .map((one) => ({
              kind: `grade-${one.grade || "none"}`,
              name: one.grade || ui("permu_ungraded"),
              value: one.firms,
            })),
        ),
      ])
      .flat(),
    el("h2", {}, ui("permu_by_district")),
    makeTable(
      ui("permu_by_district"),
      [
        { text: ui("permu_district") },
        { text: ui("permu_low_mu"), number: true },
        { text: "%", number: true },
        { text: ui("permu_density_now"), number: true },
        { text: ui("permu_density_then"), number: true },
      ],
      report.low.map((low) =>
        el(
          "tr",
          {},
          el(
            "th",
            { scope: "row" },
            low.district || ui("permu_no_district"),
            low.qualifiers?.mark ? el("small", {}, ` (${named(low.qualifiers.mark)})`) : null,
          ),
          ...[
            [low.low_land_mu, 0],
            [low.low_share_pct, 1],
            [low.tax_per_mu, 2],
            [low.tax_per_mu_then, 2],
          ].map(([value, decimals]) => el("td", { class: "number" }, formatNumber(value, decimals || 0))),
        ),
      ),
    ),
    el("p", { class: "source" }, ui("permu_mean_note")),
    el(
      "ul",
      { class: "shares" },
      report.land_rules.map((rule) =>
        el("li", {}, ui("permu_rule", { name: named(rule.name), firms: rule.firms, untold: rule.untold })),
      ),
    ),
    el(
      "div",
      { class: "fields pair" },
      el("label", {}, ui("permu_show"), makeFilter(report)),
      el(
        "label",
        {},
        ui("permu_find"),
        el("input", {
          type: "search",
          id: "permu-find",
          oninput: (event) => {
            state.find = event.target.value.trim();
            listFirms();
          },
        }),
      ),
    ),
    ...qualifierNotices([report.qualifiers]),
    el("div", { id: "permu-list" }),
    el(
      "p",
      { class: "source" },
      `${named(report.scheme.name)}: ${named(report.scheme.note)} ` +
        `${ui("source")}: ${sourceWords(report.scheme.source)}`,
    ),
    options.method
      ? views.downloadLine(...["xlsx", "csv", "pdf"].map((form) => views.saveButton(address, options, form)))
      : views.downloadLine(...["xlsx", "csv", "pdf"].map((form) => views.downloadLink(address, form))),
  ];
}

/** @param {Answers.PermuReport} report */
function makeFilter(report) {
  const select = el("select", {
    id: "permu-show",
    onchange: () => {
      state.shown = select.value;
      listFirms();
    },
  });
  const grades = [...new Set(report.groups.flatMap((group) => group.grades.map((one) => one.grade)))].filter(Boolean);
  fillOptions(
    select,
    [
      ["low", ui("permu_only_low")],
      ["all", ui("permu_all")],
      ...grades.map((grade) => [grade, `${ui("permu_grade")} ${grade}`]),
    ],
    state.shown,
  );
  return select;
}

function listFirms() {
  const { report, shown, find } = state;
  if (!report) return;
  const fits = (/** @type {Answers.FirmOut} */ firm) =>
    (shown === "all" || (shown === "low" ? firm.low.length : firm.grade === shown)) &&
    (!find || firm.name.includes(find) || firm.parcels.some((/** @type {string} */ one) => one.includes(find)));
  const firms = report.firms.filter(fits).sort((a, b) => (a.total ?? -1) - (b.total ?? -1));
  state.lines.clear();
  const rows = firms.slice(0, MOST).map((firm) => {
    const line = el(
      "tr",
      {
        tabindex: "0",
        onmouseenter: () => markShape(firm.line, true),
        onmouseleave: () => markShape(firm.line, false),
        onfocus: () => markShape(firm.line, true),
        onblur: () => markShape(firm.line, false),
        onclick: () => goToFirm(firm.line),
      },
      el(
        "th",
        { scope: "row" },
        firm.name,
        el("small", { class: "quiet" }, firm.low.map((one) => state.ruleNames.get(one)).join("; ")),
      ),
      el("td", { class: "number" }, formatNumber(firm.land_mu, 1)),
      el("td", { class: "number" }, totalText(firm)),
      el(
        "td",
        {},
        el(
          "span",
          { class: `grade grade-${firm.grade || "none"}`, title: ui(GRADED_BY[firm.grade_by]) },
          firm.grade || "—",
        ),
      ),
    );
    state.lines.set(firm.line, line);
    return line;
  });
  setChildren(
    byId("permu-list"),
    makeTable(
      ui("permu_show"),
      [
        { text: ui("permu_firm") },
        { text: unitText("亩"), number: true },
        { text: ui("permu_total"), number: true },
        { text: ui("permu_grade") },
      ],
      rows,
    ),
    firms.length > rows.length
      ? el("p", { class: "quiet" }, ui("shown_of", { returned: rows.length, matched: firms.length }))
      : null,
  );
}

/** @param {Answers.PermuReport} report */
function drawParcels(report) {
  const byLine = new Map(report.firms.map((firm) => [firm.line, firm]));
  const firmsOf = (/** @type {App.Feature | undefined} */ feature) =>
    /** @type {Answers.FirmOut[]} */ (feature?.properties.lines.map((/** @type {number} */ line) => byLine.get(line)));
  state.shapes.clear();
  if (!report.features?.features.length) {
    views.removeFromMap("permu");
    return;
  }
  const group = L.featureGroup([], { pmIgnore: true });
  const look = (/** @type {Answers.FirmOut} */ firm) => ({
    pane: "density",
    pmIgnore: true,
    color: firm.low.length ? page.config.styles.grades.low : page.config.styles.choropleth.stroke,
    weight: firm.low.length ? 2.4 : 0.7,
    fillColor: gradeColour(firm.grade),
    fillOpacity: 0.88,
  });
  /* Thousands of parcels are too many elements; on a canvas they move with the map. */
  const renderer = report.features.features.length > 1500 ? { renderer: L.canvas({ pane: "density" }) } : {};
  L.geoJSON(report.features, {
    pane: "density",
    pmIgnore: true,
    ...renderer,
    style: (feature) => look(firmsOf(feature)[0]),
    onEachFeature: (feature, layer) => {
      const firms = firmsOf(feature);
      const shape = /** @type {L.Polygon} */ (layer);
      firms.forEach((firm) => state.shapes.set(firm.line, { shape, look: look(firms[0]) }));
      shape.bindTooltip(
        () =>
          el(
            "div",
            { class: "tip" },
            firms
              .map((/** @type {Answers.FirmOut} */ firm) => [
                el("strong", {}, firm.name),
                el(
                  "span",
                  {},
                  `${ui("permu_grade")} ${firm.grade || "—"} · ${totalText(firm)} · ` +
                    `${formatNumber(firm.land_mu, 1)} ${unitText("亩")}`,
                ),
                firm.low.length
                  ? el("span", {}, firm.low.map((/** @type {string} */ one) => state.ruleNames.get(one)).join("; "))
                  : null,
              ])
              .flat(),
          ),
        { sticky: true, className: "plain" },
      );
      shape.on("mouseover", () => highlightFirms(firms, true));
      shape.on("mouseout", () => highlightFirms(firms, false));
      group.addLayer(shape);
    },
  });
  const grades = [...new Set(report.groups.flatMap((one) => one.grades.map((grade) => grade.grade)))].filter(Boolean);
  const key = (/** @type {string} */ fill, /** @type {string} */ stroke, /** @type {string} */ text) =>
    el(
      "li",
      {},
      svg(
        "svg",
        { class: "swatch", width: 22, height: 14, "aria-hidden": "true" },
        svg("rect", {
          x: 1.5,
          y: 1.5,
          width: 19,
          height: 11,
          fill,
          stroke,
          "stroke-width": stroke === page.config.styles.grades.low ? 2.4 : 1,
        }),
      ),
      text,
    );
  views.putOnMap("permu", group, [
    el("strong", {}, ui("permu_legend")),
    el("p", {}, named(report.scheme.name)),
    el(
      "ul",
      {},
      grades.map((grade) =>
        key(gradeColour(grade), page.config.styles.choropleth.stroke, `${ui("permu_grade")} ${grade}`),
      ),
      key("none", page.config.styles.grades.low, ui("permu_only_low")),
    ),
    ...report.basis.map((item) => el("p", { class: "quiet" }, tr("statuses", item.status))),
  ]);
  page.map.fitBounds(group.getBounds(), { padding: [40, 40] });
}

/**
 * @param {number} line
 * @param {boolean} on
 */
function markShape(line, on) {
  const known = state.shapes.get(line);
  if (known) known.shape.setStyle(on ? { weight: 5 } : known.look);
}
/**
 * @param {Answers.FirmOut[]} firms
 * @param {boolean} on
 */
const highlightFirms = (firms, on) =>
  firms.forEach((firm) => {
    const line = state.lines.get(firm.line);
    if (line) line.classList.toggle("marked", on);
  });
/** @param {number} line */
function goToFirm(line) {
  const known = state.shapes.get(line);
  if (known) page.map.fitBounds(known.shape.getBounds(), { padding: [120, 120], maxZoom: 15 });
}

async function startPermu() {
  const { schemes } = await ask("api/v1/permu/schemes").catch(() => ({ schemes: [] }));
  views.offerSchemes("permu", schemes);
  const parcels = await views.layersOfKinds(["parcel"]);
  fillOptions(byId("permu-parcels"), [
    ...parcels.map((one) => [one.id, named(one.title)]),
    ["", ui("permu_no_parcels")],
  ]);
  const stored = () => {
    buttonById("permu-stored").disabled = !fieldById("permu-parcels").value;
  };
  byId("permu-parcels").addEventListener("change", stored);
  stored();
}

/** @param {FormData} form */
export async function sendTable(form) {
  const scheme = form.get("scheme");
  form.delete("scheme");
  /* A dialog knows the scheme before this view has its options. */
  if (!byId("permu-scheme").children.length) await startPermu();
  if (scheme) fieldById("permu-scheme").value = String(scheme);
  await loadReport({ method: "POST", body: form });
}

export function begin() {
  views.state.starts.permu = startPermu;
  if (page.config.embedded) return;
  views.listenForFiles(inputById("permu-file"), sendTable);
  byId("permu-stored").addEventListener("click", () => loadReport());
}
