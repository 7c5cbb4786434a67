/* The day on which an official layer takes the place of one that stood in for it. */

import * as reviewLists from "../check/review_lists.js";
import * as answers from "../core/answers.js";
import {
  badge,
  buttonById,
  byId,
  el,
  fieldById,
  findById,
  makeTable,
  selectById,
  setChildren,
} from "../core/elements.js";
import { runTask } from "../core/server.js";
import { formatNumber, named, tr, ui } from "../core/words.js";

/** Tables of words for codes with what parts several, and how many digits numbers have, by item. */
const WORDS = /** @type {Record<string, [table: string, mark: string]>} */ ({
  verdict: ["verdicts", ""],
  outcome: ["outcomes", ""],
  reason: ["reasons", ""],
  reasons: ["reasons", "; "],
  status: ["statuses", ", "],
  problem: ["errors", ""],
});
const DECIMALS = /** @type {Record<string, number>} */ ({
  area_ha: 4,
  area_km2: 4,
  density: 4,
  overlap_m2: 2,
  place: 0,
  score: 2,
  sites: 0,
  trim_m2: 2,
});

const startRun = () =>
  reviewLists.runOnce(buttonById("replacement-start"), byId("replacement-result"), async () => {
    const address = `api/v1/layers/${encodeURIComponent(fieldById("replacement-layer").value)}/replacement`;
    return presentResult(await runTask(address, {}, byId("replacement-progress")));
  });

/** @param {App.Task} task */
function presentResult(task) {
  const { listed, sha256 } = /** @type {Answers.ReplacementWritten} */ (task.result);
  /** @type {Record<string, number>} */
  const counts = {};
  listed.items.forEach((one) => {
    counts[one.state] = (counts[one.state] || 0) + 1;
  });
  return [
    reviewLists.countLine("replacement_states", counts),
    reviewLists.downloadLinks(task),
    el("p", { class: "quiet" }, ui("replacement_digest"), ": ", el("code", {}, sha256)),
    listed.items.slice(0, reviewLists.MOST).map(makeCard),
    reviewLists.restLine(listed.items),
    listed.left_out.length
      ? el(
          "ul",
          { class: "plain-list" },
          listed.left_out.map((one) =>
            el("li", {}, `${tr("replacement_whats", one.what)} ${one.id}: ${tr("replacement_reasons", one.reason)}`),
          ),
        )
      : null,
  ];
}

/** @param {Answers.Restated} one */
const makeCard = (one) =>
  el(
    "article",
    { class: `finding ${one.state === "same" ? "clear" : one.state === "changed" ? "conflict" : "undetermined"}` },
    el(
      "h3",
      {},
      `${tr("replacement_whats", one.what)} `,
      one.what === "check" && one.after_id
        ? reviewLists.openCheckButton(one.after_id, named(one.name))
        : named(one.name),
      badge("replacement_states", one.state),
    ),
    one.besides.length
      ? el("p", { class: "reason" }, one.besides.map((cause) => tr("stale_causes", cause)).join("; "))
      : null,
    one.refusal ? el("p", {}, tr("errors", one.refusal.code, one.refusal.params)) : null,
    one.lines.length ? lineTable(one.lines) : null,
    reviewLists.restLine(one.lines),
  );

/** @param {Answers.Line[]} lines */
const lineTable = (lines) =>
  makeTable(
    ui("replacement"),
    ["subject", "item", "before", "after"].map((key) => ({ text: tr("replacement", key) })),
    lines
      .slice(0, reviewLists.MOST)
      .map((line) =>
        el(
          "tr",
          {},
          el("th", { scope: "row" }, line.subject ? named(line.subject) : "—"),
          el("td", {}, [tr("replacement_items", line.item), line.unit].filter(Boolean).join(" ")),
          el("td", {}, valueText(line, line.before)),
          el("td", {}, valueText(line, line.after)),
        ),
      ),
  );

/**
 * @param {Answers.Line} line
 * @param {string | number | null} value
 */
function valueText(line, value) {
  if (value === null) return "—";
  if (typeof value === "number") return formatNumber(value, DECIMALS[line.item] ?? 2);
  const [table, mark] = WORDS[line.item] || ["", ""];
  if (!table) return value;
  return (mark ? value.split(mark) : [value]).map((code) => tr(table, code)).join(mark);
}

/** Offers the official layers: only they can take a place. */
const offerLayers = () =>
  answers.layers().then(
    ({ layers }) => {
      const official = layers.filter((layer) => layer.status === "official");
      buttonById("replacement-start").disabled = !official.length;
      setChildren(
        selectById("replacement-layer"),
        official.length
          ? official.map((layer) => el("option", { value: layer.id }, named(layer.title)))
          : el("option", { value: "" }, ui("replacement_none")),
      );
    },
    () => null,
  );

export function begin() {
  if (!findById("replacement-start")) return;
  byId("replacement-start").addEventListener("click", startRun);
  offerLayers();
}
