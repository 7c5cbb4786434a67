/* The tools on the map: one mode at a time, a card for what they find, their keys. */

import { byId, el, icon } from "../core/elements.js";
import { page } from "../core/page.js";
import { ui } from "../core/words.js";
import * as mapCard from "./card.js";
import * as mapMode from "./mode.js";
import * as frame from "../workbench/frame.js";

/** @type {{ buttons: Map<string, App.Tool & { button: HTMLElement }> }} */
const state = { buttons: new Map() };
/**
 * A group of buttons: [{ name, icon, word, key, act, mode }]; `mode` marks what a button starts.
 * @param {App.Tool[]} buttons
 */
export function addGroup(buttons) {
  const group = el(
    "div",
    { role: "group" },
    buttons.map((one) => {
      const title = one.key ? `${ui(one.word)} (${one.key.toUpperCase()})` : ui(one.word);
      const button = el(
        "button",
        { type: "button", id: `tool-${one.name}`, title, "aria-label": title, onclick: () => one.act() },
        icon(one.icon),
      );
      if (one.mode || one.toggles) button.setAttribute("aria-pressed", "false");
      if (one.key) frame.keys.set(one.key, [one.word, one.act]);
      state.buttons.set(one.name, { ...one, button });
      return button;
    }),
  );
  byId("tools").append(group);
  return group;
}
const markPressed = () =>
  state.buttons.forEach(({ mode, button }) => {
    if (mode) button.setAttribute("aria-pressed", String(mode === mapMode.state.name));
  });

/**
 * Enter on the map is a click at its middle: drawing, measuring and asking need no pointer.
 * @param {KeyboardEvent} event
 */
function clickMiddle(event) {
  if (event.key !== "Enter" || event.target !== page.map.getContainer()) return;
  event.preventDefault();
  const latlng = page.map.getCenter(),
    at = page.map.getSize().divideBy(2);
  const details = {
    latlng,
    containerPoint: at,
    layerPoint: page.map.containerPointToLayerPoint(at),
    originalEvent: event,
  };
  page.map.fire("mousemove", details);
  page.map.fire("click", details);
}

export function begin() {
  mapMode.state.listeners.push(markPressed);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || frame.keysShown()) return;
    if (mapMode.state.name) mapMode.stopMode();
    else if (!byId("card").hidden) mapCard.closeCard();
  });
  page.map.getContainer().addEventListener("keydown", clickMiddle);
}
