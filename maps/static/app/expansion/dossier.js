/* The dossier of the chosen sites: one volume, made as a task, with what is filled in beside. */

import { buttonById, byId, el, fieldById, findById, problemBox, setChildren } from "../core/elements.js";
import { page } from "../core/page.js";
import { runTask } from "../core/server.js";

import * as expand from "./expand.js";

const FORMS = ["docx", "pdf", "xlsx", "html"];
/** Parameters by the id of their field. */
const FIELDS = {
  "dossier-project": "project",
  "dossier-maker": "maker",
  "siting-constraint-set": "constraint_set",
  "earth-swell": "swell",
  "earth-source": "price_source",
};

/** @param {string} id */
const lines = (id) =>
  fieldById(id)
    .value.split("\n")
    .map((line) => line.trim())
    .filter(Boolean);

/** @returns {App.Query} */
const makeQuery = () => [
  ["lang", page.config.lang],
  ...Object.entries(FIELDS)
    .map(([id, name]) => /** @type {[string, string]} */ ([name, fieldById(id).value.trim()]))
    .filter(([, value]) => value),
  ...lines("earth-prices").map((line) => /** @type {[string, string]} */ (["prices", line])),
  ...lines("siting-places").map((line) => /** @type {[string, string]} */ (["places", line])),
];

/** @param {string} form */
async function makeDossier(form) {
  const status = byId("dossier-status");
  const chosen = expand.requireSites(status);
  if (!chosen) return;
  const buttons = FORMS.map((one) => buttonById(`dossier-${one}`));
  buttons.forEach((one) => {
    one.disabled = true;
  });
  try {
    const [address, options] = await expand.requestFor(chosen, `api/v1/sites/dossier.${form}`, makeQuery());
    const task = await runTask(address, options || {}, status);
    setChildren(
      status,
      ...task.files.map((name) =>
        el("a", { href: `api/v1/tasks/${task.id}/files/${encodeURIComponent(name)}`, download: name }, name),
      ),
    );
  } catch (problem) {
    setChildren(status, problemBox(problem));
  }
  buttons.forEach((one) => {
    one.disabled = false;
  });
}

export function begin() {
  if (!findById("dossier-status")) return;
  FORMS.forEach((form) => buttonById(`dossier-${form}`).addEventListener("click", () => makeDossier(form)));
  expand.state.listeners.push(() => setChildren(byId("dossier-status")));
}
