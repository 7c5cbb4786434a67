/* What all lists of the review tab share. */

import * as siteCheck from "./check.js";
import { badge, byId, el, problemBox, setChildren } from "../core/elements.js";
import { ask } from "../core/server.js";
import { ui } from "../core/words.js";
import * as tabs from "../workbench/tabs.js";
import * as tasks from "../workbench/tasks.js";

export const MOST = 200;

/**
 * Runs something with a button that cannot be pressed twice; a problem is shown in its place.
 * @param {HTMLButtonElement | HTMLInputElement} button
 * @param {Element} place
 * @param {() => Promise<App.Children>} work
 */
export async function runOnce(button, place, work) {
  button.disabled = true;
  setChildren(place);
  try {
    setChildren(place, await work());
  } catch (problem) {
    setChildren(place, problemBox(problem));
  }
  button.disabled = false;
}

/**
 * A finished task of the list is shown again in its place of the review tab.
 * @param {string} kind
 * @param {string} place
 * @param {(task: App.Task) => App.Children} present
 */
export function reopenAt(kind, place, present) {
  tasks.reopeners[kind] = (task) => {
    tabs.open("review");
    const shown = byId(place),
      part = shown.closest("details");
    if (part) part.open = true;
    setChildren(shown, present(task));
    shown.scrollIntoView({ block: "nearest" });
  };
}

/** @param {App.Task} task */
export const downloadLinks = (task) =>
  el(
    "p",
    { class: "after" },
    task.files.map((name) =>
      el("a", { href: `api/v1/tasks/${task.id}/files/${encodeURIComponent(name)}`, download: name }, name),
    ),
  );

/**
 * @param {string} table
 * @param {Record<string, number>} counts
 */
export const countLine = (table, counts) =>
  el(
    "p",
    { class: "counts" },
    Object.entries(counts).map(([key, count]) => el("span", {}, badge(table, key), ` ${count}`)),
  );

/** @param {string} id */
function openCheck(id) {
  tabs.open("check");
  siteCheck.runCheck(() => ask(`api/v1/checks/${encodeURIComponent(id)}?geometry=true`));
}
/**
 * @param {string} id
 * @param {string} text
 */
export const openCheckButton = (id, text) =>
  el("button", { type: "button", class: "linklike", onclick: () => openCheck(id) }, text);

/**
 * Long lists are cut, and say so: the files of the task hold everything.
 * @param {unknown[]} all
 */
export const restLine = (all) =>
  all.length > MOST ? el("p", { class: "quiet" }, ui("more", { count: all.length - MOST })) : null;
