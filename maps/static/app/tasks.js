/* The list of long work: found again after a reload, followed, cancelled, collected. */
"use strict";

ftz.tasks = { rows: new Map(), streams: new Map() };
ftz.tasks.active = (task) => ["waiting", "running"].includes(task.status);

ftz.tasks.load = async function () {
  const place = ftz.byId("tasks");
  try {
    const { tasks } = await ftz.ask("/api/v1/tasks");
    ftz.tasks.rows = new Map(tasks.slice(0, 30).map((task) => [task.id, task]));
    ftz.tasks.show();
  } catch (problem) { ftz.show(place, ftz.el("h2", {}, ftz.ui("tasks")), ftz.problem(problem)); }
};

ftz.tasks.show = function () {
  const tasks = [...ftz.tasks.rows.values()], running = tasks.filter(ftz.tasks.active);
  const count = ftz.byId("tasks-count");
  count.textContent = String(running.length);
  count.hidden = !running.length;
  ftz.show(ftz.byId("tasks"), ftz.el("h2", {}, ftz.ui("tasks")),
    tasks.length ? ftz.el("ul", {}, tasks.map(ftz.tasks.row)) : ftz.el("p", { class: "quiet" }, ftz.ui("tasks_none")));
  running.filter((task) => task.status === "running").forEach(ftz.tasks.follow);
};

ftz.tasks.row = function (task) {
  const address = `/api/v1/tasks/${task.id}`;
  const words = task.total ? ftz.ui("task_progress", task) : "";
  return ftz.el("li", {},
    ftz.el("strong", {}, ftz.text("task_kinds", task.kind)),
    ftz.el("span", { class: `badge task-${task.status}` }, ftz.text("task_statuses", task.status)),
    ftz.el("span", { class: "quiet" }, new Date(task.created_at).toLocaleString(document.documentElement.lang, { dateStyle: "short", timeStyle: "short" })),
    ftz.tasks.active(task) ? ftz.el("button", { type: "button", class: "button small", onclick: () => ftz.ask(address, { method: "DELETE" }).then(ftz.tasks.load, ftz.tasks.load) }, ftz.ui("task_cancel")) : ftz.el("span", {}),
    ftz.tasks.active(task) ? ftz.el("div", { class: "wide" }, ftz.el("progress", task.total ? { max: task.total, value: task.done, "aria-label": words } : { "aria-label": ftz.text("task_statuses", task.status) }), ftz.el("span", { class: "quiet" }, words)) : null,
    task.problem ? ftz.el("p", { class: "wide quiet" }, ftz.task.problem(task).detail) : null,
    task.files.length ? ftz.el("p", { class: "wide after" }, task.files.map((name) => ftz.el("a", { href: `${address}/files/${encodeURIComponent(name)}`, download: name }, name))) : null);
};

/* The server runs few tasks at once, so there are never many streams. */
ftz.tasks.follow = function (task) {
  if (ftz.tasks.streams.has(task.id)) return;
  const events = new EventSource(`/api/v1/tasks/${task.id}/events`);
  ftz.tasks.streams.set(task.id, events);
  const end = () => { events.close(); ftz.tasks.streams.delete(task.id); };
  events.onmessage = (event) => {
    const now = JSON.parse(event.data);
    ftz.tasks.rows.set(now.id, now);
    if (!ftz.tasks.active(now)) { end(); ftz.tasks.load(); ftz.say(`${ftz.text("task_kinds", now.kind)}: ${ftz.text("task_statuses", now.status)}`); } else ftz.tasks.show();
  };
  events.onerror = () => { if (events.readyState === EventSource.CLOSED) end(); };
};

ftz.parts.push(function tasksBegin() {
  const button = ftz.byId("tasks-button"), drawer = ftz.byId("tasks");
  if (!button) return;
  const open = (on) => { drawer.hidden = !on; button.setAttribute("aria-expanded", String(on)); if (on) ftz.tasks.load(); };
  button.addEventListener("click", () => open(drawer.hidden));
  document.addEventListener("keydown", (event) => { if (event.key === "Escape" && !drawer.hidden) { open(false); button.focus(); } });
  document.addEventListener("click", ({ target }) => { if (target.isConnected && !drawer.contains(target) && !button.contains(target)) open(false); });
  document.addEventListener("ftz:task", () => ftz.tasks.load());
  ftz.tasks.load();
});
