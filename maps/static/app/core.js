/* What all parts of the page share: words, numbers, elements, requests. */
"use strict";

const ftz = { parts: [] };

ftz.start = function (map, config) {
  ftz.map = map;
  ftz.config = config;
  ftz.relabel(new URLSearchParams(location.hash.slice(1)).get("lang"));
  ftz.parts.forEach((begin) => begin());
};

/* A single file holds both languages; a served page is made anew in the other one. */
ftz.relabel = function (lang) {
  if (!lang || lang === ftz.config.lang || !ftz.config.texts[lang]) return;
  ftz.config.lang = lang;
  document.documentElement.lang = lang === "zh" ? "zh-CN" : lang;
  document.querySelectorAll("[data-ui]").forEach((element) => { element.textContent = ftz.ui(element.dataset.ui); });
  document.querySelectorAll("[data-ui-label]").forEach((element) => element.setAttribute("aria-label", ftz.ui(element.dataset.uiLabel)));
};

/* Said aloud by screen readers, for what is otherwise only seen on the map. */
ftz.say = (words) => { ftz.byId("said").textContent = words; };

/* Words. A key without a text shows itself: nothing is ever hidden. */
ftz.text = function (table, key, params) {
  const text = (ftz.config.texts[ftz.config.lang][table] || {})[key] || key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => {
    const value = params ? params[name] : undefined;
    if (value === undefined || value === null) return "—";
    return Array.isArray(value) ? value.join(", ") : String(value);
  });
};
ftz.ui = (key, params) => ftz.text("ui", key, params);
/* A unit such as 亿元/km²: the first word has a translation. */
ftz.unit = (unit) => unit.split("/").map((one) => ftz.text("units", one)).join("/");
ftz.named = (title) => title[ftz.config.lang];

ftz.number = function (value, decimals) {
  if (value === null || value === undefined) return "—";
  return value.toLocaleString(ftz.config.lang === "zh" ? "zh-CN" : "en-GB", {
    minimumFractionDigits: decimals, maximumFractionDigits: decimals,
  });
};

/* Elements. Text goes in as text, never as markup. */
ftz.el = function (tag, attributes, ...children) {
  const element = document.createElement(tag);
  Object.entries(attributes || {}).forEach(([name, value]) => {
    if (name === "class") element.className = value;
    else if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  });
  element.append(...ftz.present(children));
  return element;
};
/* Children may be nested, and may be missing. */
ftz.present = (children) => children.flat(Infinity).filter((child) => child !== null && child !== undefined);
ftz.svg = function (tag, attributes, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  Object.entries(attributes).forEach(([name, value]) => element.setAttribute(name, value));
  children.forEach((child) => element.append(child));
  return element;
};
ftz.icon = (name) => ftz.svg("svg", { class: "icon", viewBox: "0 0 24 24", "aria-hidden": "true" }, ftz.svg("use", { href: `#icon-${name}` }));
ftz.byId = (id) => document.getElementById(id);
ftz.show = (element, ...children) => element.replaceChildren(...ftz.present(children));

ftz.table = function (caption, heads, rows) {
  return ftz.el("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": caption },
    ftz.el("table", {},
      ftz.el("caption", { class: "visually-hidden" }, caption),
      ftz.el("thead", {}, ftz.el("tr", {}, heads.map((head) =>
        ftz.el("th", { scope: "col", class: head.number ? "number" : "" }, head.text)))),
      ftz.el("tbody", {}, rows)));
};
ftz.badge = (table, key) => ftz.el("span", { class: `badge ${key}` }, ftz.text(table, key));

ftz.basis = function (basis) {
  return basis.map((item) => ftz.el("p", { class: `notice ${item.status}` }, ftz.text("basis", item.status)));
};

/* Requests. A refusal is an answer: problem details with words of the server. */
ftz.ask = async function (address, options) {
  const headers = { "Accept-Language": ftz.config.lang, ...(options || {}).headers };
  let response;
  try {
    response = await fetch(address, { ...options, headers });
  } catch (_) {
    throw { title: ftz.ui("unreachable"), detail: ftz.ui("unreachable_detail"), params: {} };
  }
  const body = await response.json().catch(() => null);
  if (response.ok && body) return body;
  throw body || { title: ftz.ui("unreachable"), detail: ftz.ui("unreachable_detail"), params: {} };
};
/* A file of an answer: fetched, then handed to the browser as a download; without a name
   it has the one that the server gives it. */
ftz.save = async function (address, options, name) {
  const headers = { "Accept-Language": ftz.config.lang, ...(options || {}).headers };
  const response = await fetch(address, { ...options, headers }).catch(() => null);
  if (!response || !response.ok) throw (response && await response.json().catch(() => null)) || { title: ftz.ui("unreachable"), detail: ftz.ui("unreachable_detail"), params: {} };
  const [, given] = /filename="([^"]+)"/.exec(response.headers.get("content-disposition") || "") || [];
  const link = ftz.el("a", { href: URL.createObjectURL(await response.blob()), download: name || given || "" });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
};
ftz.problem = function (problem) {
  return ftz.el("div", { class: "problem", role: "alert" },
    ftz.el("strong", {}, problem.title || ftz.ui("unreachable")),
    /* Some outcomes, such as a cancelled task, need no more words than their title. */
    problem.detail === "" ? null : ftz.el("p", {}, problem.detail || ftz.ui("unreachable_detail")));
};

