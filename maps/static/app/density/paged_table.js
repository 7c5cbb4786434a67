/* A long table a page at a time: how many rows there are is always said, and all can be reached. */

import { el, makeTable, setChildren } from "../core/elements.js";
import { ui } from "../core/words.js";

const ROWS_OF_A_PAGE = 100;

/**
 * @template T
 * @param {string} caption
 * @param {string[]} heads
 * @param {readonly T[]} items
 * @param {(item: T) => HTMLElement} makeRow
 */
export function pagedTable(caption, heads, items, makeRow) {
  const place = el("div", {});
  const show = (/** @type {number} */ from) => {
    const until = Math.min(from + ROWS_OF_A_PAGE, items.length);
    const turn = (/** @type {string} */ text, /** @type {number} */ to, /** @type {boolean} */ possible) =>
      el("button", { type: "button", disabled: !possible, onclick: () => show(to) }, text);
    setChildren(
      place,
      makeTable(
        caption,
        heads.map((text) => ({ text })),
        items.slice(from, until).map(makeRow),
      ),
      items.length > ROWS_OF_A_PAGE
        ? el(
            "p",
            { class: "after", role: "status" },
            turn(ui("page_before"), from - ROWS_OF_A_PAGE, from > 0),
            el("span", {}, ui("page_rows", { from: from + 1, until, count: items.length })),
            turn(ui("page_next"), until, until < items.length),
          )
        : null,
    );
  };
  show(0);
  return place;
}
