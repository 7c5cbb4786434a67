/* Releases that wait for another person or for their time; and how often maps were looked at. */

import { el, makeTable, problemBox, setChildren } from "../core/elements.js";
import { ask } from "../core/server.js";
import { formatMoment, formatNumber, tr, ui } from "../core/words.js";

const OPEN = ["to_confirm", "planned"];

/** @param {Answers.OrderOut} order */
export const orderText = (order) =>
  tr("orders", order.state, {
    id: order.publication_id,
    sha256: order.sha256.slice(0, 12),
    name: order.asked_name || tr("orders", "nobody"),
    due: order.due_at ? formatMoment(order.due_at) : tr("orders", "at_once"),
    by: order.ended_name,
  });

/**
 * @param {Answers.OrderOut} order
 * @param {() => void} refresh
 */
function makeOrder(order, refresh) {
  const said = el("div", {});
  const act = (/** @type {string} */ verb) => async () => {
    try {
      await ask(`api/v1/publications/${order.publication_id}/${order.sha256}/${verb}`, { method: "POST" });
      refresh();
    } catch (problem) {
      setChildren(said, problemBox(problem));
    }
  };
  const button = (/** @type {string} */ verb, /** @type {string} */ words) =>
    el("button", { type: "button", class: "button small", onclick: act(verb) }, words);
  return el(
    "article",
    { class: "publication" },
    el(
      "div",
      { class: "row" },
      el("span", {}, orderText(order)),
      order.state === "to_confirm" ? button("confirm", ui("publish_confirm")) : null,
      OPEN.includes(order.state) ? button("drop", ui("publish_drop")) : null,
    ),
    order.problem
      ? el("p", { class: "notice" }, tr("errors", order.problem, { publication_id: order.publication_id }))
      : null,
    said,
  );
}

/** @param {() => void} refresh */
export async function listOrders(refresh) {
  try {
    const { orders } = await ask("api/v1/publications/orders");
    if (!orders.length) return null;
    return el(
      "section",
      { id: "publish-orders" },
      el("h2", {}, ui("publish_orders")),
      orders.map((/** @type {Answers.OrderOut} */ one) => makeOrder(one, refresh)),
    );
  } catch (problem) {
    return problemBox(problem);
  }
}

export async function listViews() {
  try {
    const found = await ask("api/v1/publications/views");
    if (!found.counted && !found.views.length) return null;
    return el(
      "details",
      { class: "declare" },
      el("summary", {}, ui("publish_views")),
      el("p", { class: "quiet" }, tr("views", found.counted ? "lead" : "off", { since: found.since })),
      makeTable(
        ui("publish_views"),
        [
          { text: tr("views", "map") },
          { text: tr("views", "day") },
          { text: tr("views", "language") },
          { text: tr("views", "count"), number: true },
        ],
        found.views.map((/** @type {Answers.ViewOut} */ one) =>
          el(
            "tr",
            {},
            el("th", { scope: "row" }, one.publication_id),
            el("td", {}, one.day),
            el("td", {}, one.lang),
            el("td", { class: "number" }, formatNumber(one.count, 0)),
          ),
        ),
      ),
    );
  } catch (problem) {
    return problemBox(problem);
  }
}
