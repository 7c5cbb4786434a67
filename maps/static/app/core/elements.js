/* Elements. Text goes in as text, never as markup. */

import { tr, ui } from "./words.js";

/**
 * @param {App.Children[]} children
 * @returns {(Node | string)[]}
 */
function presentChildren(children) {
  const flat = /** @type {App.Child[]} */ (/** @type {unknown[]} */ (children).flat(Infinity));
  return flat
    .filter((child) => child !== null && child !== undefined)
    .map((child) => (child instanceof Node ? child : String(child)));
}

/**
 * An element; an attribute that is a function listens, true is an attribute without a value.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, App.Attribute>} [attributes]
 * @param {...App.Children} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function el(tag, attributes, ...children) {
  const element = document.createElement(tag);
  Object.entries(attributes || {}).forEach(([name, value]) => {
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else if (name === "class") element.className = String(value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, String(value));
  });
  element.append(...presentChildren(children));
  return element;
}

/**
 * @template {keyof SVGElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, string | number | null | undefined>} attributes
 * @param {...(Node | string)} children
 * @returns {SVGElementTagNameMap[T]}
 */
export function svg(tag, attributes, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  Object.entries(attributes).forEach(([name, value]) => element.setAttribute(name, String(value)));
  element.append(...children);
  return element;
}

/** @param {string} name */
export const icon = (name) =>
  svg("svg", { class: "icon", viewBox: "0 0 24 24", "aria-hidden": "true" }, svg("use", { href: `#icon-${name}` }));

/**
 * @param {Element} element
 * @param {...App.Children} children
 */
export const setChildren = (element, ...children) => element.replaceChildren(...presentChildren(children));

/** @param {string} id */
export const findById = (id) => document.getElementById(id);

/**
 * An element that the template is known to hold.
 * @param {string} id
 */
export function byId(id) {
  const found = findById(id);
  if (!found) throw new Error(`no element #${id}`);
  return found;
}

/** @typedef {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} Field */
/** @param {string} id */
export const fieldById = (id) => /** @type {Field} */ (byId(id));
/** @param {string} id */
export const inputById = (id) => /** @type {HTMLInputElement} */ (byId(id));
/** @param {string} id */
export const selectById = (id) => /** @type {HTMLSelectElement} */ (byId(id));
/** @param {string} id */
export const buttonById = (id) => /** @type {HTMLButtonElement} */ (byId(id));
/** @param {string} id */
export const detailsById = (id) => /** @type {HTMLDetailsElement} */ (byId(id));
/** @param {string} id */
export const formById = (id) => /** @type {HTMLFormElement} */ (byId(id));

/**
 * @param {string} caption
 * @param {{ text: string, number?: boolean }[]} heads
 * @param {App.Children} rows
 */
export function makeTable(caption, heads, rows) {
  const cells = heads.map((head) => el("th", { scope: "col", class: head.number ? "number" : "" }, head.text));
  const parts = [
    el("caption", { class: "visually-hidden" }, caption),
    el("thead", {}, el("tr", {}, cells)),
    el("tbody", {}, rows),
  ];
  return el("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": caption }, el("table", {}, parts));
}

/**
 * @param {string} table
 * @param {string} key
 */
export const badge = (table, key) => el("span", { class: `badge ${key}` }, tr(table, key));

/** @param {Answers.Basis[]} basis */
export const basisNotices = (basis) =>
  basis.map((item) => el("p", { class: `notice ${item.status}` }, tr("basis", item.status)));

/**
 * What a list cannot show: versions that the catalogue lost, things that are damaged.
 * @param {{ lost?: string[], damaged?: string[] }} answer
 */
export const faultNotes = ({ lost, damaged }) =>
  [
    lost?.length ? ui("versions_lost", { names: lost }) : null,
    damaged?.length ? ui("things_damaged", { names: damaged }) : null,
  ]
    .filter(Boolean)
    .map((text) => el("p", { class: "notice demonstration", role: "alert" }, text));

/**
 * What went wrong, in words of the server or of the page.
 * @param {unknown} problem
 */
export function problemBox(problem) {
  const { title, detail } = /** @type {App.Problem} */ (problem);
  return el(
    "div",
    { class: "problem", role: "alert" },
    el("strong", {}, title || ui("unreachable")),
    /* Some outcomes, such as a cancelled task, need no more words than their title. */
    detail === "" ? null : el("p", {}, detail || ui("unreachable_detail")),
  );
}

/**
 * Said aloud by screen readers, for what is otherwise only seen on the map.
 * @param {string} words
 */
export function announce(words) {
  byId("said").textContent = words;
}

/** @param {string} selector @returns {HTMLElement[]} */
export const selectAll = (selector) =>
  [...document.querySelectorAll(selector)].map((one) => /** @type {HTMLElement} */ (one));

/**
 * @param {Element} element
 * @param {App.Option[]} options
 * @param {string | number | null} [chosen]
 */
export const fillOptions = (element, options, chosen) =>
  setChildren(
    element,
    options.map(([value, text]) => el("option", { value, selected: String(value) === String(chosen) }, text)),
  );
