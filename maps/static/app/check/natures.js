/* The natures that a project can have: the choice of one, and what it needs by which clause. */

import { badge, byId, el, makeTable, setChildren } from "../core/elements.js";
import { ask } from "../core/server.js";
import { articlesText } from "../core/law.js";
import { inPageLanguage, named, tr, ui } from "../core/words.js";

/** @type {{ asked: Promise<Answers.NatureList> | null }} */
const state = { asked: null };

/** The same answer for every choice on the page. */
export function askNatures() {
  state.asked ??= ask("api/v1/natures").catch(() => ({ natures: [], rules: {}, sources: {} }));
  return state.asked;
}

/** @param {HTMLElement} select */
export async function fillChoice(select) {
  const { natures } = await askNatures();
  natures.forEach((one) => select.append(el("option", { value: one.id }, named(one.name))));
}

/**
 * What a nature needs, folded away below its choice.
 * @param {string} id
 */
export async function showNeeds(id) {
  const answer = await askNatures();
  const nature = answer.natures.find((one) => one.id === id);
  setChildren(byId("nature-needs"), nature ? makeNeeds(nature, answer) : null);
}

/**
 * @param {Answers.NatureOption} nature
 * @param {Answers.NatureList} answer
 */
function makeNeeds(nature, answer) {
  if (nature.asks) {
    const names = answer.natures.filter((one) => one.of === nature.id).map((one) => named(one.name));
    const said = { nature: named(nature.name), names: names.join("; ") };
    return el("p", { class: "notice" }, tr("beside", "nature_asks", said));
  }
  const open = nature.open.map((one) => named(answer.rules[one]));
  return el(
    "details",
    { class: "declare" },
    el("summary", {}, tr("beside", "needs")),
    nature.needs.length
      ? makeTable(
          named(nature.name),
          ["claim_rule", "outcome", "papers"].map((key) => ({ text: ui(key) })),
          nature.needs.map((one) => makeRow(one, answer)),
        )
      : null,
    open.length ? el("p", { class: "notice" }, tr("beside", "needs_open", { names: open.join("; ") })) : null,
  );
}

/**
 * @param {Answers.Need} need
 * @param {Answers.NatureList} answer
 */
const makeRow = (need, answer) =>
  el(
    "tr",
    {},
    el("th", { scope: "row" }, named(answer.rules[need.rule_id])),
    el("td", {}, badge("outcomes", need.outcome)),
    el(
      "td",
      {},
      need.papers.map((one) => tr("papers", one)).join("; "),
      el("small", { class: "quiet" }, ` ${sourceText(answer.sources[need.source])}`),
    ),
  );

/** @param {Answers.DecisionSource} source */
export const sourceText = (source) =>
  [inPageLanguage(source, "document"), articlesText(source), `(${tr("certainty", source.certainty)})`]
    .filter(Boolean)
    .join(" ");
