/* The certificate of sensitive areas: every member of the register by name, and what is known of it. */

import { badge, el, makeTable } from "../core/elements.js";
import { named, tr } from "../core/words.js";

const STATES = ["touched", "undetermined", "not_examined", "clear", "cannot_occur"];

/**
 * What is known of several members, by name.
 * @param {string} state
 * @param {string[]} names
 */
export const summaryText = (state, names) =>
  tr("sensitive", "summary", { state: tr("examined", state), count: names.length, names: names.join("; ") });

/** @param {Answers.MemberState[]} members */
export const makeSummary = (members) =>
  el(
    "ul",
    { class: "plain-list certificate" },
    STATES.map((state) => {
      const names = members.filter((one) => one.state === state).map(nameOf);
      return names.length ? el("li", { class: state }, summaryText(state, names)) : null;
    }),
  );

/**
 * The summary, with every member in the order of the register below it.
 * @param {Answers.MemberState[]} members
 */
export const makeCertificate = (members) =>
  el(
    "details",
    { class: "declare" },
    el("summary", {}, tr("sensitive", "title")),
    el("p", { class: "quiet" }, tr("sensitive", "lead")),
    makeSummary(members),
    makeTable(
      tr("sensitive", "certificate"),
      ["member", "state"].map((key) => ({ text: tr("sensitive", key) })),
      members.map((one) =>
        el(
          "tr",
          {},
          el("th", { scope: "row" }, named(one.title)),
          el(
            "td",
            {},
            el("span", { class: `examined ${one.state}` }, tr("examined", one.state)),
            one.statuses.map((status) => badge("statuses", status)),
            el("small", { class: "quiet" }, ` ${whyOf(one)}`),
          ),
        ),
      ),
    ),
  );

/**
 * A member that was examined by layers that are not official says so.
 * @param {Answers.MemberState} one
 */
const nameOf = (one) => [named(one.title), ...one.statuses.map((status) => `(${tr("statuses", status)})`)].join(" ");

/** @param {Answers.MemberState} one */
function whyOf(one) {
  if (one.why) return named(one.why);
  if (one.state === "not_examined") return tr("reasons", "layer_missing");
  return one.state === "clear" ? "" : one.reasons.map((code) => tr("reasons", code)).join("; ");
}
