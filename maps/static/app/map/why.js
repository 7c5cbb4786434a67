/* Why a place is protected: what, by which law, what is allowed, who decides; asked for when opened. */

import { el, problemBox, setChildren } from "../core/elements.js";
import { ask } from "../core/server.js";
import { articlesText, inPageLanguage, named, tr } from "../core/words.js";

const words = (/** @type {string} */ key) => tr("why", key);

/**
 * A fold that asks for the cards of a kind when it is opened.
 * @param {string} kind
 * @param {(one: Answers.Protection) => boolean} wanted  Which of the kind's rules; all where none is.
 * @param {string} [day]  ISO 8601; today without one.
 */
export function makeWhy(kind, wanted, day) {
  const place = el("div", {});
  const query = new URLSearchParams({ kind, ...(day ? { on: day } : {}) });
  const fill = async () => {
    if (place.childElementCount) return;
    try {
      const { protections } = /** @type {Answers.ProtectionList} */ (await ask(`api/v1/protections?${query}`));
      const fit = protections.filter(wanted);
      setChildren(
        place,
        (fit.length ? fit : protections).map(makeCard),
        el("p", { class: "quiet" }, words("words_note")),
      );
    } catch (problem) {
      setChildren(place, problemBox(problem));
    }
  };
  return el("details", { class: "why", ontoggle: fill }, el("summary", {}, words("title")), place);
}

/** @param {Answers.Protection} one */
function makeCard(one) {
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
