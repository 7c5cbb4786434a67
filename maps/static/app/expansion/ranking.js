/* The comparison of sites: side by side or in order, what they take, what turns the order. */

import { badge, basisNotices, byId, el, findById, makeTable, problemBox, setChildren, svg } from "../core/elements.js";
import { ask } from "../core/server.js";
import { formatNumber, named, tableOf, tr, ui, unitText } from "../core/words.js";
import * as siteEconomics from "./economics.js";
import * as expand from "./expand.js";
import * as groundTerms from "./ground_terms.js";
import * as siteTerms from "./site_terms.js";

const state = { turn: 0 };

async function rankChosen() {
  const place = byId("siting-ranking");
  const chosen = expand.requireSites(place);
  if (!chosen) return;
  try {
    const [, body] = await expand.requestFor(chosen, "api/v1/sites/ranking");
    rankSites(body || {});
  } catch (problem) {
    setChildren(place, problemBox(problem));
  }
}

/** @param {RequestInit} sites */
export async function rankSites(sites) {
  const place = byId("siting-ranking"),
    turn = (state.turn += 1);
  const query = new URLSearchParams([...siteTerms.termsQuery(), ...siteEconomics.densityQuery()]);
  const body = siteTerms.withFiles(sites, siteTerms.termsFiles());
  setChildren(place, el("p", { class: "busy" }, ui("checking")));
  try {
    const report = await ask(`api/v1/sites/ranking?${query}`, { method: "POST", ...body });
    if (turn === state.turn) presentRanking(report, body, query);
  } catch (problem) {
    if (turn === state.turn) setChildren(place, problemBox(problem));
  }
}

/** @param {Answers.RankedSite} site */
const rankText = (site) =>
  site.rank_best === null
    ? "—"
    : site.rank_best === site.rank_worst
      ? String(site.rank_best)
      : `${site.rank_best}–${site.rank_worst}`;
/** @param {Answers.RankedSite} site @returns {[string, Answers.SiteGround][]} */
const takenBy = (site) => (site.takes ? [[siteEconomics.siteName(site), site.takes]] : []);

/** @param {Answers.Unfit} one */
function unfitText(one) {
  const word = tableOf("siting")[`unfit_${one.reason}`] ? `unfit_${one.reason}` : "unfit_limit";
  const name = one.name ? named(one.name) : one.reason;
  return tr("siting", word, { name, value: formatNumber(one.value, 2), limit: formatNumber(one.limit, 2) });
}

/**
 * @param {Answers.RankingReport} report
 * @param {RequestInit} body
 * @param {URLSearchParams} query
 */
function presentRanking(report, body, query) {
  const fit = report.sites.filter((site) => site.feasible),
    few = report.sites.length <= 4;
  setChildren(
    byId("siting-ranking"),
    el("h3", {}, named(report.name)),
    ...basisNotices(report.basis),
    ...expand.makeUntold(report),
    fit.length ? scoreBars(report, fit) : "",
    few ? sideBySide(report) : orderTable(report),
    ...fit
      .filter((site) => site.taken_m2 > 0)
      .map((site) =>
        el(
          "p",
          { class: "notice" },
          `${siteEconomics.siteName(site)}: ${tr("siting", "gives_up", { area: formatNumber(site.taken_m2, 0) })}`,
        ),
      ),
    ...report.sites
      .filter((site) => !site.feasible)
      .map((site) =>
        el("p", { class: "notice" }, `${siteEconomics.siteName(site)}: `, site.unfit.map(unfitText).join("; ")),
      ),
    ...report.sites.flatMap((site) =>
      site.untold_limits.map((one) =>
        el(
          "p",
          { class: "notice" },
          `${siteEconomics.siteName(site)}: `,
          tr("siting", "limit_untold", { name: named(one.name), why: tr("siting", `reason_${one.reason}`) }),
        ),
      ),
    ),
    ...report.left_out.map((one) =>
      el("p", { class: "quiet" }, `${named(one.name)}: ${tr("siting", `reason_${one.reason}`)}`),
    ),
    report.stability
      ? el(
          "p",
          { class: "quiet" },
          ui("siting_stability", {
            sites: report.stability_sites,
            method:
              report.stability === "exact"
                ? ui("siting_stability_exact")
                : ui("siting_stability_drawn", {
                    draws: report.draws,
                    seed: report.seed,
                    error: formatNumber(report.error_pct, 2),
                  }),
          }),
        )
      : "",
    fit.length > 1 ? makeFlips(report) : "",
    siteEconomics.economicsTable(report),
    groundTerms.makeTaken(report.ground_terms, report.sites.flatMap(takenBy)),
    el("p", { class: "source" }, named(report.weights_note)),
    groundTerms.replacedLine("criteria_replaced", report.replaced),
    expand.downloadButtons(ui("siting_table"), ["xlsx", "csv", "pdf"], "comparison", (form) => [
      `api/v1/sites/ranking?${new URLSearchParams([...query, ["format", form]])}`,
      { method: "POST", ...body },
    ]),
  );
}

const COLOURS = [
  "#0b6070",
  "#2fa4b0",
  "#f2b544",
  "#8a5a00",
  "#1d4e89",
  "#7aa6d6",
  "#1b6e3c",
  "#8cc79a",
  "#7b4b94",
  "#c49bd6",
  "#52606d",
  "#b3bcc6",
];
/** @param {number} at */
const colourOf = (at) => COLOURS[at % COLOURS.length];
/** @param {number} at */
const colourKey = (at) =>
  svg(
    "svg",
    { class: "key", viewBox: "0 0 10 10", "aria-hidden": "true" },
    svg("rect", { width: 10, height: 10, fill: colourOf(at) }),
  );
