/* Changing the language makes the page anew: what stood in its forms comes back. */
"use strict";

ftz.keep = { name: "ftz-kept", waiting: new Map() };
ftz.keep.fields = () => [...document.querySelectorAll("#panel :is(input, select, textarea)[id]")].filter((field) => field.type !== "file" && !field.id.startsWith("layer-"));
ftz.keep.value = (field) => (["checkbox", "radio"].includes(field.type) ? field.checked : field.value);

ftz.keep.store = function () {
  const fields = Object.fromEntries(ftz.keep.fields().map((field) => [field.id, ftz.keep.value(field)]));
  const open = [...document.querySelectorAll("#panel details[id][open]")].map((one) => one.id);
  const scroll = ftz.byId(`view-${ftz.state.tab}`).scrollTop;
  try { sessionStorage.setItem(ftz.keep.name, JSON.stringify({ fields, open, scroll })); } catch (_) { /* Then the forms begin empty. */ }
};

/* Some fields and their options come later, with answers of the server. */
ftz.keep.fill = function () {
  ftz.keep.waiting.forEach((value, id) => {
    const field = ftz.byId(id);
    if (!field || (field.tagName === "SELECT" && ![...field.options].some((option) => option.value === value))) return;
    ftz.keep.waiting.delete(id);
    if (ftz.keep.value(field) === value) return;
    if (typeof value === "boolean") field.checked = value; else field.value = value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    if (field.tagName === "SELECT") field.dispatchEvent(new Event("change", { bubbles: true }));
  });
};
ftz.keep.restore = function () {
  let kept = null;
  try {
    kept = JSON.parse(sessionStorage.getItem(ftz.keep.name));
    sessionStorage.removeItem(ftz.keep.name);
  } catch (_) { return; }
  if (!kept) return;
  ftz.keep.waiting = new Map(Object.entries(kept.fields));
  kept.open.forEach((id) => { const one = ftz.byId(id); if (one) one.open = true; });
  ftz.keep.fill();
  const watch = new MutationObserver(ftz.keep.fill);
  watch.observe(ftz.byId("panel"), { childList: true, subtree: true });
  setTimeout(() => { ftz.byId(`view-${ftz.state.tab}`).scrollTop = kept.scroll; }, 800);
  setTimeout(() => watch.disconnect(), 8000);
};

ftz.parts.push(function keepBegin() {
  if (ftz.config.embedded) return;
  ftz.byId("lang-switch").addEventListener("click", () => { ftz.writeState(); ftz.keep.store(); });
  ftz.keep.restore();
});
