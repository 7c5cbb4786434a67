/* What features say beside their names, and which of them a reader wants to see. */

import { el } from "../app/core/elements.js";
import { page } from "../app/core/page.js";
import { formatNumber, named, tableOf, tr, ui } from "../app/core/words.js";

/** @typedef {{ layer: string, field: string, value: string }} Wish */

/** @type {Wish[]} */
let wishes = [];
/** A field of sizes: a reader asks for hectares at least. */
const SIZES = ["stated_area_ha", "measured_area_ha"];
const LEAST = "least_ha";
/** Value of a wish for what does not say a field. */
const UNSAID = "-";

/**
 * A value as readers see it; a word that is none of ours stands as its source writes it.
 * @param {App.PublicField} field
 * @param {App.Feature} feature
 */
export function valueOf(field, feature) {
  const own = feature.properties;
  const said =
    field.form === "both"
      ? own[`${field.id}_${page.config.lang}`] || own[`${field.id}_zh`] || own[`${field.id}_en`]
      : own[field.id];
  if (said === undefined) return ui("not_stated");
  if (field.form === "size" || field.form === "measured") return formatNumber(said, 2);
  if (field.id === "until" && hasPassed(String(said))) return ui("date_passed", { day: said });
  return field.form === "choice" ? choiceText(field, said) : String(said);
}

/** By the reader's calendar: the map does not change when an offer ends. @param {string} text */
function hasPassed(text) {
  const day = text.slice(0, 10).replaceAll("/", "-");
  return /^\d{4}-\d{2}-\d{2}$/.test(day) && new Date().toISOString().slice(0, 10) > day;
}

/**
 * @param {App.PublicField} field
 * @param {string} value
 */
function choiceText(field, value) {
  if (value === UNSAID) return ui("not_stated");
  const known = tableOf("public_values")[value];
  if (known) return known;
  return field.id === "batch" ? ui("batch_number", { number: value }) : ui("as_written", { text: value });
}

/** @param {App.PublicField} field */
export const fieldName = (field) => tr("public_fields", field.id);

/**
 * All that is said of a feature; what nobody says is named, too.
 * @param {App.PublicLayer} layer
 * @param {App.Feature} feature
 */
export const tellFields = (layer, feature) =>
  layer.fields.length
    ? el(
        "dl",
        {},
        layer.fields.map((field) =>
          el("div", {}, el("dt", {}, fieldName(field)), el("dd", {}, valueOf(field, feature))),
        ),
      )
    : null;

/** @param {Wish} asked @param {App.Feature} feature */
function fits(asked, feature) {
  const own = feature.properties;
  if (asked.field !== LEAST) return String(own[asked.field] ?? UNSAID) === asked.value;
  const size = SIZES.map((name) => own[name]).find((one) => one !== undefined);
  return size !== undefined && size >= Number(asked.value);
}

/** The features of a layer that a reader wants to see. @param {App.PublicLayer} layer */
export function wantedOf(layer) {
  const own = wishes.filter((one) => one.layer === layer.id);
  const { features } = layer.features;
  return own.length ? features.filter((feature) => own.every((one) => fits(one, feature))) : features;
}

/** The wishes as a link says them. */
export const wishesText = () => wishes.map(({ layer, field, value }) => `${layer}~${field}~${value}`).join("|");

/** @param {string | null} text */
export function beginWishes(text) {
  const known = new Set(page.config.publication.layers.map(({ id }) => id));
  wishes = (text || "")
    .split("|")
    .map((one) => one.split("~"))
    .filter((parts) => parts.length === 3 && known.has(parts[0]))
    .map(([layer, field, value]) => ({ layer, field, value }));
}

/** @param {string} layer @param {string} field @param {string} value */
function wish(layer, field, value) {
  wishes = wishes.filter((one) => one.layer !== layer || one.field !== field);
  if (value) wishes.push({ layer, field, value });
}

/** @param {string} layer @param {string} field */
const wishedOf = (layer, field) => wishes.find((one) => one.layer === layer && one.field === field)?.value || "";

/**
 * @param {App.PublicLayer} layer
 * @param {App.PublicField} field
 * @param {() => void} changed
 */
function makeChoice(layer, field, changed) {
  const said = new Set(layer.features.features.map(({ properties }) => String(properties[field.id] ?? UNSAID)));
  const wished = wishedOf(layer.id, field.id);
  const select = /** @type {HTMLSelectElement} */ (
    el(
      "select",
      {
        id: `filter-${layer.id}-${field.id}`,
        onchange: () => {
          wish(layer.id, field.id, select.value);
          changed();
        },
      },
      el("option", { value: "" }, ui("all_of_them")),
      [...said].sort().map((value) => el("option", { value, selected: value === wished }, choiceText(field, value))),
    )
  );
  return el("label", {}, fieldName(field), select);
}

/** @param {App.PublicLayer} layer @param {() => void} changed */
function makeLeast(layer, changed) {
  if (!layer.fields.some((field) => SIZES.includes(field.id))) return null;
  const input = /** @type {HTMLInputElement} */ (
    el("input", {
      type: "number",
      min: 0,
      step: "any",
      id: `filter-${layer.id}-${LEAST}`,
      value: wishedOf(layer.id, LEAST),
      onchange: () => {
        wish(layer.id, LEAST, Number(input.value) > 0 ? input.value : "");
        changed();
      },
    })
  );
  return el("label", {}, ui("least_ha"), input);
}

/** How many are shown, and how many nobody can judge by size. @param {App.PublicLayer} layer */
function countText(layer) {
  const all = layer.features.features;
  const said = ui("shown_of", { shown: wantedOf(layer).length, count: all.length });
  const sizeless = all.filter(({ properties }) => SIZES.every((name) => properties[name] === undefined)).length;
  return wishedOf(layer.id, LEAST) && sizeless ? `${said} ${ui("without_size", { count: sizeless })}` : said;
}

/**
 * Filters of a layer whose features say something to choose by.
 * @param {App.PublicLayer} layer
 * @param {() => void} changed
 */
export function makeFilters(layer, changed) {
  const choices = layer.fields.filter(({ form }) => form === "choice");
  if (!choices.length) return null;
  const count = el("p", { class: "quiet", role: "status" }, countText(layer));
  const follow = () => {
    count.textContent = countText(layer);
    changed();
  };
  return el(
    "fieldset",
    { class: "filters" },
    el("legend", {}, ui("filter_of", { layer: named(layer.title) })),
    choices.map((field) => makeChoice(layer, field, follow)),
    makeLeast(layer, follow),
    count,
  );
}

/** How a state looks: what is no longer open is not filled as what is. @param {App.Feature} feature */
export function stateLook(feature) {
  const state = feature.properties.offer_state;
  if (!("offer_state" in feature.properties) || state === "open") return {};
  return state === "taken" ? { fillOpacity: 0, dashArray: "2 4" } : { fillOpacity: 0.15, dashArray: "6 3" };
}
