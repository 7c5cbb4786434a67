/* Verdicts as badges. */

import { badge, el } from "../core/elements.js";
import { ui } from "../core/words.js";

/**
 * The computed verdict, and a reviewer's beside it where there is one.
 * @param {string} computed
 * @param {string | null | undefined} reviewed
 */
export const verdictBadges = (computed, reviewed) => [
  badge("verdicts", computed),
  reviewed ? el("span", { class: "overridden" }, " ", ui("reviewed_as"), " ", badge("verdicts", reviewed)) : null,
];
