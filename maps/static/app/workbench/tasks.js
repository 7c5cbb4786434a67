/* The list of long work: found again after a reload, followed, cancelled, collected. */

import { announce, byId, el, findById, problemBox, setChildren } from "../core/elements.js";
import { ask, taskProblem } from "../core/server.js";
import { formatMoment, named, tableOf, tr, ui } from "../core/words.js";
import { choices } from "../data/import_choices.js";

/**
 * @typedef {object} State
 * @property {Map<string, App.Task>} rows
 * @property {Map<string, EventSource>} streams
 * @property {Map<string, string>} counties
 * @property {boolean} own whether only tasks of the project are shown
 * @property {number} turn which question for tasks is the last
 * @property {number} missing how many of these are not kept on this server
 */

/** @type {State} */
const state = { rows: new Map(), streams: new Map(), counties: new Map(), own: false, turn: 0, missing: 0 };
const MOST = 30;
/** How a finished task of a kind is shown again. @type {Record<string, (task: App.Task) => void>} */
export const reopeners = {};

/** What nobody needs to read in a list. */
const UNTOLD = ["places", "geometry"];
/** What stands first: where, or of which file. */
const FIRST = ["county", "area", "file"];

const isPlain = (/** @type {unknown} */ value) => ["string", "number", "boolean"].includes(typeof value);

/**
 * What a task was asked, in words: its area or file first.
 * @param {App.Task} task
 */
export function askedText({ asked }) {
  const entries = Object.entries(asked || {}).filter(
    ([name, value]) => !UNTOLD.includes(name) && (Array.isArray(value) ? value.every(isPlain) : isPlain(value)),
  );
  entries.sort(([one], [other]) => FIRST.indexOf(other) - FIRST.indexOf(one));
  return entries.map(([name, value]) => {
    if (value === "site.geojson") return ui("drawn_site");
    if (name === "county") return state.counties.get(String(value)) || String(value);
    if (name === "file" || name === "area") return String(value);
    const label = tableOf("task_asked")[name] || tableOf("ui")[`siting_${name}`] || name;
    return `${label} ${Array.isArray(value) ? value.join(", ") : value}`;
  });
}

/** @param {App.Task} task */
const isActive = (task) => ["waiting", "running"].includes(task.status);

/** The project that is open, as the address says. */
const openProject = () => new URLSearchParams(location.search).get("project");

async function loadTasks() {
  const place = byId("tasks"),
    project = state.own ? openProject() : null,
    turn = (state.turn += 1);
  try {
    const address = project ? `api/v1/projects/${encodeURIComponent(project)}/tasks` : "api/v1/tasks";
    const { tasks, missing } = await ask(address);
    const known = await choices().catch(() => null);
    /* All tasks may come after those of the project, which were asked for later. */
    if (turn !== state.turn) return;
    state.missing = missing.length;
    known?.counties.forEach((one) => state.counties.set(one.id, named(one.title)));
    state.rows = new Map(tasks.slice(0, MOST).map((/** @type {App.Task} */ task) => [task.id, task]));
    showTasks();
  } catch (problem) {
    setChildren(place, el("h2", {}, ui("tasks")), problemBox(problem));
  }
}

function showTasks() {
  const tasks = [...state.rows.values()],
    running = tasks.filter(isActive);
  const count = byId("tasks-count");
  count.textContent = String(running.length);
  count.hidden = !running.length;
  setChildren(
    byId("tasks"),
    el("h2", {}, ui("tasks")),
    openProject() ? ownTick() : null,
    tasks.length
      ? el("ul", {}, tasks.map(makeRow))
      : el("p", { class: "quiet" }, ui(state.own && openProject() ? "tasks_none_own" : "tasks_none")),
    state.missing ? el("p", { class: "notice" }, ui("tasks_missing", { count: state.missing })) : null,
  );
  running.filter((task) => task.status === "running").forEach(followTask);
}

