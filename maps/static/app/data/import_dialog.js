/* Data come in: files are chosen or dropped, what was understood is shown, then a person confirms. */

import { byId, el, fieldById, fillOptions, findById, inputById, problemBox, setChildren } from "../core/elements.js";
import { page } from "../core/page.js";
import { ask } from "../core/server.js";
import { formatNumber, named, tr, ui } from "../core/words.js";
import * as evaluatedPreview from "../density/evaluated_preview.js";
import * as tablePreview from "../density/table_preview.js";
import * as views from "../density/views.js";
import * as intensity from "../density/intensity.js";
import * as permu from "../density/permu.js";
import * as layerList from "../map/layer_list.js";
import * as rasterList from "../map/rasters.js";
import * as tabs from "../workbench/tabs.js";
import * as fields from "./import_fields.js";
import * as preview from "./import_preview.js";
import { makeWithdrawal } from "./withdraw.js";

/** @typedef {import("./import_fields.js").Sort} Sort */

/** @type {{ files: File[], sort: Sort, turn: number, shown: Promise<void> }} */
const state = { files: [], sort: "layer", turn: 0, shown: Promise.resolve() };

/** @param {string} key @param {Record<string, unknown>} [params] */
const say = (key, params) => tr("importing", key, params);
const dialog = () => /** @type {HTMLDialogElement} */ (byId("import"));
const form = () => /** @type {HTMLFormElement} */ (byId("import-form"));

/** @type {Record<Sort, string>} */
const ADDRESSES = {
  layer: "api/v1/layers",
  raster: "api/v1/rasters",
  table: "api/v1/statistics",
  zones: "api/v1/intensity",
  firms: "api/v1/permu",
};

/**
 * @param {Iterable<File>} [files]
 * @param {Sort} [sort]
 */
export function open(files, sort) {
  if (!dialog().open) dialog().showModal();
  const given = [...(files || [])];
  if (given.length) takeFiles(given, sort);
  else if (sort && sort !== state.sort) chooseSort(sort);
  else if (!form().children.length) chooseSort(state.sort);
}

/**
 * @param {File[]} files
 * @param {Sort} [sort]
 */
function takeFiles(files, sort) {
  const before = titleOf(state.files);
  state.files = files;
  setChildren(byId("import-files"), files.map((file) => file.name).join(", "));
  const likely =
    sort || (state.sort === "zones" || state.sort === "firms" ? state.sort : fields.guessSort(files[0].name));
  /* What was filled in for another file of the same sort stays. */
  if (likely !== state.sort || !form().children.length) chooseSort(likely);
  else {
    clearResult();
    const title = form().elements.namedItem("title");
    /* The name of the file before is no name for this one. */
    if (title instanceof HTMLInputElement && ["", before].includes(title.value)) title.value = titleOf(files);
  }
}

/** The name of a file without its suffix. @param {File[]} files */
const titleOf = (files) => (files[0]?.name || "").replace(/\.[^.]*$/, "");

/** @param {Sort} sort */
async function chooseSort(sort) {
  state.sort = sort;
  fieldById("import-sort").value = sort;
  clearResult();
  /* One after the other: the fields of the sort that was chosen last are those that stay. */
  state.shown = state.shown
    .then(() => fields.showFields(form(), sort, titleOf(state.files)))
    .catch((problem) => setChildren(byId("import-result"), problemBox(problem)));
  await state.shown;
}

function clearResult() {
  state.turn += 1;
  setChildren(byId("import-result"));
}

/** @param {boolean} [accept] */
function whatIsSaid(accept) {
  const said = fields.saidIn(form());
  state.files.forEach((file) => said.append("file", file, file.name));
  if (accept) said.set("accept", "true");
  return said;
}

/** The first field that has nothing in it, or what it cannot hold; the browser would say so in its own language. */
const firstUnfit = () =>
  [...form().elements].map((one) => /** @type {HTMLInputElement} */ (one)).find((one) => !one.checkValidity());

async function look() {
  const place = byId("import-result");
  if (!state.files.length) {
    setChildren(place, problemBox({ title: say("no_file"), detail: say("no_file_detail") }));
    return;
  }
  /* Fields that are still on their way say something, too. */
  await state.shown;
  const missing = firstUnfit();
  if (missing) {
    const name = missing.closest("label")?.firstChild?.textContent || missing.name;
    setChildren(place, problemBox({ title: say("fill_in", { name }), detail: say(`unfit_${missing.name}`) }));
    missing.focus();
    return;
  }
  const { sort } = state,
    turn = (state.turn += 1);
  setChildren(place, el("p", { class: "busy", role: "status" }, say("reading")));
  try {
    const found = await ask(`${ADDRESSES[sort]}/preview`, { method: "POST", body: whatIsSaid() });
    if (turn === state.turn) showPreview(sort, found);
  } catch (problem) {
    if (turn === state.turn) setChildren(place, views.refusalBox(inFormWords(problem)), makeRemedies(problem));
  }
  place.scrollIntoView({ block: "nearest" });
}

