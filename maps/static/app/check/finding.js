/* One finding: what it says, how firm it is, what follows, and what a reviewer holds against it. */

import * as headline from "./headline.js";
import { sourceText } from "./natures.js";
import * as siteParts from "./site_parts.js";
import { badge, el, makeTable, problemBox, setChildren } from "../core/elements.js";
import { page } from "../core/page.js";
import { ask } from "../core/server.js";
import { makeWhy } from "../map/why.js";
import { articlesText } from "../core/law.js";
import { formatMoment, formatNumber, inPageLanguage, named, reasonsText, tr, ui } from "../core/words.js";

/** @typedef {(result: Answers.CheckResult) => void} Reviewed  What becomes of a check that was reviewed. */

const state = { reviewer: "" };

/**
 * The gravest first; what is clear is folded away, so that nothing grave is scrolled past.
 * @param {Answers.CheckResult} result
 * @param {Answers.SiteResult} site
 * @param {Reviewed} reviewed
 */
function makeCards(result, site, reviewed) {
  const rank = (/** @type {Answers.Finding} */ finding) => page.config.verdicts.indexOf(finding.verdict);
  const clear = site.findings.filter((finding) => finding.verdict === "clear" && !finding.override);
  const rest = site.findings.filter((finding) => !clear.includes(finding)).sort((a, b) => rank(a) - rank(b));
  const cards = (/** @type {Answers.Finding[]} */ findings) =>
    findings.map((/** @type {Answers.Finding} */ finding) => makeCard(result, site, finding, reviewed));
  return [
    cards(rest),
    clear.length
      ? el(
          "details",
          { class: "all-clear", open: !rest.length },
          el("summary", {}, ui("clear_findings", { count: clear.length })),
          cards(clear),
        )
      : null,
  ];
}

/**
 * @param {Answers.CheckResult} result
 * @param {Answers.SiteResult} site
 * @param {Reviewed} reviewed
 */
export function makeSite(result, site, reviewed) {
  const verdict = badge("verdicts", site.verdict);
  return el(
    "section",
    { class: "site" },
    el("h2", {}, site.name || ui("site_number", { id: site.site_id }), " ", verdict),
    site.reviewed_verdict
      ? el("p", { class: "overridden" }, ui("reviewed_as"), " ", badge("verdicts", site.reviewed_verdict))
      : null,
    el(
      "p",
      {},
      ui("site_area", {
        m2: formatNumber(site.area_m2, 2),
        ha: formatNumber(site.area_m2 / 1e4, 4),
        mu: formatNumber(site.area_mu, 3),
      }),
    ),
    result.sites.length > 1
      ? [headline.makeLines(site.lines), headline.makeBeside(site, headline.hasUntold(site))]
      : null,
    result.nature ? makeNothingAsked(site) : null,
    makeCards(result, site, reviewed),
  );
}

/**
 * The layer, with the rule where its kind has rules of other names.
 * @param {Answers.Finding} finding
 */
const findingName = (finding) =>
  finding.rule_id === finding.kind
    ? named(finding.title)
    : `${named(finding.title)} · ${named(finding.rule_name || finding.demands)}`;

/**
 * Once for all lines of which nothing follows.
 * @param {Answers.SiteResult} site
 */
function makeNothingAsked(site) {
  const rest = site.findings.filter((finding) => finding.decision.outcome === "nothing");
  const names = rest.map(findingName).join("; ");
  const said = { outcome: tr("outcomes", "nothing"), count: rest.length, names };
  return rest.length ? el("p", { class: "quiet" }, tr("beside", "nothing_asked", said)) : null;
}

/**
 * @param {Answers.CheckResult} result
 * @param {Answers.SiteResult} site
 * @param {Answers.Finding} finding
 * @param {Reviewed} reviewed
 */
