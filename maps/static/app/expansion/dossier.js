/* The dossier of the chosen sites: one volume, made as a task, with what is filled in beside. */

import { buttonById, byId, el, fieldById, findById, inputById, problemBox, setChildren } from "../core/elements.js";
import { page } from "../core/page.js";
import { runTask } from "../core/server.js";

import * as siteEconomics from "./economics.js";
import * as expand from "./expand.js";
import * as siteTerms from "./site_terms.js";
import * as tabs from "../workbench/tabs.js";
import * as tasks from "../workbench/tasks.js";

const FORMS = ["docx", "pdf", "xlsx", "html"];
/** Parameters by the id of their field. */
const FIELDS = {
  "dossier-project": "project",
  "dossier-maker": "maker",
  "earth-swell": "swell",
  "earth-platforms": "platforms",
  "earth-cut-slope": "cut_slope",
  "earth-fill-slope": "fill_slope",
  "earth-sd": "dem_sd_m",
  "earth-length": "dem_length_m",
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
  ...siteTerms.termsQuery(),
  ...siteEconomics.densityQuery(),
];

/** @returns {[string, File][]} */
const makeFiles = () => [
  ...siteTerms.termsFiles(),
  ...[...(inputById("dossier-alternatives").files || [])].map(
    (file) => /** @type {[string, File]} */ (["alternatives", file]),
  ),
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
    const task = await runTask(address, siteTerms.withFiles(options || {}, makeFiles()), status);
    presentFiles(task);
  } catch (problem) {
    setChildren(status, problemBox(problem));
  }
  buttons.forEach((one) => {
    one.disabled = false;
  });
}

/** @param {App.Task} task */
const presentFiles = (task) =>
  setChildren(
    byId("dossier-status"),
    ...task.files.map((name) =>
      el("a", { href: `api/v1/tasks/${task.id}/files/${encodeURIComponent(name)}`, download: name }, name),
    ),
  );

export function begin() {
  if (!findById("dossier-status")) return;
  FORMS.forEach((form) => buttonById(`dossier-${form}`).addEventListener("click", () => makeDossier(form)));
  expand.state.listeners.push(() => setChildren(byId("dossier-status")));
  tasks.reopeners.dossier = (task) => {
    tabs.open("expand");
    presentFiles(task);
    byId("dossier-title").scrollIntoView({ block: "start" });
  };
}
