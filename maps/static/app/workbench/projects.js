/* Projects: saved by themselves, undone and redone, opened by a link, sent as a file. */

import { announce, byId, el, findById, problemBox, setChildren } from "../core/elements.js";
import { page } from "../core/page.js";
import { ask, postJson } from "../core/server.js";
import { formatMoment, tr, ui } from "../core/words.js";
import * as projectFiles from "./project_files.js";
import * as kept from "./project_state.js";
import * as projectPanel from "./project_panel.js";
import * as tasks from "./tasks.js";

/**
 * @typedef {object} State
 * @property {Answers.ProjectOut | null} project
 * @property {string} saved what was last stored, as text
 * @property {number | undefined} timer
 * @property {boolean} saving
 * @property {App.Problem | null} problem
 * @property {boolean} stopped whether a person has to decide first
 */

/** @type {State} */
const state = { project: null, saved: "", timer: undefined, saving: false, problem: null, stopped: false };
const WAIT_MS = 1200;
const RETRY_MS = 5000;

const address = () => `api/v1/projects/${encodeURIComponent(state.project?.id || "")}`;

/** @param {string} id */
const linkTo = (id) => `${location.pathname}?lang=${page.config.lang}&project=${encodeURIComponent(id)}`;

/** The page anew, as the project has it. @param {string} id */
function openAt(id) {
  state.stopped = true;
  sessionStorage.setItem("ftz-project-open", "1");
  location.assign(linkTo(id));
}

/** Before the parts begin. @returns {Promise<void>} */
export async function load() {
  const id = page.config.embedded ? null : new URLSearchParams(location.search).get("project");
  if (!id) return;
  try {
    state.project = /** @type {Answers.ProjectOut} */ (await ask(`api/v1/projects/${encodeURIComponent(id)}`));
    kept.applyAddress(state.project.content);
  } catch (problem) {
    state.problem = /** @type {App.Problem} */ (problem);
  }
}

function noteChange() {
  if (!state.project || state.stopped) return;
  clearTimeout(state.timer);
  state.timer = setTimeout(save, WAIT_MS);
}

/** @param {Partial<Answers.ProjectContent>} parts */
function change(parts) {
  if (!state.project) return;
  kept.state.content = { .../** @type {Answers.ProjectContent} */ (kept.state.content), ...parts };
  noteChange();
}

async function save() {
  const { project } = state;
  if (!project || state.stopped || !kept.state.content) return;
  if (state.saving) {
    noteChange();
    return;
  }
  const content = kept.collect(kept.state.content),
    text = kept.essence(content);
  if (text === state.saved) return;
  state.saving = true;
  showState();
  try {
    const saved = await ask(`${address()}/versions`, postJson({ base: project.version, content }));
    state.project = { ...project, ...saved, newest: saved.version, content };
    state.saved = text;
    state.problem = null;
  } catch (problem) {
    state.problem = /** @type {App.Problem} */ (problem);
    /* A refusal has to be read; a server that does not answer is asked again. */
    if (state.problem.code) state.stopped = true;
    else state.timer = setTimeout(save, RETRY_MS);
  }
  state.saving = false;
  showState();
}

/** @param {"undo" | "redo" | "revert"} verb @param {Record<string, number>} [more] */
async function step(verb, more) {
  await save();
  if (!state.project || state.stopped) return;
  try {
    await ask(`${address()}/${verb}`, postJson({ base: state.project.version, ...more }));
    openAt(state.project.id);
  } catch (problem) {
    state.problem = /** @type {App.Problem} */ (problem);
    showState();
  }
}

/** @param {string} title */
async function create(title) {
  const content = kept.collect(projectPanel.emptyContent(title));
  try {
    const made = await ask("api/v1/projects", postJson({ content }));
    openHere(made);
  } catch (problem) {
    state.problem = /** @type {App.Problem} */ (problem);
    showState();
  }
}

/** A project that was just made of this page: nothing has to be read anew. @param {Answers.ProjectOut} made */
function openHere(made) {
  state.project = made;
  state.stopped = false;
  state.problem = null;
  kept.state.content = made.content;
  state.saved = kept.essence(made.content);
  history.replaceState(null, "", `${linkTo(made.id)}${location.hash}`);
  keepLanguageLink();
  showDrawer();
}

/** The other language has the same project. */
function keepLanguageLink() {
  const link = /** @type {HTMLAnchorElement} */ (byId("lang-switch"));
  if (state.project) link.href = `?lang=${ui("other_lang")}&project=${state.project.id}${location.hash}`;
}

function stateText() {
  if (state.saving) return ui("project_saving");
  if (!state.project) return "";
  return ui("project_saved", { version: state.project.version, at: formatMoment(state.project.saved_at) });
}

