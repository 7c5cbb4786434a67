/* In which order layers lie over each other, on the page and on published maps alike. */

import { page } from "./page.js";

/** @param {{ kind: string }} layer */
const lookOf = ({ kind }) => page.config.styles.kinds[kind] || page.config.styles.fallback;

/**
 * What lies above comes first; of one order, the graver kind.
 * @param {{ kind: string }} a
 * @param {{ kind: string }} b
 */
export function compareFromTop(a, b) {
  const [one, other] = [lookOf(a), lookOf(b)];
  return other.order - one.order || one.precedence - other.precedence;
}
