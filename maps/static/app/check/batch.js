/* Batches: many files checked one after another, as a task. */

import { byId, el, fieldById, findById, inputById, makeTable } from "../core/elements.js";
import { ask, runTask } from "../core/server.js";
import { named, tr, ui } from "../core/words.js";
import { leftOutText } from "./intake.js";
import * as reviewLists from "./review_lists.js";
import * as tabs from "../workbench/tabs.js";
import { verdictBadges } from "./verdicts.js";

/** @param {HTMLInputElement} input */
function startRun(input) {
  const files = [...(input.files || [])].filter((file) => !file.name.startsWith("."));
  if (!files.length) return;
  const form = new FormData(),
    nature = fieldById("batch-nature").value;
  files.forEach((file) => form.append("file", file, file.webkitRelativePath || file.name));
  if (nature) form.append("nature", nature);
  input.value = "";
  reviewLists.runOnce(input, byId("batch-result"), async () => {
    const task = await runTask("/api/v1/batches", { body: form }, byId("batch-progress"));
    return presentResult(task);
  });
}

/** @param {App.Task} task */
function presentResult(task) {
  const { batch, verdicts, reviewed_verdicts: reviewed } = /** @type {Answers.BatchWritten} */ (task.result);
  return [
    reviewLists.countLine("verdicts", verdicts),
    Object.keys(reviewed).length
      ? [el("p", { class: "overridden" }, ui("reviewed_as")), reviewLists.countLine("verdicts", reviewed)]
      : null,
    reviewLists.downloadLinks(task),
    makeTable(
      ui("batch"),
      ["batch_file", "batch_verdict"].map((key) => ({ text: ui(key) })),
      batch.files.slice(0, reviewLists.MOST).map(makeRow),
    ),
    reviewLists.restLine(batch.files),
    batch.left_out.length
      ? el(
          "ul",
          { class: "plain-list left-out" },
          batch.left_out
            .slice(0, reviewLists.MOST)
            .map(({ file, site }) => el("li", { class: "warning" }, `${file}: ${leftOutText(site)}`)),
        )
      : null,
    reviewLists.restLine(batch.left_out),
  ];
}

/** @param {Answers.BatchFile} file */
function makeRow(file) {
  const name = file.layer ? `${file.name} / ${file.layer}` : file.name;
  return el(
    "tr",
    {},
    el("th", { scope: "row" }, file.check ? reviewLists.openCheckButton(file.check.id, name) : name),
    el(
      "td",
      {},
      file.check
        ? verdictBadges(file.check.verdict, file.check.reviewed_verdict)
        : [
            el("strong", {}, tr("file_statuses", file.status)),
            ": ",
            file.refusal ? tr("errors", file.refusal.code, file.refusal.params) : "",
          ],
    ),
  );
}

export function begin() {
  const files = /** @type {HTMLInputElement | null} */ (findById("batch-files"));
  if (!files) return;
  [files, inputById("batch-folder")].forEach((input) => input.addEventListener("change", () => startRun(input)));
  ask("/api/v1/natures").then(
    ({ natures }) =>
      natures.forEach((/** @type {Answers.NatureOption} */ one) =>
        byId("batch-nature").append(el("option", { value: one.id }, named(one.name))),
      ),
    () => null,
  );
  byId("to-batch").addEventListener("click", () => tabs.open("review"));
}
