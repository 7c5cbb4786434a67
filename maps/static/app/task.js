/* Long work on the server: start it, follow it, cancel it. */
"use strict";

/* POST to a route that answers with a task; resolves with the finished task, rejects with
   problem details. `place` is an element that shows the progress and a button to cancel. */
ftz.task = async function (address, options, place) {
  const task = await ftz.ask(address, { method: "POST", ...options });
  return ftz.follow(task, place);
};

ftz.follow = function (task, place) {
  document.dispatchEvent(new CustomEvent("ftz:task", { detail: task }));
  return new Promise((resolve, reject) => {
    const bar = ftz.el("progress", { max: 1 }), words = ftz.el("span", { class: "quiet" });
    const cancel = ftz.el("button", { type: "button", class: "button", onclick: () => ftz.ask(`/api/v1/tasks/${task.id}`, { method: "DELETE" }).catch(() => null) }, ftz.ui("task_cancel"));
    if (place) ftz.show(place, ftz.el("div", { class: "task" }, bar, words, cancel));
    const events = new EventSource(`/api/v1/tasks/${task.id}/events`);
    events.onmessage = (event) => {
      const now = JSON.parse(event.data);
      if (now.total) { bar.max = now.total; bar.value = now.done; }
      words.textContent = now.total ? ftz.ui("task_progress", now) : ftz.text("task_statuses", now.status);
      if (["waiting", "running"].includes(now.status)) return;
      events.close();
      if (place) ftz.show(place);
      if (now.status === "finished") resolve(now);
      else reject(ftz.task.problem(now));
    };
    /* The browser tries again by itself unless the server has refused for good. */
    events.onerror = () => {
      if (events.readyState !== EventSource.CLOSED) return;
      if (place) ftz.show(place);
      reject({ title: ftz.ui("unreachable"), detail: ftz.ui("unreachable_detail"), params: {} });
    };
  });
};

ftz.task.problem = (task) => ({
  title: ftz.text("task_statuses", task.status),
  detail: task.problem ? ftz.text("errors", task.problem.code, task.problem.params) : "",
  params: task.problem ? task.problem.params : {},
});
