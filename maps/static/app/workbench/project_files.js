/* Files that a person chose stay with the project: what was asked rests on them. */

import { findById } from "../core/elements.js";
import * as expand from "../expansion/expand.js";

/** Fields whose files are read when something is asked. */
const FIELDS = [
  "siting-constraints",
  "siting-criteria_file",
  "dossier-alternatives",
  "low-plan-file",
  "standard-land-promises",
  "standard-land-figures",
];
/** The field of the sites that the tab is about: it gives its files away and is empty again. */
const SITES = "ground-file";
/** In all: a version of a project has to stay small enough to be sent with every change. */
const MOST_BYTES = 2_000_000;

/** @type {{ kept: Map<string, Answers.ProjectFile[]>, changed: () => void }} */
const state = { kept: new Map(), changed: () => {} };

/** All files that are kept, in the order of their fields. @returns {Answers.ProjectFile[]} */
export const keptFiles = () => [...FIELDS, SITES].flatMap((id) => state.kept.get(id) || []);

/** @param {File} file @returns {Promise<string>} */
const readBase64 = (file) =>
  new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).split(",")[1] || "");
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });

/** @param {string} id @param {File[]} files */
async function keepFiles(id, files) {
  const others = keptFiles().filter((one) => one.field !== id && one.data);
  let room = MOST_BYTES - others.reduce((sum, one) => sum + one.size_bytes, 0);
  /** @type {Answers.ProjectFile[]} */
  const kept = [];
  for (const file of files) {
    const fits = file.size <= room;
    if (fits) room -= file.size;
    const name = file.name.slice(0, 200);
    kept.push({ field: id, name, size_bytes: file.size, data: fits ? await readBase64(file) : null });
  }
  state.kept.set(id, kept);
  state.changed();
}

/** @param {Answers.ProjectFile} kept */
function fileOf({ name, data }) {
  const bytes = Uint8Array.from(atob(data || ""), (one) => one.charCodeAt(0));
  return new File([bytes], name);
}

/** The files of a project stand in their fields again. @param {Answers.ProjectFile[]} files */
export function takeFiles(files) {
  state.kept = new Map();
  files.forEach((one) => state.kept.set(one.field, [...(state.kept.get(one.field) || []), one]));
  FIELDS.forEach((id) => {
    const field = /** @type {HTMLInputElement | null} */ (findById(id));
    const own = (state.kept.get(id) || []).filter((one) => one.data !== null);
    if (!field || !own.length) return;
    const transfer = new DataTransfer();
    own.forEach((one) => transfer.items.add(fileOf(one)));
    field.files = transfer.files;
  });
  const sites = state.kept.get(SITES) || [];
  if (sites.length && sites.every((one) => one.data !== null)) expand.takeFiles(sites.map(fileOf));
}

/**
 * Watch the fields; `changed` is called when other files than before are there.
 * @param {() => void} changed
 */
export function begin(changed) {
  state.changed = changed;
  FIELDS.forEach((id) => {
    const field = /** @type {HTMLInputElement | null} */ (findById(id));
    field?.addEventListener("change", () => keepFiles(id, [...(field.files || [])]));
  });
  expand.state.listeners.push(() => {
    const files = expand.state.chosen?.files || [];
    const before = state.kept.get(SITES) || [];
    if (
      files.length !== before.length ||
      files.some((one, at) => one.name !== before[at].name || one.size !== before[at].size_bytes)
    )
      keepFiles(SITES, files);
  });
}