/**
 * What a refusal calls an option of the command line, the form calls by the name of its field.
 * @param {App.Problem} problem
 */
const inFormWords = (problem) => ({ ...problem, detail: problem.detail && nameFields(problem.detail) });

/** @param {string} text */
const nameFields = (text) =>
  text.replace(/--([a-z][a-z-]*)/g, (option, name) => {
    const field = form().elements.namedItem(name.replaceAll("-", "_"));
    const label = field instanceof Element && field.closest("label")?.firstChild?.textContent;
    if (!label) return option;
    return label.includes("“") ? label : `“${label}”`;
  });

/** @param {App.Children} words @returns {App.Children} */
const inFieldNames = (words) => {
  if (Array.isArray(words)) return words.map(inFieldNames);
  return typeof words === "string" ? nameFields(words) : words;
};

/**
 * Tables that are evaluated and not kept go to the view that evaluates them.
 * @param {"zones" | "firms"} sort
 * @param {boolean} accept
 */
function evaluate(sort, accept) {
  const sent = whatIsSaid(accept);
  dialog().close();
  tabs.open("density");
  if (sort === "zones") {
    views.showView("intensity");
    intensity.sendTable(sent);
  } else {
    views.showView("permu");
    permu.sendTable(sent);
  }
}

/**
 * A refused file can often be read with one more word from the person.
 * @param {App.Problem} problem
 */
function makeRemedies({ code, params }) {
  const set = (/** @type {string} */ name, /** @type {unknown} */ value) => {
    const field = form().elements.namedItem(name);
    if (field instanceof HTMLInputElement && field.type === "checkbox") field.checked = Boolean(value);
    else if (field instanceof HTMLInputElement || field instanceof HTMLSelectElement) field.value = String(value ?? "");
  };
  const button = (/** @type {Record<string, unknown>} */ said, /** @type {App.Children} */ words) =>
    el(
      "button",
      {
        type: "button",
        onclick: () => {
          Object.entries(said).forEach(([name, value]) => set(name, value));
          look();
        },
      },
      words,
    );
  const layers = code === "layers.read.ambiguous" ? params.choices : [];
  const systems = params?.proposals || [];
  if (!layers.length && !systems.length) return null;
  return el(
    "div",
    { class: "remedies" },
    el("p", {}, ui(layers.length ? "choose_layer" : "proposals")),
    layers.map((/** @type {string} */ name) => button({ layer: name }, name)),
    systems.map((/** @type {App.JsonObject} */ one) =>
      button({ crs: one.crs, swap_axes: one.swap_axes, length_unit: one.unit || "m" }, [
        `${one.crs}${one.place ? ` · ${one.place}` : ""}`,
        el("small", {}, (one.evidence || []).map((/** @type {string} */ key) => tr("evidence", key)).join("; ")),
      ]),
    ),
  );
}

/**
 * @param {Sort} sort
 * @param {any} found the preview of that sort
 */
function showPreview(sort, found) {
  /** @type {Record<Sort, () => App.Children>} */
  const makers = {
    layer: () => preview.layerPreview(found),
    raster: () => preview.rasterPreview(found),
    table: () => tablePreview.makePreview(found),
    zones: () => evaluatedPreview.makePreview(found),
    firms: () => evaluatedPreview.makePreview(found),
  };
  const asked = found.questions
    ? found.questions.map(tablePreview.findingText)
    : found.concerns.map(preview.concernText);
  setChildren(byId("import-result"), makers[sort](), makeQuestions(sort, asked.map(inFieldNames)));
}

/**
 * What is asked about, each to be looked at before the data can be taken in.
 * @param {Sort} sort
 * @param {App.Children[]} asked
 */
function makeQuestions(sort, asked) {
  const evaluated = sort === "zones" || sort === "firms";
  const confirm = el(
    "button",
    {
      type: "button",
      class: "primary",
      id: "import-confirm",
      disabled: asked.length > 0,
      onclick: () => (evaluated ? evaluate(sort, asked.length > 0) : store(sort, asked.length > 0)),
    },
    evaluated
      ? tr("table", asked.length ? "evaluate_asked" : "evaluate")
      : say(asked.length ? "confirm_asked" : "confirm"),
  );
  /** @type {HTMLInputElement[]} */
  const ticks = asked.map(() =>
    el("input", {
      type: "checkbox",
      onchange: () => {
        confirm.disabled = ticks.some((tick) => !tick.checked);
      },
    }),
  );
  return [
    asked.length
      ? el(
          "fieldset",
          { class: "import-asked" },
          el("legend", {}, say("asked", { count: asked.length })),
          asked.map((words, at) => el("label", { class: "tick" }, ticks[at], el("span", {}, words))),
        )
      : null,
    el("div", { class: "actions" }, confirm, evaluated ? null : el("span", { class: "quiet" }, say("not_stored_yet"))),
  ];
}

