/* By what sites are searched for, compared and described: places, constraints, criteria, weights. */

import { byId, el, fieldById, inputById, selectAll, setChildren } from "../core/elements.js";
import { page } from "../core/page.js";
import { named } from "../core/words.js";

export const typedPlaces = () =>
  fieldById("siting-places")
    .value.split("\n")
    .map((line) => line.trim())
    .filter(Boolean);
/** @param {string} line */
export function parsePlace(line) {
  const at = line.lastIndexOf("="),
    [lon, lat] = line
      .slice(at + 1)
      .split(",")
      .map(Number);
  return { name: line.slice(0, Math.max(at, 0)) || line, lon, lat };
}

/** @param {string} id */
const chosenFile = (id) => inputById(id).files?.[0] || null;

export const constraintsFile = () => chosenFile("siting-constraints");

/** The set of constraints that a person has chosen, if any. @returns {{ constraint_set?: string }} */
export function constraintSet() {
  const { value } = fieldById("siting-constraint_set");
  return value ? { constraint_set: value } : {};
}

/** What the comparison and the dossier are asked alike. @returns {App.Query} */
export function termsQuery() {
  const criteria = fieldById("siting-criteria").value;
  /* Weights are of the criteria that ship: a file of one's own, used alone, has those of its own. */
  const weights = chosenFile("siting-criteria_file") && !criteria ? [] : typedWeights();
  return [
    .../** @type {[string, string][]} */ (Object.entries(constraintSet())),
    .../** @type {[string, string][]} */ (criteria ? [["criteria", criteria]] : []),
    ...weights.map((one) => /** @type {[string, string]} */ (["weights", one])),
    ...typedPlaces().map((one) => /** @type {[string, string]} */ (["places", one])),
  ];
}

/** @returns {[string, File][]} */
export const termsFiles = () =>
  /** @type {[string, File | null][]} */ ([
    ["constraints", constraintsFile()],
    ["criteria_file", chosenFile("siting-criteria_file")],
  ]).filter(/** @returns {one is [string, File]} */ (one) => one[1] !== null);

/**
 * A request with files beside its sites.
 * @param {RequestInit} options
 * @param {[string, File][]} files
 * @returns {RequestInit}
 */
export function withFiles(options, files) {
  if (!files.length) return options;
  const form = new FormData();
  if (options.body instanceof FormData)
    [...options.body.entries()].forEach(([name, value]) => form.append(name, value));
  else form.append("file", new Blob([String(options.body)], { type: "application/geo+json" }), "site.geojson");
  files.forEach(([name, file]) => form.append(name, file, file.name));
  return { method: "POST", body: form };
}

/**
 * A question as a form, for which a file can be sent along.
 * @param {Record<string, any>} query
 * @param {File} constraints
 */
export function formOf(query, constraints) {
  const form = new FormData();
  Object.entries(query).forEach(([name, value]) => {
    if (name === "area") form.append("area", new Blob([JSON.stringify(value)]), "drawn.geojson");
    else if (name === "places")
      value.forEach((/** @type {{ name: string, lon: number, lat: number }} */ one) =>
        form.append("places", `${one.name}=${one.lon},${one.lat}`),
      );
    else form.append(name, String(value));
  });
  form.append("constraints", constraints, constraints.name);
  return form;
}

export const WEIGHT = "weight-";

const weightInputs = () =>
  selectAll("#siting-weights input")
    .map((one) => /** @type {HTMLInputElement} */ (one))
    .filter((one) => one.value.trim());

/** @param {HTMLInputElement} one */
const criterionOf = (one) => one.id.slice(WEIGHT.length);

const typedWeights = () => weightInputs().map((one) => `${criterionOf(one)}=${one.value.trim()}`);

/** Weights that a project can keep: one that is none is not. @returns {Record<string, number>} */
export const ownWeights = () =>
  Object.fromEntries(
    weightInputs()
      .filter((one) => one.checkValidity())
      .map((one) => [criterionOf(one), Number(one.value)]),
  );

/** @param {Record<string, number>} weights @returns {Record<string, string>} */
export const weightFields = (weights) =>
  Object.fromEntries(Object.entries(weights).map(([name, value]) => [`${WEIGHT}${name}`, String(value)]));

/** A field for the weight of each criterion that ships; empty is the weight that ships. */
export function fillWeights() {
  setChildren(
    byId("siting-weights"),
    page.config.criteria.map((one) =>
      el(
        "label",
        {},
        named(one.name),
        el("input", {
          id: `${WEIGHT}${one.id}`,
          type: "number",
          min: "0",
          step: "any",
          placeholder: String(one.weight),
          autocomplete: "off",
        }),
      ),
    ),
  );
}
