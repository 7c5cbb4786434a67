/* What the layers say of the plan's own claim. */

import { badge, basisNotices, buttonById, byId, el, findById, makeTable } from "../core/elements.js";
import { ask } from "../core/server.js";
import { formatNumber, named, reasonsText, tr, ui } from "../core/words.js";
import { page } from "../core/page.js";
import * as certificate from "./certificate.js";
import * as reviewLists from "./review_lists.js";

const startRun = () =>
  reviewLists.runOnce(buttonById("claim-start"), byId("claim-result"), async () =>
    presentResult(await ask("api/v1/claim")),
  );

/** @param {Answers.ClaimCheck} claim */
function presentResult(claim) {
  const held = claim.holds === null ? "claim_open" : claim.holds ? "claim_holds" : "claim_fails";
  return [
    el("blockquote", {}, named(claim.claim), el("footer", { class: "quiet" }, tr("sources", claim.source))),
    el("div", { class: `verdict ${claim.verdict}` }, el("b", {}, ui(held)), el("span", {}, claim.checked_on)),
    basisNotices(claim.basis),
    el(
      "p",
      { class: "reports" },
      ui("report"),
      ["docx", "pdf", "html", "xlsx"].map((form) => [
        " ",
        el(
          "a",
          { href: `api/v1/claim?format=${form}&lang=${page.config.lang}`, download: `claim.${form}` },
          form.toUpperCase(),
        ),
      ]),
    ),
    claim.units.map(makeUnit),
  ];
}

/** @param {Answers.ClaimUnit} unit */
const makeUnit = (unit) =>
  el(
    "article",
    { class: `finding ${unit.verdict}` },
    el("h3", {}, named(unit.name), badge("verdicts", unit.verdict)),
    unit.reason ? el("p", { class: "reason" }, tr("reasons", unit.reason)) : null,
    certificate.makeSummary(unit.members),
    certificate.makeCertificate(unit.members),
    unit.findings.length
      ? makeTable(
          named(unit.name),
          [{ text: ui("claim_rule") }, { text: ui("claim_verdict") }, { text: ui("claim_nearest"), number: true }],
          unit.findings.map((finding) =>
            el(
              "tr",
              {},
              el(
                "th",
                { scope: "row" },
                named(finding.kind_title),
                // A kind with one rule of its own name is not named twice.
                finding.rule_id === finding.kind
                  ? null
                  : el("small", { class: "quiet" }, ` ${named(finding.rule_name || finding.demands)}`),
              ),
              el(
                "td",
                {},
                badge("verdicts", finding.verdict),
                el("small", { class: "quiet" }, ` ${reasonsText(finding)}`),
              ),
              el(
                "td",
                { class: "number" },
                `${formatNumber(finding.nearest_m, 0)} m`,
                el("br", {}),
                `${formatNumber(finding.coverage_pct, 1)} %`,
              ),
            ),
          ),
        )
      : null,
  );

export function begin() {
  if (findById("claim-start")) byId("claim-start").addEventListener("click", startRun);
}