/**
 * @param {"layer" | "raster" | "table"} sort
 * @param {boolean} accept
 */
async function store(sort, accept) {
  const place = byId("import-result"),
    turn = (state.turn += 1);
  const confirm = /** @type {HTMLButtonElement} */ (byId("import-confirm"));
  confirm.disabled = true;
  try {
    const stored = await ask(ADDRESSES[sort], { method: "POST", body: whatIsSaid(accept) });
    if (turn !== state.turn) return;
    setChildren(place, makeStored(sort, stored));
    await readAnew(sort, stored.layer?.id);
    zoomTo((stored.layer || stored.raster)?.bounds_lonlat);
  } catch (problem) {
    confirm.disabled = false;
    confirm.after(el("div", {}, views.refusalBox(problem)));
  }
}

/**
 * The page shows what the store holds now.
 * @param {"layer" | "raster" | "table"} sort
 * @param {string} [layerId]
 */
async function readAnew(sort, layerId) {
  if (sort === "layer") await layerList.refresh(layerId);
  if (sort === "raster") await rasterList.loadRasters();
  document.dispatchEvent(new CustomEvent("ftz:imported", { detail: sort }));
}

/** @param {App.Bounds | undefined} bounds */
function zoomTo(bounds) {
  if (!bounds) return;
  const [west, south, east, north] = bounds;
  page.map.fitBounds(
    [
      [south, west],
      [north, east],
    ],
    { padding: [40, 40], maxZoom: 16, animate: false },
  );
}

/**
 * @param {"layer" | "raster" | "table"} sort
 * @param {any} stored
 */
function makeStored(sort, stored) {
  const what = stored.layer || stored.raster || stored.table;
  const id = what.id || what.dataset,
    label = what.title ? named(what.title) : id;
  /** @type {string[]} */
  const replaced = sort === "table" ? [] : stored.replaces;
  return [
    el(
      "p",
      { class: "notice", role: "status", id: "import-stored" },
      say(stored.created ? "stored" : "stood_already", { title: label, id, version: what.version }),
      sort === "table" ? ` ${say("values", { values: formatNumber(what.values, 0), areas: what.areas })}` : "",
    ),
    replaced.length ? el("p", {}, say("gave_way", { names: replaced })) : null,
    stored.stood_in ? el("p", { class: "notice" }, say("make_again", { id })) : null,
    sort === "table"
      ? [tablePreview.makeReplaced(stored.replacements), tablePreview.makeFindings(stored.remarks)]
      : null,
    makeWithdrawal({
      address: `${ADDRESSES[sort]}/${encodeURIComponent(id)}/versions/${what.version}`,
      label: `${label} ${what.version}`,
      steps: what.withdrawals,
      refresh: () => {
        dialog().close();
        void readAnew(sort);
      },
    }),
    el(
      "div",
      { class: "actions" },
      el("button", { type: "button", class: "primary", onclick: () => show(what.bounds_lonlat) }, say("show")),
      el("button", { type: "button", class: "button", onclick: another }, say("another")),
    ),
  ];
}

/** @param {App.Bounds | undefined} bounds */
function show(bounds) {
  dialog().close();
  zoomTo(bounds);
}

function another() {
  state.files = [];
  setChildren(byId("import-files"), say("none_chosen"));
  chooseSort(state.sort);
}

export function begin() {
  if (page.config.embedded || !findById("import")) return;
  const file = inputById("import-file");
  fillOptions(
    byId("import-sort"),
    fields.SORTS.map((sort) => [sort, say(`sort_${sort}`)]),
    state.sort,
  );
  byId("import-sort").addEventListener("change", () =>
    chooseSort(/** @type {Sort} */ (fieldById("import-sort").value)),
  );
  byId("import-open").addEventListener("click", () => open());
  byId("import-table").addEventListener("click", () => open([], "table"));
  byId("import-close").addEventListener("click", () => dialog().close());
  byId("import-look").addEventListener("click", look);
  form().addEventListener("submit", (event) => {
    event.preventDefault();
    look();
  });
  /* What was understood of other words is no answer to these. */
  form().addEventListener("input", clearResult);
  file.addEventListener("change", () => {
    if (file.files?.length) takeFiles([...file.files]);
    file.value = "";
  });
}
