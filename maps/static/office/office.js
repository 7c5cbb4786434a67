// Send the forms of the page of administration as JSON, and say what came of it.
"use strict";

const said = document.getElementById("said");

const tell = (text) => {
  said.textContent = text;
  said.hidden = false;
  said.scrollIntoView({ block: "center" });
};

const valuesOf = (form) => {
  const values = {};
  for (const [name, value] of new FormData(form)) {
    if (name === "roles") values.roles = [...(values.roles ?? []), value];
    else if (value !== "") values[name] = value;
  }
  return values;
};

const send = async (form, order) => {
  const values = valuesOf(form);
  const [method, pattern] = order.split(" ");
  const address = pattern.replace(/\{(\w+)\}/g, (_, name) => {
    const value = encodeURIComponent(values[name] ?? "");
    delete values[name];
    return value;
  });
  const bare = /\/(password|sign-out|revoke)$/.test(address);
  const answer = await fetch(address, {
    method,
    headers: { "content-type": "application/json" },
    body: bare ? "{}" : JSON.stringify(values),
  });
  const body = await answer.json();
  if (!answer.ok) return tell(body.detail);
  const secret = body.password ?? body.key;
  // A password is shown once: the page must not be loaded anew over it.
  if (secret) return tell(`${body.id}: ${secret}`);
  return window.location.reload();
};

document.addEventListener("submit", (event) => {
  const order = event.submitter?.dataset.send ?? event.target.dataset.send;
  if (!order) return;
  event.preventDefault();
  send(event.target, order).catch((error) => tell(String(error)));
});