function makeCard(result, site, finding, reviewed) {
  const point = (/** @type {boolean} */ on) => () => siteParts.pointAt(on ? finding : null);
  return el(
    "article",
    {
      class: `finding ${finding.verdict}`,
      onmouseenter: point(true),
      onmouseleave: point(false),
      onfocusin: point(true),
      onfocusout: point(false),
    },
    el(
      "h3",
      {},
      findingName(finding),
      finding.layer_status ? badge("statuses", finding.layer_status) : null,
      badge("verdicts", finding.verdict),
    ),
    finding.rule_id === finding.kind ? null : el("p", { class: "quiet" }, named(finding.demands)),
    el("p", { class: "reason" }, reasonsText(finding)),
    makeOverridden(finding),
    el("dl", {}, makeFacts(finding)),
    finding.spans_zero ? el("p", { class: "notice" }, ui("spans_zero")) : null,
    makeUnits(finding),
    makeDecision(finding, result.nature),
    finding.parts.some((part) => part.geometry)
      ? el("button", { type: "button", class: "locate", onclick: () => siteParts.fitToFinding(finding) }, ui("locate"))
      : null,
    makeDetails(finding),
    makeWhy(finding.kind, (one) => one.rule_id === finding.rule_id, result.checked_on),
    makeOverrideForm(result, site, finding, reviewed),
  );
}

/** @param {Answers.Finding} finding */
function makeFacts(finding) {
  const fact = (/** @type {string} */ key, /** @type {string} */ text) =>
    el("div", {}, el("dt", {}, ui(key)), el("dd", {}, text));
  const inside = finding.relation === "must_be_inside",
    some = (finding.overlap_area_m2 || 0) > 0,
    // That a layer shows nothing, where nothing can be told, is no zero.
    area = some || finding.verdict !== "undetermined" ? `${formatNumber(finding.overlap_area_m2, 2)} m²` : "—";
  const interval = finding.overlap_interval_m2;
  return finding.overlap_area_m2 === null
    ? []
    : [
        fact(inside ? "outside_area" : "overlap_area", area),
        some
          ? fact(
              "in_ha_mu",
              `${formatNumber(finding.overlap_area_m2 / 1e4, 4)}\u00a0ha · ` +
                `${formatNumber(finding.overlap_area_mu, 3)}\u00a0${ui("mu")}`,
            )
          : null,
        some && finding.inside_printed
          ? fact(
              "inside_outside",
              `${formatNumber(finding.inside_printed.ha, 4)} + ${formatNumber(finding.outside_printed?.ha, 4)}\u00a0ha`,
            )
          : null,
        some ? fact("share", `${formatNumber(finding.share_pct, 2)} %`) : null,
        interval && interval[1] > 0
          ? fact("interval", `${formatNumber(interval[0], 2)} – ${formatNumber(interval[1], 2)} m²`)
          : null,
        some ? fact("largest_width", `${formatNumber(finding.max_width_m, 3)} m`) : null,
        finding.nearest_m ? fact("nearest", `${formatNumber(finding.nearest_m, 1)} m`) : null,
        finding.buffer_m ? fact("buffer", `${formatNumber(finding.buffer_m, 0)} m`) : null,
        fact(
          "coverage",
          finding.coverage_pct === null ? ui("coverage_unstated") : `${formatNumber(finding.coverage_pct, 1)} %`,
        ),
      ];
}

/**
 * Units that a site lies in, with what they ask: names of fields as the layer has them.
 * @param {Answers.Finding} finding
 */
function makeUnits(finding) {
  return finding.parts
    .filter((part) => Object.keys(part.attributes).length)
    .map((part) =>
      el(
        "div",
        { class: "unit" },
        el("p", {}, el("b", {}, part.feature_id), ` ${formatNumber(part.area_m2 / 1e4, 4)} ha`),
        el(
          "dl",
          {},
          Object.entries(part.attributes).map(([name, value]) =>
            el("div", {}, el("dt", {}, tr("attributes", name)), el("dd", {}, value)),
          ),
        ),
      ),
    );
}

/**
 * What follows for the stated nature of the project; nothing is said where none is stated.
 * @param {Answers.Finding} finding
 * @param {string | null} nature
 */
function makeDecision(finding, nature) {
  const { outcome, statement, papers } = finding.decision;
  const asks = outcome !== "nothing";
  if (!nature || !(asks || statement)) return null;
  const ha = formatNumber((finding.overlap_area_m2 || 0) / 1e4, 4);
  return el(
    "div",
    { class: `decision ${outcome}` },
    asks ? el("p", {}, el("b", {}, `${ui("outcome")}: `), tr("outcomes", outcome)) : null,
    papers.length
      ? el("p", {}, el("b", {}, `${ui("papers")}: `), papers.map((one) => tr("papers", one)).join("; "))
      : null,
    statement ? el("p", {}, tr("statements", statement, { ha })) : null,
    finding.decision.source ? el("p", { class: "quiet" }, sourceText(finding.decision.source)) : null,
  );
}

