/* Batches: many files checked one after another, as a task. */

import { byId, el, fieldById, findById, inputById, makeTable } from "../core/elements.js";
import { runTask } from "../core/server.js";
import { named, tr, ui } from "../core/words.js";
import * as certificate from "./certificate.js";
import * as headline from "./headline.js";
import { leftOutText } from "../core/ledger.js";
import * as natures from "./natures.js";
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
    const task = await runTask("api/v1/batches", { body: form }, byId("batch-progress"));
    return presentResult(task);
  });
}

/** @param {App.Task} task */
function presentResult(task) {
  const written = /** @type {Answers.BatchWritten} */ (task.result);
  const { batch, lines, verdicts, reviewed_verdicts: reviewed, conditions, contacts } = written;
  const unexamined = written.not_examined;
  const sites = (/** @type {number} */ count) => tr("beside", "sites", { count });
  return [
    lines.map((line) => [el("h3", {}, named(line.title)), reviewLists.countLine("verdicts", line.verdicts)]),
    el("h3", {}, ui("claim_verdict")),
    reviewLists.countLine("verdicts", verdicts),
    Object.keys(reviewed).length
      ? [el("p", { class: "overridden" }, ui("reviewed_as")), reviewLists.countLine("verdicts", reviewed)]
      : null,
    el("p", { class: "quiet" }, `${tr("beside", "conditions")}: ${sites(conditions)}`),
    el("p", { class: "quiet" }, `${tr("beside", "contacts")}: ${sites(contacts)}`),
    unexamined.length
      ? el("p", { class: "notice" }, certificate.summaryText("not_examined", unexamined.map(named)))
      : null,
    batch.refused ? el("p", { class: "notice indicative" }, ui("batch_refused", { refused: batch.refused })) : null,
    reviewLists.downloadLinks(task),
    makeTable(
      ui("batch"),
      [
        { text: ui("batch_file") },
        ...lines.map((line) => ({ text: named(line.title) })),
        { text: ui("batch_verdict") },
      ],
      batch.files.slice(0, reviewLists.MOST).map((file) => makeRow(file, lines.length)),
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

/**
 * @param {Answers.BatchFile} file
 * @param {number} lines  How many columns stand before the verdict.
 */
function makeRow(file, lines) {
  const name = file.layer ? `${file.name} / ${file.layer}` : file.name;
  return el(
    "tr",
    {},
    el("th", { scope: "row" }, file.check ? reviewLists.openCheckButton(file.check.id, name) : name),
    Array.from({ length: lines }, (_, at) => el("td", {}, file.lines[at] ? headline.makeLine(file.lines[at]) : "—")),
    el(
      "td",
      {},
      file.check
        ? [verdictBadges(file.check.verdict, file.check.reviewed_verdict), ...makeWarnings(file.check)]
        : [el("strong", {}, tr("file_statuses", file.status)), ": ", file.refusal ? refusalText(file.refusal) : ""],
    ),
  );
}

/**
 * What the reader of a file warns of.
 * @param {Answers.CheckResult} check
 */
const makeWarnings = ({ read_report: { issues } }) =>
  [...new Set(issues.filter((one) => one.severity === "warning").map((one) => tr("issues", one.code, one.params)))].map(
    (text) => el("small", { class: "warning" }, text),
  );

/** @param {Answers.Refusal} refusal */
function refusalText({ code, params }) {
  const offers = /** @type {App.JsonObject[]} */ (params.proposals || []).map((one) =>
    [one.crs, one.place ? `(${one.place})` : "", one.unit === "m" ? "" : one.unit].filter(Boolean).join(" "),
  );
  const text = tr("errors", code, params);
  return offers.length ? `${text} ${ui("could_be", { proposals: offers.join("; ") })}` : text;
}

export function begin() {
  const files = /** @type {HTMLInputElement | null} */ (findById("batch-files"));
  if (!files) return;
  [files, inputById("batch-folder")].forEach((input) => input.addEventListener("change", () => startRun(input)));
  natures.fillChoice(byId("batch-nature"));
  reviewLists.reopenAt("batch", "batch-result", presentResult);
  byId("to-batch").addEventListener("click", () => tabs.open("review"));
}
