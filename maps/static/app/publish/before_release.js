/* Before a map is shown: how it looks on a phone and on a wide screen, and what its reviewer will ask. */

import { el, makeTable, problemBox, selectById, setChildren } from "../core/elements.js";
import { ask } from "../core/server.js";
import { page } from "../core/page.js";
import { named, tr, ui } from "../core/words.js";

/** Widths in pixels of the two screens that stand side by side. */
const PHONE = { width: 390, height: 760 },
  WIDE = { width: 1366, height: 760 };
const SCALE = 0.55;

/**
 * @param {string} address
 * @param {string} title
 * @param {{ width: number, height: number }} screen
 */
const makeScreen = (address, title, { width, height }) => {
  const frame = el("iframe", { src: address, title, width, height, loading: "lazy", tabindex: "-1" });
  frame.style.transform = `scale(${SCALE})`;
  const holder = el("div", { class: "screen" }, frame);
  holder.style.width = `${Math.round(width * SCALE)}px`;
  holder.style.height = `${Math.round(height * SCALE)}px`;
  return el("figure", {}, holder, el("figcaption", {}, title));
};

/** A staged map on both screens, in either language. @param {string} address */
export function showPreviews(address) {
  const place = el("div", { class: "screens" });
  const show = (/** @type {string} */ lang) =>
    setChildren(
      place,
      makeScreen(`${address}#lang=${lang}`, ui("publish_on_phone"), PHONE),
      makeScreen(`${address}#lang=${lang}`, ui("publish_on_wide"), WIDE),
    );
  const dialog = el("dialog", { class: "previews", "aria-label": ui("publish_side_by_side") });
  const open = () => {
    show(page.config.lang);
    dialog.showModal();
  };
  dialog.append(
    el(
      "div",
      { class: "row" },
      ["zh", "en"].map((lang) =>
        el(
          "button",
          { type: "button", class: "button small", onclick: () => show(lang) },
          ui(lang === "zh" ? "publish_zh" : "publish_en"),
        ),
      ),
      el("button", { type: "button", class: "button small", onclick: () => dialog.close() }, ui("publish_close")),
    ),
    place,
  );
  return el(
    "p",
    {},
    el("button", { type: "button", class: "button", onclick: open }, ui("publish_side_by_side")),
    dialog,
  );
}

/** @param {Answers.CheckPoint} point */
function pointText({ code, params }) {
  const said = Object.fromEntries(
    Object.entries(params).map(([name, value]) => [
      name,
      value && typeof value === "object" && "zh" in value ? named(/** @type {any} */ (value)) : value,
    ]),
  );
  return tr("review_points", code, said);
}

/** @param {Answers.CheckPoint[]} points */
export const showChecklist = (points) =>
  el(
    "section",
    {},
    el("h3", {}, tr("review_points", "lead")),
    makeTable(
      tr("review_points", "lead"),
      [{ text: ui("publish_point_state") }, { text: ui("publish_point") }],
      points.map((point) =>
        el(
          "tr",
          {},
          el("td", {}, el("span", { class: `badge point-${point.state}` }, tr("review_states", point.state))),
          el("td", {}, pointText(point)),
        ),
      ),
    ),
  );

/** Keep a plan for later maps. @param {() => App.PublicationPlan} planOf */
export function makeKeeping(planOf) {
  const name = el("input", { id: "publish-template", pattern: "[a-z][a-z0-9_\\-]*", autocomplete: "off" });
  const said = el("p", { role: "status" });
  const keep = async () => {
    try {
      const { themes } = await ask("api/v1/publications/templates", {
        method: "POST",
        body: JSON.stringify({ name: name.value.trim(), plan: planOf() }),
        headers: { "content-type": "application/json" },
      });
      const known = selectById("publish-theme");
      themes
        .filter((/** @type {Answers.ThemeOut} */ one) => one.own)
        .filter((/** @type {Answers.ThemeOut} */ one) => ![...known.options].some(({ value }) => value === one.id))
        .forEach((/** @type {Answers.ThemeOut} */ one) =>
          known.append(el("option", { value: one.id }, ui("publish_own", { name: one.id }))),
        );
      said.textContent = ui("publish_kept", { name: name.value.trim() });
    } catch (problem) {
      setChildren(said, problemBox(problem));
    }
  };
  return el(
    "section",
    { class: "fields" },
    el("label", { for: name.id }, ui("publish_template"), name),
    el("button", { type: "button", class: "button", onclick: keep }, ui("publish_keep")),
    said,
  );
}