/** @param {Answers.Finding} finding */
function makeDetails(finding) {
  const cited = finding.citation;
  return el(
    "details",
    {},
    el("summary", {}, ui("details")),
    el("p", {}, named(finding.demands)),
    makeParts(finding),
    makeSensitivity(finding),
    el("p", {}, el("cite", {}, inPageLanguage(cited, "document")), ` ${articlesText(cited)}`),
    el("p", {}, inPageLanguage(cited, "note")),
    el("p", { class: "quiet" }, `${ui("certainty")}: ${tr("certainty", cited.certainty)}`),
    finding.layer_id
      ? el(
          "p",
          { class: "quiet" },
          ui("layer_version", {
            id: finding.layer_id,
            version: finding.layer_version,
            width: formatNumber(finding.tolerance_width_m, 3),
          }),
        )
      : null,
  );
}

/** @param {Answers.Finding} finding */
const makeParts = (finding) =>
  finding.parts.length
    ? makeTable(
        ui("parts"),
        [
          { text: ui("feature") },
          { text: `${ui("area")} m²`, number: true },
          { text: `${ui("largest_width")} m`, number: true },
          { text: `${ui("average_width")} m`, number: true },
        ],
        finding.parts.map((part) =>
          el(
            "tr",
            {},
            el("th", { scope: "row" }, siteParts.partName(part.feature_id)),
            [
              [part.printed.m2, 2],
              [part.max_width_m, 3],
              [part.average_width_m, 3],
            ].map(([value, decimals]) => el("td", { class: "number" }, formatNumber(value, decimals))),
          ),
        ),
      )
    : null;

/** @param {Answers.Finding} finding */
const makeSensitivity = (finding) =>
  finding.sensitivity.length
    ? makeTable(
        ui("sensitivity"),
        [{ text: ui("sensitivity") }, { text: `${ui("area")} m²`, number: true }],
        finding.sensitivity.map((row) =>
          el(
            "tr",
            {},
            el("th", { scope: "row" }, `${formatNumber(row.tolerance_m, 2)} m`),
            el("td", { class: "number" }, formatNumber(row.overlap_area_m2, 2)),
          ),
        ),
      )
    : null;

/** @param {Answers.Finding} finding */
const makeOverridden = (finding) =>
  finding.override
    ? el(
        "div",
        { class: "overridden" },
        el("p", {}, ui("reviewed_as"), " ", badge("verdicts", finding.override.verdict)),
        el("p", {}, finding.override.reason),
        el("p", { class: "quiet" }, `${finding.override.name} · ${formatMoment(finding.override.at)}`),
      )
    : null;

/**
 * The computed verdict stays; a reviewer's own is recorded beside it with reason and name.
 * @param {Answers.CheckResult} result
 * @param {Answers.SiteResult} site
 * @param {Answers.Finding} finding
 * @param {Reviewed} reviewed
 */
function makeOverrideForm(result, site, finding, reviewed) {
  const field = (/** @type {string} */ label, /** @type {HTMLElement} */ input) => el("label", {}, ui(label), input);
  const verdict = el(
    "select",
    { required: true },
    page.config.verdicts.map((code) =>
      el("option", { value: code, selected: code === finding.verdict }, tr("verdicts", code)),
    ),
  );
  const reason = el("textarea", { rows: "2", required: true, maxlength: "2000" });
  const name = el("input", { required: true, maxlength: "100", value: state.reviewer });
  const status = el("div", { "aria-live": "polite" });
  const send = async (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    state.reviewer = name.value;
    const address = `api/v1/checks/${encodeURIComponent(result.id)}`;
    const body = JSON.stringify({
      site_id: site.site_id,
      rule_id: finding.rule_id,
      layer_id: finding.layer_id,
      verdict: verdict.value,
      reason: reason.value,
      name: name.value,
    });
    try {
      await ask(`${address}/overrides`, { method: "POST", headers: { "Content-Type": "application/json" }, body });
      reviewed(await ask(`${address}?geometry=true`));
    } catch (problem) {
      setChildren(status, problemBox(problem));
    }
  };
  return el(
    "details",
    { class: "override" },
    el("summary", {}, ui("override")),
    el(
      "form",
      { class: "fields", onsubmit: send },
      el("p", { class: "quiet" }, ui("override_lead")),
      field("override_verdict", verdict),
      field("override_reason", reason),
      field("override_name", name),
      el("button", { type: "submit", class: "button" }, ui("override_record")),
      status,
    ),
  );
}
