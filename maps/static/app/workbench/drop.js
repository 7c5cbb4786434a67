/* Files that are dropped on the page go to the tab that is open. */

import { byId, findById } from "../core/elements.js";
import { hashState } from "../core/hash_state.js";
import * as importDialog from "../data/import_dialog.js";
import * as siteCheck from "../check/check.js";
import * as expand from "../expansion/expand.js";
import * as tabs from "./tabs.js";

export function begin() {
  if (!findById("drop")) return;
  const drop = byId("drop");
  const stop = (/** @type {Event} */ event) => {
    event.preventDefault();
    drop.classList.toggle("over", event.type === "dragover");
  };
  ["dragover", "dragleave", "drop"].forEach((name) => document.addEventListener(name, stop));
  document.addEventListener("drop", (event) => {
    if (!event.dataTransfer || !event.dataTransfer.files.length) return;
    const dialog = /** @type {HTMLDialogElement} */ (byId("import"));
    if (dialog.open || hashState.tab === "layers") {
      importDialog.open(event.dataTransfer.files);
      return;
    }
    if (hashState.tab === "expand") {
      expand.takeFiles(event.dataTransfer.files);
      return;
    }
    tabs.open("check");
    siteCheck.checkFiles(event.dataTransfer.files);
  });
}
