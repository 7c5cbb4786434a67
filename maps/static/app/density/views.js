/* The views of the density tab: one at a time, remembered in the address; what they draw on the
   map goes and comes with them. */

import * as answers from "../core/answers.js";
import { announce, byId, el, fieldById, fillOptions, problemBox, selectAll, setChildren } from "../core/elements.js";
import { hashState, remember, writeHash } from "../core/hash_state.js";
import { makeLedger } from "../core/ledger.js";
import { page } from "../core/page.js";
import { saveFile } from "../core/server.js";
import { named, tr, ui } from "../core/words.js";
import * as tabs from "../workbench/tabs.js";

/**
 * @typedef {object} State
 * @property {string} open
 * @property {boolean} wide
 * @property {Map<string, { group: L.FeatureGroup, legend: App.Children }>} drawn
 * @property {Set<string>} begun
 * @property {Record<string, () => void>} starts
 */

/** @type {State} */
export const state = { open: "density", wide: false, drawn: new Map(), begun: new Set(), starts: {} };

/** @param {string} name */
export function showView(name) {
  const buttons = selectAll("#density-views [data-view]");
  const known = buttons.map((button) => button.dataset.view || "");
  const chosen = known.includes(name) ? name : "density";
  state.open = chosen;
  buttons.forEach((button) => button.setAttribute("aria-pressed", String(button.dataset.view === chosen)));
  known.forEach((one) => {
    byId(`density-view-${one}`).hidden = one !== chosen;
  });
  setVisible(hashState.tab === "density");
  if (hashState.tab === "density") startView();
  writeHash();
}
/* A view asks the server only when it is first looked at. */
function startView() {
  const name = state.open;
  if (state.begun.has(name)) return;
  state.begun.add(name);
  if (state.starts[name]) state.starts[name]();
}

/**
 * What a view has on the map: a group of shapes, and the legend that explains them.
 * @param {string} name
 * @param {L.FeatureGroup} group
 * @param {App.Children} legend
 */
export function putOnMap(name, group, legend) {
  removeFromMap(name);
  state.drawn.set(name, { group, legend });
  setVisible(hashState.tab === "density");
}
/** @param {string} name */
export function removeFromMap(name) {
  const before = state.drawn.get(name);
  if (before) before.group.remove();
  state.drawn.delete(name);
  if (state.open === name) byId("legend").hidden = true;
}
/** @param {boolean} on */
function setVisible(on) {
  state.drawn.forEach(({ group }, name) => {
    if (!on || name !== state.open) group.remove();
  });
  const now = on ? state.drawn.get(state.open) : undefined;
  page.map.getContainer().classList.toggle("reading-density", Boolean(now));
  byId("legend").hidden = !now;
  if (!now) return;
  now.group.addTo(page.map);
  setChildren(byId("legend"), now.legend);
}
/** @param {boolean} on */
function widenPanel(on) {
  state.wide = on;
  byId("density-widen").setAttribute("aria-pressed", String(on));
  document.body.classList.toggle("wide-panel", on && hashState.tab === "density");
  page.map.invalidateSize({ animate: false });
  writeHash();
}

/**
 * A download of the same answer: a link for GET, a request that is sent again for uploads.
 * @param {string} address
 * @param {string} form
 */
export function downloadLink(address, form) {
  const whole = `${address}${address.includes("?") ? "&" : "?"}format=${form}&lang=${page.config.lang}`;
  const link = el("a", { href: whole, download: true }, form.toUpperCase());
  if (HANDED_IN.test(address)) nameMaker(link, whole);
  return link;
}

/** Sheets that name who makes them. */
const HANDED_IN = /^api\/v1\/(density(\/compare)?\?|plan$|statement\?|units\/)/;

/**
 * Who makes a sheet is written into its address when it is asked for, not when its link was made.
 * @param {HTMLElement} link
 * @param {string} whole
 */
export function nameMaker(link, whole) {
  link.addEventListener("click", () => {
    const maker = fieldById("density-maker").value.trim();
    link.setAttribute("href", maker ? `${whole}&maker=${encodeURIComponent(maker)}` : whole);
  });
  return link;
}
/**
 * @param {string} address
 * @param {RequestInit} options
 * @param {string} form
 */
export const saveButton = (address, options, form) =>
  el(
    "button",
    {
      type: "button",
      onclick: () =>
        saveFile(`${address}${address.includes("?") ? "&" : "?"}format=${form}`, options).catch(({ title }) =>
          announce(title),
        ),
    },
    form.toUpperCase(),
  );
/** @param {...Node} links */
export const downloadLine = (...links) =>
  el("p", { class: "after" }, el("span", { class: "quiet" }, ui("save_as")), links);

