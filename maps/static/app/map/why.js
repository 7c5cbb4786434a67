/* Why a place is protected: what, by which law, what is allowed, who decides; asked for when opened. */

import { el, problemBox, setChildren } from "../core/elements.js";
import { ask } from "../core/server.js";
import { makeCard, words } from "./why_card.js";

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
