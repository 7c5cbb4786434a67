/* What data that come in, and searches, choose from: asked once for the page. */

import { el } from "../core/elements.js";
import { ask } from "../core/server.js";
import { named } from "../core/words.js";

/** @type {{ choices: Promise<Answers.ImportChoices> | null }} */
const state = { choices: null };

/** @returns {Promise<Answers.ImportChoices>} */
export function choices() {
  const asked = (state.choices ??= ask("api/v1/import-choices"));
  asked.catch(() => {
    state.choices = null;
  });
  return asked;
}

/**
 * Counties under their prefectures, for one to be chosen or several.
 * @param {Answers.ImportChoices} found
 */
export const countyGroups = ({ prefectures, counties }) =>
  prefectures.map((one) =>
    el(
      "optgroup",
      { label: named(one.title) },
      counties
        .filter((county) => county.id.startsWith(one.id))
        .map((county) => el("option", { value: county.id }, named(county.title))),
    ),
  );
