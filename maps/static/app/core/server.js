/* Requests. A refusal is an answer: problem details with words of the server. */

import { el, setChildren } from "./elements.js";
import { page } from "./page.js";
import { tr, ui } from "./words.js";

/** @returns {App.Problem} */
const unreachable = () => ({ title: ui("unreachable"), detail: ui("unreachable_detail"), params: {} });

/**
 * An address that the server says, from where the page lies: below the prefix of a proxy, too.
 * @param {string} address
 */
export const fromPage = (address) => address.replace(/^\//, "");

/** @param {RequestInit} [options] */
const headersOf = (options) => ({ "Accept-Language": page.config.lang, ...options?.headers });

/**
 * The answer to a request, or problem details thrown.
 * @param {string} address
 * @param {RequestInit} [options]
 * @returns {Promise<any>}
 */
export async function ask(address, options) {
  const response = await fetch(address, { ...options, headers: headersOf(options) }).catch(() => null);
  if (!response) throw unreachable();
  const body = await response.json().catch(() => null);
  if (response.ok && body) return body;
  throw body || unreachable();
}

/**
 * A JSON body as the options of a request.
 * @param {unknown} body
 * @param {string} [type]
 * @returns {RequestInit}
 */
export const postJson = (body, type = "application/json") => ({
  method: "POST",
  headers: { "Content-Type": type },
  body: JSON.stringify(body),
});

/**
 * A file of an answer: fetched, then handed to the browser as a download; without a name
 * it has the one that the server gives it.
 * @param {string} address
 * @param {RequestInit} [options]
 * @param {string} [name]
 */
export async function saveFile(address, options, name) {
  const response = await fetch(address, { ...options, headers: headersOf(options) }).catch(() => null);
  if (!response?.ok) throw (response && (await response.json().catch(() => null))) || unreachable();
  const [, given] = /filename="([^"]+)"/.exec(response.headers.get("content-disposition") || "") || [];
  const link = el("a", { href: URL.createObjectURL(await response.blob()), download: name || given || "" });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

/**
 * POST to a route that answers with a task; resolves with the finished task, rejects with
 * problem details. `place` is an element that shows the progress and a button to cancel.
 * @param {string} address
 * @param {RequestInit} options
 * @param {Element} [place]
 * @returns {Promise<App.Task>}
 */
export async function runTask(address, options, place) {
  return followTask(await ask(address, { method: "POST", ...options }), place);
}

/**
 * @param {App.Task} task
 * @param {Element} [place]
 * @returns {Promise<App.Task>}
 */
function followTask(task, place) {
  document.dispatchEvent(new CustomEvent("ftz:task", { detail: task }));
  const address = `api/v1/tasks/${task.id}`;
  return new Promise((resolve, reject) => {
    const bar = el("progress", { max: 1 });
    const words = el("span", { class: "quiet" });
    const stop = () => ask(address, { method: "DELETE" }).catch(() => null);
    const cancel = el("button", { type: "button", class: "button", onclick: stop }, ui("task_cancel"));
    if (place) setChildren(place, el("div", { class: "task" }, bar, words, cancel));
    const events = new EventSource(`${address}/events`);
    events.onmessage = (event) => {
      /** @type {App.Task} */
      const now = JSON.parse(event.data);
      if (now.total) {
        bar.max = now.total;
        bar.value = now.done;
      }
      words.textContent = now.total ? ui("task_progress", { ...now }) : tr("task_statuses", now.status);
      if (["waiting", "running"].includes(now.status)) return;
      events.close();
      if (place) setChildren(place);
      if (now.status === "finished") resolve(now);
      else reject(taskProblem(now));
    };
    /* The browser tries again by itself unless the server has refused for good. */
    events.onerror = () => {
      if (events.readyState !== EventSource.CLOSED) return;
      if (place) setChildren(place);
      reject(unreachable());
    };
  });
}

/**
 * @param {App.Task} task
 * @returns {App.Problem}
 */
export const taskProblem = (task) => ({
  title: tr("task_statuses", task.status),
  detail: task.problem ? tr("errors", task.problem.code, task.problem.params) : "",
  params: task.problem ? task.problem.params : {},
});

/**
 * Links to the files that a task has kept.
 * @param {App.Task} task
 */
export const taskFiles = (task) =>
  task.files.map((name) =>
    el("a", { href: `api/v1/tasks/${task.id}/files/${encodeURIComponent(name)}`, download: name }, name),
  );