/**
 * @param {Answers.RankingReport} report
 * @param {Answers.RankedSite[]} fit
 */
const scoreBars = (report, fit) =>
  el(
    "div",
    { class: "score-bars" },
    fit.map((site) => {
      let x = 0;
      const parts = report.criteria.map((item, at) => {
        const points = site.contributions[item.id] || 0;
        const part = svg(
          "rect",
          { x, y: 0, width: points, height: 10, fill: colourOf(at) },
          svg("title", {}, `${named(item.name)}: ${formatNumber(site.contributions[item.id], 1)}`),
        );
        x += points;
        return part;
      });
      const said =
        site.score === null
          ? `${formatNumber(site.score_least, 1)}–${formatNumber(site.score_most, 1)}`
          : formatNumber(site.score, 1);
      return el(
        "div",
        { class: "score-bar" },
        el("b", {}, `${rankText(site)}. ${siteEconomics.siteName(site)}`),
        svg(
          "svg",
          {
            viewBox: "0 0 100 10",
            preserveAspectRatio: "none",
            role: "img",
            "aria-label": `${siteEconomics.siteName(site)} ${said}`,
          },
          svg("rect", { class: "score-ground", width: 100, height: 10 }),
          ...parts,
        ),
        el("span", { class: "number" }, said),
      );
    }),
    el(
      "ul",
      { class: "plain score-key" },
      report.criteria.map((item, at) =>
        el("li", {}, colourKey(at), `${named(item.name)} ${formatNumber(item.share_pct, 1)}%`),
      ),
    ),
  );

/**
 * @param {Answers.RankedSite} site
 * @param {Answers.CriterionOut} item
 */
function factText(site, item) {
  const fact = site.facts[item.id];
  if (fact.reason) {
    const why = tr("siting", `reason_${fact.reason}`);
    if (!fact.bounds) return why;
    const [least, most] = fact.bounds.map((one) => formatNumber(one, 1));
    return tr("siting", "bounded", { least, most, why });
  }
  return `${formatNumber(fact.value, 2)}${item.unit ? ` ${unitText(item.unit)}` : ""}`;
}
/**
 * Few sites side by side: a column each.
 * @param {Answers.RankingReport} report
 */
const sideBySide = (report) =>
  makeTable(
    named(report.name),
    [{ text: tr("siting", "criterion") }, ...report.sites.map((site) => ({ text: siteEconomics.siteName(site) }))],
    [
      .../** @type {[string, (site: Answers.RankedSite) => string][]} */ ([
        ["rank", rankText],
        ["score", (site) => formatNumber(site.score, 1)],
        ["first_share", (site) => formatNumber(site.first_share_pct, 1)],
        ["area_ha", (site) => formatNumber(site.area_ha, 2)],
      ]).map(([name, said]) =>
        el(
          "tr",
          {},
          el("th", { scope: "row" }, tr("siting", name)),
          report.sites.map((site) => el("td", {}, said(site))),
        ),
      ),
      el(
        "tr",
        {},
        el("th", { scope: "row" }, tr("siting", "verdict")),
        report.sites.map((site) => el("td", {}, badge("verdicts", site.check.verdict))),
      ),
      ...report.criteria.map((item) =>
        el(
          "tr",
          {},
          el("th", { scope: "row" }, named(item.name)),
          report.sites.map((site) =>
            el(
              "td",
              {},
              factText(site, item),
              site.contributions[item.id] === undefined || site.contributions[item.id] === null
                ? null
                : el("small", {}, ` → ${formatNumber(site.contributions[item.id], 1)}`),
            ),
          ),
        ),
      ),
    ],
  );
/** @param {Answers.RankingReport} report */
function orderTable(report) {
  const names = new Map(report.criteria.map((item) => [item.id, named(item.name)]));
  return makeTable(
    named(report.name),
    [
      { text: tr("siting", "rank"), number: true },
      { text: tr("siting", "site") },
      { text: tr("siting", "score"), number: true },
      { text: tr("siting", "first_share"), number: true },
      { text: tr("siting", "note") },
    ],
    report.sites
      .filter((site) => site.feasible)
      .map((site) =>
        el(
          "tr",
          {},
          el("td", { class: "number" }, rankText(site)),
          el("th", { scope: "row" }, siteEconomics.siteName(site)),
          el("td", { class: "number" }, formatNumber(site.score, 1)),
          el("td", { class: "number" }, formatNumber(site.first_share_pct, 1)),
          el(
            "td",
            {},
            [
              site.missing.length
                ? ui("siting_missing", {
                    names: site.missing.map((id) => names.get(id)),
                  })
                : "",
              site.dominated_by.length ? ui("siting_dominated", { names: site.dominated_by }) : "",
            ]
              .filter(Boolean)
              .join("; "),
          ),
        ),
      ),
  );
}
/** @param {Answers.RankingReport} report */
function makeFlips(report) {
  const names = new Map(report.criteria.map((item) => [item.id, named(item.name)]));
  if (!report.flips.length) return el("p", { class: "quiet" }, ui("siting_no_flips"));
  return el(
    "details",
    { class: "declare" },
    el("summary", {}, ui("siting_flips")),
    el(
      "ul",
      {},
      report.flips.slice(0, 20).map((one) =>
        el(
          "li",
          {},
          tr("siting", "flip", {
            first: one.first,
            second: one.second,
            criterion: names.get(one.criterion),
            now: formatNumber(one.share_now_pct, 1),
            then: formatNumber(one.share_at_flip_pct, 1),
          }),
        ),
      ),
    ),
  );
}

export function begin() {
  if (!findById("siting-form")) return;
  siteTerms.fillWeights();
  byId("siting-rank-chosen").addEventListener("click", rankChosen);
}
