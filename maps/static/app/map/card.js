/* The card on the map for what a tool finds. */

import { byId, el, icon, setChildren } from "../core/elements.js";
import { ui } from "../core/words.js";

/** @type {{ owner: string | null, closed: (() => void) | null | undefined }} */
const state = { owner: null, closed: null };
/**
 * `closed` is called when another takes the card or a person closes it.
 * @param {string} owner
 * @param {string} title
 * @param {App.Children} children
 * @param {() => void} [closed]
 */
export function openCard(owner, title, children, closed) {
  if (state.owner !== owner) closeCard();
  const card = byId("card");
  state.owner = owner;
  state.closed = closed;
  card.hidden = false;
  setChildren(
    card,
    el("h2", {}, title),
    el(
      "button",
      { type: "button", class: "close", "aria-label": ui("close"), title: ui("close"), onclick: closeCard },
      icon("close"),
    ),
    children,
  );
  card.scrollTop = 0;
}
export function closeCard() {
  const { closed } = state;
  state.owner = state.closed = null;
  byId("card").hidden = true;
  setChildren(byId("card"));
  if (closed) closed();
}
