/* Development zones by the national evaluation: rates, scores, and land without expansion. */

import { markedText, qualifierNotices } from "../core/classes.js";
import { badge, byId, el, fieldById, inputById, makeTable, setChildren } from "../core/elements.js";
import { page } from "../core/page.js";
import { ask } from "../core/server.js";
import { articleText, sourceWords } from "../core/law.js";
import { formatNumber, inPageLanguage, named, tr, ui, unitText } from "../core/words.js";
import * as charts from "./charts.js";
import * as views from "./views.js";

/** @type {Record<"expand_ha" | "structure_ha" | "intensity_ha" | "management_ha", string>} */
const POTENTIALS = {
  expand_ha: "potential_expand",
  structure_ha: "potential_structure",
  intensity_ha: "potential_intensity",
  management_ha: "potential_management",
};

async function startIntensity() {
  const { ideals } = /** @type {Answers.SchemeList} */ (await ask("api/v1/permu/schemes"));
  views.offerSchemes("intensity", ideals);
}

/** @param {FormData} form */
export async function sendTable(form) {
  const place = byId("intensity-result");
  setChildren(place, views.busyLine());
  try {
    if (!byId("intensity-scheme").children.length) await startIntensity();
    if (!form.has("scheme")) form.set("scheme", fieldById("intensity-scheme").value);
    const report = await ask("api/v1/intensity", { method: "POST", body: form });
    setChildren(place, makeReport(report, form));
  } catch (problem) {
    const confirm = (/** @type {string} */ nature) => {
      form.set("accept", "true");
      if (nature) form.set("nature", nature);
      sendTable(form);
    };
    setChildren(place, views.refusalBox(problem, confirm));
  }
}

/**
 * @param {Answers.IntensityReport} report
 * @param {FormData} form
 */
function makeReport(report, form) {
  const cited = report.citation;
  return [
    el("p", { class: "notice indicative" }, `${named(report.scheme.name)}: ${named(report.scheme.note)}`),
    ...qualifierNotices([report.qualifiers]),
    ...views.unreadLines(report),
    ...report.zones.map(makeZone),
    el(
      "p",
      { class: "source" },
      `${inPageLanguage(cited, "document")} ${articleText(cited.number)}; ${tr("certainty", cited.certainty)}; ` +
        `${ui("source")}: ${sourceWords(report.scheme.source)}`,
    ),
    views.downloadLine(
      ...["xlsx", "csv", "pdf"].map((one) => views.saveButton("api/v1/intensity", { method: "POST", body: form }, one)),
    ),
  ];
}

/** @param {Answers.ZoneIntensity} zone */
export function makeZone(zone) {
  const potential = Object.entries(POTENTIALS).map(([field, word]) => ({
    name: ui(word),
    value: zone.potential[/** @type {keyof typeof POTENTIALS} */ (field)],
  }));
  const known = potential.flatMap(({ name, value }) => (value === null ? [] : [{ name, value }]));
  return el(
    "article",
    { class: "zone-card" },
    el("h2", {}, zone.name || zone.code || "—", " ", badge("zone_types", zone.zone_type)),
    zone.type_agrees === false
      ? el("p", { class: "notice indicative" }, ui("type_differs", { stated: zone.stated_type }))
      : null,
    zone.area_warned
      ? el(
          "p",
          { class: "notice indicative" },
          ui("intensity_area", { stated: formatNumber(zone.evaluated_ha, 2), drawn: formatNumber(zone.drawn_ha, 2) }),
        )
      : null,
    el(
      "div",
      { class: "figure" },
      el("b", {}, zone.score === null ? "—" : formatNumber(zone.score, 1)),
      el("span", {}, zone.score === null ? "/ 100" : markedText("/ 100", zone.qualifiers)),
      el("p", {}, ui("intensity_judged", { pct: formatNumber(zone.judged_pct, 0) })),
    ),
    el(
      "div",
      { class: "goals" },
      zone.goals.map((goal) =>
        el(
          "div",
          {},
          el("span", {}, named(goal.name)),
          charts.progressChart(`${named(goal.name)}: ${formatNumber(goal.score, 1)}`, goal.score),
          el("b", {}, formatNumber(goal.score, 1)),
          el(
            "small",
            {},
            goal.score === null
              ? ui("intensity_known", { pct: formatNumber(goal.judged_pct, 0) })
              : markedText(ui("intensity_known", { pct: formatNumber(goal.judged_pct, 0) }), zone.qualifiers),
          ),
        ),
      ),
    ),
    makeTable(
      zone.name || "",
      [
        { text: ui("intensity_rate") },
        { text: ui("table_value"), number: true },
        { text: ui("intensity_ideal"), number: true },
        { text: ui("intensity_realised") },
      ],
      zone.rates.map(makeRate),
    ),
    known.length ? el("h3", {}, markedText(ui("potential"), zone.qualifiers)) : null,
    known.length ? charts.barChart(known, "ha") : null,
    known.length < potential.length
      ? el(
          "p",
          { class: "quiet" },
          ui("potential_unknown", { names: potential.filter((one) => one.value === null).map((one) => one.name) }),
        )
      : null,
    zone.unread.length
      ? el(
          "ul",
          { class: "faults" },
          zone.unread.map(([field, why]) =>
            el("li", {}, el("q", {}, field), tr("table_problems", why, { text: field })),
          ),
        )
      : null,
  );
}

/** @param {Answers.RateOut} rate */
function makeRate(rate) {
  const why =
    rate.reason === "missing"
      ? ui("rate_missing", { names: rate.missing.map((name) => tr("quantities", name)) })
      : rate.reason
        ? tr("reasons", `rate_${rate.reason}`)
        : "";
  const formula = rate.formula.replace(/[a-z][a-z0-9_]+/g, (name) => tr("quantities", name));
  return el(
    "tr",
    { class: rate.value === null ? "unknown" : "" },
    el("th", { scope: "row", title: formula }, named(rate.name), el("small", { class: "formula" }, formula)),
    el(
      "td",
      { class: "number" },
      rate.value === null
        ? "—"
        : markedText(`${formatNumber(rate.value, 2)} ${unitText(rate.unit)}`.trim(), rate.qualifiers),
    ),
    el("td", { class: "number" }, rate.ideal === null ? "—" : formatNumber(rate.ideal, 2)),
    el(
      "td",
      {},
      rate.realisation_pct === null
        ? null
        : charts.progressChart(`${formatNumber(rate.realisation_pct, 1)} %`, rate.realisation_pct),
      rate.realisation_pct === null ? null : el("small", {}, `${formatNumber(rate.realisation_pct, 1)} %`),
      why ? el("small", { class: "quiet" }, why) : null,
    ),
  );
}

export function begin() {
  views.state.starts.intensity = startIntensity;
  if (!page.config.embedded) views.listenForFiles(inputById("intensity-file"), sendTable);
}