/** Tasks of all, or of the project that is open. */
const ownTick = () =>
  el(
    "label",
    { class: "tick" },
    el("input", {
      type: "checkbox",
      id: "tasks-own",
      checked: state.own,
      onchange: (event) => {
        state.own = event.target.checked;
        loadTasks();
      },
    }),
    ui("tasks_own"),
  );

/** @param {App.Task} task */
function makeRow(task) {
  const address = `api/v1/tasks/${task.id}`;
  const words = task.total ? ui("task_progress", task) : "";
  return el(
    "li",
    { id: `task-${task.id}` },
    el("strong", {}, tr("task_kinds", task.kind)),
    el("span", { class: `badge task-${task.status}` }, tr("task_statuses", task.status)),
    el("span", { class: "quiet" }, formatMoment(task.created_at)),
    task.status === "finished" && reopeners[task.kind]
      ? el("button", { type: "button", class: "button small", onclick: () => reopen(task) }, ui("task_reopen"))
      : null,
    el("p", { class: "wide quiet asked" }, askedText(task).join(" · ") || ui("task_asked_nothing")),
    isActive(task)
      ? el(
          "button",
          {
            type: "button",
            class: "button small",
            onclick: () => ask(address, { method: "DELETE" }).then(loadTasks, loadTasks),
          },
          ui("task_cancel"),
        )
      : null,
    isActive(task)
      ? el(
          "div",
          { class: "wide" },
          el(
            "progress",
            task.total
              ? { max: task.total, value: task.done, "aria-label": words }
              : { "aria-label": tr("task_statuses", task.status) },
          ),
          el("span", { class: "quiet" }, words),
        )
      : null,
    task.problem ? el("p", { class: "wide quiet" }, taskProblem(task).detail) : null,
    task.files.length
      ? el(
          "p",
          { class: "wide after" },
          task.files.map((name) =>
            el("a", { href: `${address}/files/${encodeURIComponent(name)}`, download: name }, name),
          ),
        )
      : null,
  );
}

/**
 * A task is shown again: what it found where it was asked, else its line in the list, with its files.
 * @param {App.Task} task
 */
export async function showTask(task) {
  if (task.status === "finished" && reopeners[task.kind]) {
    await reopen(task);
    return;
  }
  openDrawer(true);
  await loadTasks();
  findById(`task-${task.id}`)?.scrollIntoView({ block: "nearest" });
}

/** @param {App.Task} task */
async function reopen(task) {
  byId("tasks").hidden = true;
  byId("tasks-button").setAttribute("aria-expanded", "false");
  reopeners[task.kind](await ask(`api/v1/tasks/${task.id}`));
}

/**
 * The server runs few tasks at once, so there are never many streams.
 * @param {App.Task} task
 */
function followTask(task) {
  if (state.streams.has(task.id)) return;
  const events = new EventSource(`api/v1/tasks/${task.id}/events`);
  state.streams.set(task.id, events);
  const end = () => {
    events.close();
    state.streams.delete(task.id);
  };
  events.onmessage = (event) => {
    const now = JSON.parse(event.data);
    state.rows.set(now.id, now);
    if (!isActive(now)) {
      end();
      loadTasks();
      announce(`${tr("task_kinds", now.kind)}: ${tr("task_statuses", now.status)}`);
    } else showTasks();
  };
  events.onerror = () => {
    if (events.readyState === EventSource.CLOSED) end();
  };
}

/** @param {boolean} on */
function openDrawer(on) {
  byId("tasks").hidden = !on;
  byId("tasks-button").setAttribute("aria-expanded", String(on));
}

export function begin() {
  const button = findById("tasks-button");
  if (!button) return;
  const drawer = byId("tasks");
  const open = (/** @type {boolean} */ on) => {
    openDrawer(on);
    if (on) loadTasks();
  };
  button.addEventListener("click", () => open(drawer.hidden));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !drawer.hidden) {
      open(false);
      button.focus();
    }
  });
  document.addEventListener("click", ({ target }) => {
    if (target instanceof Node && target.isConnected && !drawer.contains(target) && !button.contains(target))
      open(false);
  });
  document.addEventListener("ftz:task", () => loadTasks());
  loadTasks();
}