/**
 * Fill the choice of schemes of a view, and let its link fetch the chosen one as a file to fill in.
 * @param {"permu" | "intensity"} view
 * @param {readonly { id: string, name: Answers.Title }[]} schemes
 */
export function offerSchemes(view, schemes) {
  const choice = /** @type {HTMLSelectElement} */ (byId(`${view}-scheme`)),
    sheet = /** @type {HTMLAnchorElement} */ (byId(`${view}-sheet`));
  fillOptions(
    choice,
    schemes.map((one) => [one.id, named(one.name)]),
  );
  const follow = () => {
    sheet.href = `api/v1/permu/schemes/${encodeURIComponent(choice.value)}.yaml?lang=${page.config.lang}`;
  };
  choice.addEventListener("change", follow);
  follow();
}

/**
 * What a person says of figures that were asked about: what they are, or that the answer may stand.
 * @param {(nature: string) => void} confirm
 */
function makeConfirmation(confirm) {
  const words = (/** @type {string} */ key) => tr("importing", key);
  const nature = el(
    "select",
    {},
    el("option", { value: "" }, words("nature_stated")),
    ["fact", "target", "estimate", "preliminary"].map((one) => el("option", { value: one }, words(`nature_${one}`))),
  );
  return el(
    "div",
    { class: "fields" },
    el("label", {}, words("table_nature"), nature, el("small", { class: "quiet" }, words("table_nature_hint"))),
    el("button", { type: "button", class: "primary", onclick: () => confirm(nature.value) }, ui("questions_confirm")),
  );
}

/**
 * Every row of a refused table that does not fit, in words; where it only asks, a way to confirm.
 * @param {App.Problem} problem
 * @param {(nature: string) => void} [confirm] asks again for what a person has looked at
 */
export function refusalBox(problem, confirm) {
  const rows = (problem.params || {}).problems;
  if (!rows) return problemBox(problem);
  const more = problem.params.count - rows.length;
  return el(
    "div",
    {},
    problemBox(problem),
    el(
      "ul",
      { class: "faults" },
      rows.map((/** @type {{ line?: number, cell?: string, column?: string, code: string, text: string }} */ row) =>
        el(
          "li",
          {},
          row.line ? el("b", {}, row.cell || ui("fault_line", { line: row.line })) : null,
          row.column ? el("q", {}, row.column) : null,
          tr("table_problems", row.code, { text: row.text }),
        ),
      ),
    ),
    more > 0 ? el("p", { class: "quiet" }, ui("fault_more", { count: more })) : null,
    confirm && problem.code === "layers.statistics.questions" ? makeConfirmation(confirm) : null,
  );
}

/**
 * @param {HTMLInputElement} input
 * @param {(form: FormData) => void} send
 */
export function listenForFiles(input, send) {
  input.addEventListener("change", () => {
    if (!input.files?.length) return;
    const form = new FormData();
    [...input.files].forEach((file) => form.append("file", file, file.name));
    /* The same file again, after a correction, must be a change too. */
    input.value = "";
    send(form);
  });
}
export const busyLine = () => el("p", { class: "busy" }, ui("loading"));
/**
 * From the catalogue itself: the list of the layers tab may not be there yet.
 * @param {string[]} kinds
 */
export const layersOfKinds = async (kinds) =>
  (await answers.layers().catch(() => ({ layers: [] }))).layers.filter((entry) => kinds.includes(entry.kind));

export function begin() {
  tabs.watchers.density = (on) => {
    setVisible(on);
    if (on) startView();
    document.body.classList.toggle("wide-panel", on && state.wide);
  };
  selectAll("#density-views [data-view]").forEach((button) =>
    button.addEventListener("click", () => showView(button.dataset.view || "")),
  );
  byId("density-widen").addEventListener("click", () => widenPanel(!state.wide));
  remember("view", () => (state.open === "density" ? "" : state.open));
  remember("wide", () => (state.wide ? "1" : ""));
  if (hashState.given.get("wide")) widenPanel(true);
  showView(hashState.given.get("view") || "density");
}

/**
 * What of a table or layer was not read: columns, rows, elements.
 * @param {{ unread: string[], left_out: Answers.LineLeftOut[], ledger: Answers.ReadReportOut["ledger"] }} report
 */
export const unreadLines = ({ unread, left_out, ledger }) => [
  unread.length ? el("p", { class: "quiet" }, ui("permu_unread", { names: unread })) : null,
  ...left_out.map(({ line, code, text }) =>
    el("p", { class: "notice" }, ui("row_left_out", { line, why: tr("table_problems", code, { text }) })),
  ),
  makeLedger(ledger),
];
