/* What is said of data that come in: one form for each sort of data, filled from lists. */

import { el, fieldById, fillOptions, setChildren } from "../core/elements.js";
import { ask } from "../core/server.js";
import { named, tr, ui } from "../core/words.js";
import * as drawnLayers from "../map/layers.js";
import { choices, countyGroups } from "./import_choices.js";

/** @typedef {"layer" | "raster" | "table" | "zones" | "firms"} Sort */
/** @type {Sort[]} */
export const SORTS = ["layer", "raster", "table", "zones", "firms"];

/** @param {string} key @param {Record<string, unknown>} [params] */
const say = (key, params) => tr("importing", key, params);

/** @param {Answers.Choice[] | Answers.ImportKind[]} list @returns {App.Option[]} */
const asOptions = (list) => list.map((one) => [one.id, named(one.title)]);

/**
 * @param {string} word
 * @param {HTMLElement} field
 * @param {string} [hint]
 */
const labelled = (word, field, hint) =>
  el("label", {}, say(word), field, hint ? el("small", { class: "quiet" }, say(hint)) : null);

/** @param {string} name @param {Record<string, App.Attribute>} [more] */
const textField = (name, more) => el("input", { name, autocomplete: "off", spellcheck: "false", ...more });

/** @param {string} name @param {App.Option[]} options @param {string} [chosen] */
function selectField(name, options, chosen) {
  const field = el("select", { name });
  fillOptions(field, options, chosen);
  return field;
}

/** @param {Answers.ImportChoices} found */
const coverField = (found) =>
  el(
    "select",
    { name: "covers", multiple: true, size: 6 },
    found.regions.map((one) => el("option", { value: one.id }, say("region", { name: named(one.title) }))),
    found.prefectures.map((one) => el("option", { value: one.id }, say("prefecture", { name: named(one.title) }))),
    countyGroups(found),
  );

/** How a file is read where it does not say so itself. */
const readingFields = () => [
  labelled("crs", textField("crs", { placeholder: "EPSG:4543" })),
  labelled("encoding", textField("encoding", { placeholder: "GB18030" })),
  labelled("sublayer", textField("layer")),
  labelled(
    "datum",
    selectField("datum", [
      ["true", ui("datum_true")],
      ["gcj02", "GCJ-02"],
      ["bd09", "BD-09"],
    ]),
  ),
  labelled(
    "length_unit",
    selectField(
      "length_unit",
      ["m", "dm", "cm", "mm"].map((unit) => [unit, unit]),
    ),
  ),
  el("label", { class: "tick" }, el("input", { type: "checkbox", name: "swap_axes", value: "true" }), say("swap_axes")),
];

/** Fields that most imports leave as they are. @param {App.Children} fields */
const moreFields = (fields) =>
  el(
    "details",
    { class: "declare whole" },
    el("summary", {}, say("more")),
    el("div", { class: "fields pair" }, fields),
  );

const statusOptions = (/** @type {Answers.ImportChoices} */ found) =>
  ["official", ...found.statuses.filter((one) => one !== "official")].map((one) => [one, tr("statuses", one)]);

/** @param {string} title @param {Answers.ImportChoices} found */
const factFields = (title, found) => [
  labelled("title", textField("title", { required: true, value: title })),
  labelled("source", textField("source", { required: true }), "source_hint"),
  labelled("status", selectField("status", statusOptions(found), "official")),
];

const dateFields = (/** @type {string[]} */ names) =>
  names.map((name) => labelled(name, textField(name, { type: "date" })));

/**
 * Under which id something comes in: as a new one, or as the next version of one that is there.
 * @param {() => string} kindOf
 * @param {HTMLSelectElement} field
 */
function fillIds(kindOf, field) {
  const kind = kindOf(),
    there = [...drawnLayers.state.entries.values()].filter(
      (one) => one.kind === kind && one.status !== "demonstration",
    );
  const taken = new Set(drawnLayers.state.entries.keys());
  let at = 1;
  while (taken.has(`${kind}_${at}`)) at += 1;
  fillOptions(field, [
    [`${kind}_${at}`, say("as_new")],
    ...there.map((one) => [one.id, say("as_version", { title: named(one.title), id: one.id })]),
  ]);
}

/** @param {string} title @param {Answers.ImportChoices} found */
function layerFields(title, found) {
  const control = found.layer_kinds.filter((one) => one.control),
    other = found.layer_kinds.filter((one) => !one.control);
  const option = (/** @type {Answers.ImportKind} */ one) => el("option", { value: one.id }, named(one.title));
  /** @type {HTMLSelectElement} */
  const kind = el(
    "select",
    { name: "kind", required: true, onchange: () => fillIds(() => kind.value, as) },
    el("option", { value: "" }, say("choose_kind")),
    el("optgroup", { label: say("control_kinds") }, control.map(option)),
    el("optgroup", { label: say("other_kinds") }, other.map(option)),
  );
  const as = selectField("id", []);
  return [
    labelled("kind", kind),
    labelled("as", as),
    factFields(title, found),
    labelled("covers", coverField(found), "covers_hint"),
    moreFields([
      labelled("precision_m", textField("precision_m", { inputmode: "decimal" })),
      dateFields(["data_date", "valid_from", "valid_to"]),
      readingFields(),
    ]),
  ];
}