/* Answers come from the server, or from the file itself if it stands alone. */
ftz.data = {
  layers: () => ftz.config.embedded ? Promise.resolve(ftz.config.embedded.layers) : ftz.ask("/api/v1/layers"),
  features: (id) => ftz.config.embedded
    ? Promise.resolve(ftz.config.embedded.features[id])
    : ftz.ask(`/api/v1/layers/${encodeURIComponent(id)}/features`),
  indicators: () => ftz.config.embedded ? Promise.resolve(ftz.config.embedded.indicators) : ftz.ask("/api/v1/indicators"),
  density: (query) => {
    if (ftz.config.embedded) {
      return Promise.resolve(ftz.config.embedded.densities.find((table) =>
        table.indicator === query.indicator && table.year === Number(query.year) && table.denominator === query.denominator));
    }
    return ftz.ask(`/api/v1/density?${new URLSearchParams(query)}`);
  },
  densityYears: (query) => ftz.config.embedded
    ? Promise.resolve((ftz.config.embedded.density_years || []).find((one) => one.indicator === query.indicator && one.denominator === query.denominator))
    : ftz.ask(`/api/v1/density/years?${new URLSearchParams({ indicator: query.indicator, denominator: query.denominator })}`),
  plan: () => ftz.config.embedded ? Promise.resolve(ftz.config.embedded.plan) : ftz.ask("/api/v1/plan"),
};

/* The address after # restores view, tab, layers, check and what parts remember. */
ftz.state = { tab: "layers", layers: null, check: null, given: new URLSearchParams() };
ftz.memories = new Map();
/* A part's share of the address: `write` returns its text, or "" for nothing to remember.
   What the address held at the start is `ftz.state.given.get(name)`. */
ftz.remember = (name, write) => ftz.memories.set(name, write);
ftz.readState = function () {
  const given = ftz.state.given = new URLSearchParams(location.hash.slice(1));
  const at = (given.get("at") || "").split("/").map(Number);
  if (at.length === 3 && at.every(Number.isFinite)) ftz.map.setView([at[1], at[2]], at[0], { animate: false });
  ftz.state.tab = given.get("tab") || "layers";
  ftz.state.layers = given.has("layers") ? given.get("layers").split(",").filter(Boolean) : null;
  ftz.state.check = given.get("check");
};
ftz.writeState = function () {
  const centre = ftz.map.getCenter();
  const parts = [`at=${+ftz.map.getZoom().toFixed(2)}/${centre.lat.toFixed(5)}/${centre.lng.toFixed(5)}`, `tab=${ftz.state.tab}`];
  if (ftz.state.layers) parts.push(`layers=${ftz.state.layers.join(",")}`);
  if (ftz.state.check) parts.push(`check=${ftz.state.check}`);
  ftz.memories.forEach((write, name) => { const text = write(); if (text) parts.push(`${name}=${encodeURIComponent(text)}`); });
  if (ftz.config.embedded) parts.push(`lang=${ftz.config.lang}`);
  history.replaceState(null, "", `#${parts.join("&")}`);
  const other = ftz.byId("lang-switch");
  if (!ftz.config.embedded) other.href = `${other.getAttribute("href").split("#")[0]}${location.hash}`;
};

/* Tabs: one for each panel of the template. */
ftz.tabs = {
  names: () => [...document.querySelectorAll("[role=tab]")].map((tab) => tab.id.slice("tab-".length)),
  /* Called with whether their tab is open, by name of the tab. */
  watchers: {},
  open(name) {
    const known = ftz.tabs.names();
    const chosen = known.includes(name) ? name : "layers";
    known.forEach((one) => {
      const on = one === chosen;
      ftz.byId(`tab-${one}`).setAttribute("aria-selected", String(on));
      ftz.byId(`tab-${one}`).tabIndex = on ? 0 : -1;
      ftz.byId(`view-${one}`).hidden = !on;
    });
    ftz.state.tab = chosen;
    ftz.byId(`tab-${chosen}`).scrollIntoView({ block: "nearest", inline: "nearest" });
    Object.entries(ftz.tabs.watchers).forEach(([one, visible]) => visible(one === chosen));
    ftz.writeState();
  },
  move(event) {
    const known = ftz.tabs.names();
    const at = known.indexOf(ftz.state.tab);
    const to = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: known.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const name = known[(to + known.length) % known.length];
    ftz.tabs.open(name);
    ftz.byId(`tab-${name}`).focus();
  },
};
