/* Checks in number: batches of files, and past checks that would come out otherwise. */
"use strict";

ftz.review = { MOST: 200 };

/* Runs something with a button that cannot be pressed twice; a problem is shown in its place. */
ftz.review.once = async function (button, place, work) {
  button.disabled = true;
  ftz.show(place);
  try { ftz.show(place, await work()); } catch (problem) { ftz.show(place, ftz.problem(problem)); }
  button.disabled = false;
};

ftz.review.downloads = (task) => ftz.el("p", { class: "after" }, task.files.map((name) =>
  ftz.el("a", { href: `/api/v1/tasks/${task.id}/files/${encodeURIComponent(name)}`, download: name }, name)));

ftz.review.counts = (table, counts) => ftz.el("p", { class: "counts" }, Object.entries(counts).map(([key, count]) =>
  ftz.el("span", {}, ftz.badge(table, key), ` ${count}`)));

ftz.review.open = function (id) {
  ftz.tabs.open("check");
  ftz.check.run(() => ftz.ask(`/api/v1/checks/${encodeURIComponent(id)}?geometry=true`));
};
ftz.review.openButton = (id, text) => ftz.el("button", { type: "button", class: "linklike", onclick: () => ftz.review.open(id) }, text);

/* Long lists are cut, and say so: the files of the task hold everything. */
ftz.review.rest = (all) => all.length > ftz.review.MOST ? ftz.el("p", { class: "quiet" }, ftz.ui("more", { count: all.length - ftz.review.MOST })) : null;

ftz.batch = {};
ftz.batch.start = function (input) {
  const files = [...input.files].filter((file) => !file.name.startsWith("."));
  if (!files.length) return;
  const form = new FormData(), nature = ftz.byId("batch-nature").value;
  files.forEach((file) => form.append("file", file, file.webkitRelativePath || file.name));
  if (nature) form.append("nature", nature);
  input.value = "";
  ftz.review.once(input, ftz.byId("batch-result"), async () => {
    const task = await ftz.task("/api/v1/batches", { body: form }, ftz.byId("batch-progress"));
    return ftz.batch.present(task);
  });
};

ftz.batch.present = function (task) {
  const { batch, verdicts } = task.result;
  return [ftz.review.counts("verdicts", verdicts), ftz.review.downloads(task),
    ftz.table(ftz.ui("batch"), ["batch_file", "batch_verdict"].map((key) => ({ text: ftz.ui(key) })),
      batch.files.slice(0, ftz.review.MOST).map(ftz.batch.row)), ftz.review.rest(batch.files)];
};

ftz.batch.row = function (file) {
  const name = file.layer ? `${file.name} / ${file.layer}` : file.name;
  return ftz.el("tr", {}, ftz.el("th", { scope: "row" }, file.check ? ftz.review.openButton(file.check.id, name) : name),
    ftz.el("td", {}, file.check ? ftz.badge("verdicts", file.check.verdict)
      : [ftz.el("strong", {}, ftz.text("file_statuses", file.status)), ": ", ftz.text("errors", file.refusal.code, file.refusal.params)]));
};

ftz.stale = {};
ftz.stale.start = () => ftz.review.once(ftz.byId("stale-start"), ftz.byId("stale-result"), async () => {
  const task = await ftz.task("/api/v1/checks/stale", {}, ftz.byId("stale-progress"));
  return ftz.stale.present(task.result);
});

ftz.stale.present = function ({ checks }) {
  const counts = {};
  checks.forEach((one) => { counts[one.state] = (counts[one.state] || 0) + 1; });
  if (!checks.length) return ftz.el("p", { class: "quiet" }, ftz.ui("history_none"));
  const told = checks.filter((one) => ["changed", "undetermined"].includes(one.state));
  return [ftz.review.counts("stale_states", counts), told.slice(0, ftz.review.MOST).map(ftz.stale.card), ftz.review.rest(told)];
};

ftz.stale.card = (one) => ftz.el("article", { class: `finding ${one.state === "changed" ? "conflict" : "undetermined"}` },
  ftz.el("h3", {}, ftz.review.openButton(one.check_id, one.name), ftz.badge("stale_states", one.state)),
  ftz.el("p", { class: "reason" }, one.checked_on, " · ", one.causes.map((cause) => ftz.text("stale_causes", cause)).join("; ")),
  one.refusal ? ftz.el("p", {}, ftz.text("errors", one.refusal.code, one.refusal.params)) : null,
  one.changes.length ? ftz.table(ftz.ui("stale_changes"),
    [{ text: ftz.ui("stale_site") }, { text: ftz.ui("stale_rule") }, { text: ftz.ui("stale_verdicts") }, { text: ftz.ui("stale_difference"), number: true }],
    one.changes.slice(0, ftz.review.MOST).map((change) => ftz.el("tr", {},
      ftz.el("th", { scope: "row" }, change.site_name || change.site_id),
      ftz.el("td", {}, change.kind_title ? ftz.named(change.kind_title) : change.rule_id),
      ftz.el("td", {}, [change.verdict_then, change.verdict_now].map((verdict) => verdict ? ftz.text("verdicts", verdict) : "—").join(" → ")),
      ftz.el("td", { class: "number" }, ftz.number(change.difference_m2, 2))))) : null,
  ftz.review.rest(one.changes));

ftz.parts.push(function reviewBegin() {
  const files = ftz.byId("batch-files");
  if (!files) return;
  [files, ftz.byId("batch-folder")].forEach((input) => input.addEventListener("change", () => ftz.batch.start(input)));
  ftz.byId("stale-start").addEventListener("click", ftz.stale.start);
  ftz.ask("/api/v1/natures").then(({ natures }) => natures.forEach((one) =>
    ftz.byId("batch-nature").append(ftz.el("option", { value: one.id }, ftz.named(one.name)))), () => null);
  ftz.byId("to-batch").addEventListener("click", () => ftz.tabs.open("review"));
});