function showState() {
  const button = findById("project-button");
  if (!button) return;
  button.classList.toggle("has-problem", Boolean(state.problem));
  const place = findById("project-state");
  if (place) setChildren(place, state.problem ? makeProblem(state.problem) : stateText());
  const set = (/** @type {string} */ id, /** @type {boolean} */ on) => {
    const one = /** @type {HTMLButtonElement | null} */ (findById(id));
    if (one) one.disabled = !on;
  };
  set("project-undo", Boolean(state.project?.can_undo));
  set("project-redo", Boolean(state.project?.can_redo));
}

/** @param {App.Problem} problem */
function makeProblem(problem) {
  const mine = problem.params?.kept_as;
  return [
    problemBox(problem),
    problem.code ? null : el("p", { class: "quiet" }, ui("project_retry")),
    mine
      ? el(
          "div",
          { class: "actions" },
          el("button", { type: "button", class: "button", onclick: () => openAt(mine) }, ui("project_open_mine")),
          el(
            "button",
            { type: "button", class: "button", onclick: () => openAt(state.project?.id || "") },
            ui("project_open_theirs"),
          ),
        )
      : null,
  ];
}

function showDrawer() {
  const place = byId("project");
  if (!state.project) {
    setChildren(
      place,
      state.problem ? problemBox(state.problem) : null,
      projectPanel.makeStart({ create, openAt, openFile }),
    );
    return;
  }
  setChildren(
    place,
    projectPanel.makeProject(state.project, /** @type {Answers.ProjectContent} */ (kept.state.content), {
      change,
      step,
      openAt,
      address: address(),
      link: new URL(linkTo(state.project.id), location.href).href,
      reopen: openResult,
    }),
  );
  showState();
}

/** @param {File} file */
async function openFile(file) {
  const form = new FormData();
  form.append("file", file, file.name);
  const opened = await ask("api/v1/projects/open", { method: "POST", body: form });
  openAt(opened.id);
}

/** @param {Answers.ProjectResult} result */
async function openResult(result) {
  if (result.what === "check") {
    location.hash = `#tab=check&check=${result.id}`;
    location.reload();
    return;
  }
  const task = await ask(`api/v1/tasks/${encodeURIComponent(result.id)}`);
  byId("project").hidden = true;
  await tasks.showTask(task);
}

/** @param {Answers.ProjectResult} result */
function addResult(result) {
  const { content } = kept.state;
  if (!state.project || !content || content.results.some((one) => one.id === result.id)) return;
  change({ results: [...content.results, result] });
}

function listen() {
  document.addEventListener("ftz:changed", noteChange);
  byId("panel").addEventListener("input", noteChange);
  projectFiles.begin(noteChange);
  document.addEventListener("ftz:task", (event) => {
    const task = /** @type {App.Task} */ (/** @type {CustomEvent} */ (event).detail);
    const said = Object.fromEntries(
      Object.entries(task.asked || {})
        .filter(([, value]) => typeof value !== "object")
        .map(([name, value]) => [name, String(value).slice(0, 200)]),
    );
    const title = tasks.askedText(task)[0] || "";
    addResult({ what: "task", id: task.id, kind: task.kind, title, at: task.created_at, said });
  });
  document.addEventListener("ftz:check", (event) => {
    const check = /** @type {Answers.CheckResult} */ (/** @type {CustomEvent} */ (event).detail);
    const title = check.sites[0]?.name || "";
    addResult({ what: "check", id: check.id, kind: check.verdict, title, at: check.checked_on, said: {} });
  });
  document.addEventListener("ftz:alternative", (event) => {
    addAlternative(/** @type {CustomEvent} */ (event).detail);
  });
  window.addEventListener("beforeunload", (event) => {
    if (state.project && state.problem && !state.problem.code) event.preventDefault();
  });
}

/** @param {Answers.ProjectSite[]} sites */
function addAlternative(sites) {
  const { content } = kept.state;
  if (!state.project || !content) {
    byId("project-button").click();
    return;
  }
  const number = content.alternatives.length + 1;
  const own = sites.map((site) => ({ ...site, id: `a${number}-${site.id}` }));
  const name = ui("project_alternative", { number });
  change({
    sites: [...content.sites, ...own],
    alternatives: [...content.alternatives, { id: `a${number}`, name, site_ids: own.map((site) => site.id), note: "" }],
  });
  announce(`${name}: ${tr("projects", "col_sites")} ${own.length}`);
  byId("project").hidden = false;
  showDrawer();
}

export function begin() {
  const button = findById("project-button");
  if (!button || page.config.embedded) return;
  const drawer = byId("project");
  const open = (/** @type {boolean} */ on) => {
    drawer.hidden = !on;
    button.setAttribute("aria-expanded", String(on));
    if (on) showDrawer();
  };
  button.addEventListener("click", () => open(drawer.hidden));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !drawer.hidden) {
      open(false);
      button.focus();
    }
  });
  listen();
  if (state.project) {
    kept.applyFields(state.project.content);
    state.saved = kept.essence(state.project.content);
    keepLanguageLink();
    document.addEventListener("ftz:changed", keepLanguageLink);
  }
  if (sessionStorage.getItem("ftz-project-open") || state.problem) open(true);
  sessionStorage.removeItem("ftz-project-open");
  showState();
}
