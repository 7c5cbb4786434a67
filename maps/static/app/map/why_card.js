/* One rule as a card: what it protects, by which law, what it allows, who decides. */

import { el } from "../core/elements.js";
import { articlesText } from "../core/law.js";
import { inPageLanguage, named, tr } from "../core/words.js";

/** @param {string} key */
export const words = (key) => tr("why", key);

/** @param {Answers.Protection} one */
export function makeCard(one) {
  const law = one.citation;
  const said = (/** @type {Answers.Title | null} */ title) => (title ? named(title) : words("unsaid"));
  const days = `${one.valid_from || words("since_unknown")}${one.valid_to ? ` – ${one.valid_to}` : ""}`;
  return [
    el("h4", {}, named(one.name)),
    one.in_force ? null : el("p", { class: "notice" }, words("not_in_force")),
    el(
      "dl",
      {},
      [
        ["why", said(one.why)],
        ["demands", named(one.demands)],
        ["allowed", said(one.allowed)],
        ["decides", said(one.decides)],
        ["since", days],
        ["law", [el("cite", {}, inPageLanguage(law, "document")), ` ${articlesText(law)}`]],
        ["certainty", tr("certainty", law.certainty)],
      ].map(([key, value]) => el("div", {}, el("dt", {}, words(String(key))), el("dd", {}, value))),
    ),
  ];
}