/** @param {string} title @param {Answers.ImportChoices} found */
function rasterFields(title, found) {
  const unit = selectField("unit", []),
    classes = selectField("classes", [["", "—"], ...asOptions(found.class_dictionaries)]);
  const id = textField("id", { required: true, pattern: "[a-z][a-z0-9_]*" });
  const fit = () => {
    const chosen = found.raster_kinds.find((one) => one.id === kind.value);
    fillOptions(
      unit,
      (chosen?.units || []).map((one) => [one, tr("raster_units", one)]),
    );
    classes.disabled = !chosen?.classes;
    unit.disabled = Boolean(chosen?.classes);
    if (chosen) id.value = `${chosen.id}_1`;
  };
  /** @type {HTMLSelectElement} */
  const kind = el("select", { name: "kind", required: true, onchange: fit });
  fillOptions(kind, [["", say("choose_kind")], ...asOptions(found.raster_kinds)]);
  fit();
  return [
    labelled("kind", kind),
    labelled("unit", unit, "unit_hint"),
    labelled("classes", classes),
    factFields(title, found),
    labelled("id", id, "id_hint"),
    moreFields([
      labelled("crs", textField("crs", { placeholder: "EPSG:4543" })),
      labelled("nodata", textField("nodata", { inputmode: "decimal" })),
      labelled("band", textField("band", { inputmode: "numeric" })),
      dateFields(["data_date"]),
    ]),
  ];
}

/** What figures are of which only titles, notes or marks speak: it is kept with each. */
const natureField = () =>
  labelled(
    "table_nature",
    selectField("nature", [
      ["", say("nature_stated")],
      ...["fact", "target", "estimate", "preliminary"].map((one) => [one, say(`nature_${one}`)]),
    ]),
    "table_nature_hint",
  );

function tableFields() {
  const layers = [...drawnLayers.state.entries.values()].filter((one) => one.geometry_type.includes("Polygon"));
  return [
    labelled("dataset", textField("dataset", { value: "zone_statistics", pattern: "[a-z][a-z0-9_]*", required: true })),
    labelled("source", textField("source", { required: true }), "source_hint"),
    labelled("year", textField("year", { inputmode: "numeric" })),
    labelled(
      "units_layer",
      selectField("units_layer", [["", ui("table_own_units")], ...layers.map((one) => [one.id, named(one.title)])]),
    ),
    moreFields([
      natureField(),
      labelled("cny_per_usd", textField("cny_per_usd", { inputmode: "decimal" })),
      labelled("rate_source", textField("rate_source")),
      labelled("ignore", textField("ignore")),
      labelled("encoding", textField("encoding", { placeholder: "GB18030" })),
      labelled("sheet", textField("layer")),
    ]),
    el(
      "p",
      { class: "quiet whole" },
      el("a", { href: "api/v1/templates/statistics.csv", download: true }, ui("template")),
    ),
  ];
}

/** The schemes by which firms can be scored, with the one that the tab of densities shows. */
async function schemeField() {
  const { schemes } = /** @type {Answers.SchemeList} */ (await ask("api/v1/permu/schemes"));
  const options = schemes.map((one) => /** @type {App.Option} */ ([one.id, named(one.name)]));
  // The tab may not have been looked at: it chooses nothing then.
  const chosen = fieldById("permu-scheme").value || schemes[0]?.id;
  return labelled("scheme", selectField("scheme", options, chosen));
}

/**
 * Tables that are evaluated at once, and of which nothing is stored.
 * @param {"zones" | "firms"} sort
 * @param {HTMLElement | null} scheme
 */
const evaluatedFields = (sort, scheme) => [
  el("p", { class: "notice whole" }, say(`${sort}_lead`)),
  scheme,
  moreFields([
    natureField(),
    labelled("encoding", textField("encoding", { placeholder: "GB18030" })),
    labelled("sheet", textField("layer")),
  ]),
  el("p", { class: "quiet whole" }, el("a", { href: `api/v1/templates/${sort}.csv`, download: true }, ui("template"))),
];

/**
 * The fields of a sort of data in a form that is emptied.
 * @param {HTMLFormElement} form
 * @param {Sort} sort
 * @param {string} title
 */
export async function showFields(form, sort, title) {
  const found = await choices();
  const scheme = sort === "firms" ? await schemeField() : null;
  /** @type {Record<Sort, () => App.Children>} */
  const makers = {
    layer: () => layerFields(title, found),
    raster: () => rasterFields(title, found),
    table: tableFields,
    zones: () => evaluatedFields("zones", null),
    firms: () => evaluatedFields("firms", scheme),
  };
  setChildren(form, makers[sort]());
}

/** What was filled in, and no empty field: nothing is assumed. @param {HTMLFormElement} form */
export function saidIn(form) {
  const said = new FormData();
  new FormData(form).forEach((value, name) => {
    if (value !== "") said.append(name, value);
  });
  return said;
}

/** Which sort of data a file most likely is. @param {string} name @returns {Sort} */
export function guessSort(name) {
  if (/\.tiff?$/i.test(name)) return "raster";
  return /\.(csv|xlsx)$/i.test(name) ? "table" : "layer";
}
