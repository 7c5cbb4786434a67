/* Numbers and clauses of law in words of the reader, as the server's documents say them (law_words.py). */

import { page } from "./page.js";
import { tableOf, tr } from "./words.js";

const DIGITS = "〇一二三四五六七八九";
/** @type {Record<string, number>} */
const VALUES = Object.fromEntries([...DIGITS].map((char, value) => [char, value]));
const NUMERAL = `[${DIGITS}十百]+`;
/** @type {[RegExp, (...groups: string[]) => string][]} */
const PATTERNS = [
  [new RegExp(`第(${NUMERAL}|\\d+)(条|款|项)`, "g"), (number, word) => form(word, { number })],
  [/令第(\d+)号/g, (a) => form("decree", { a })],
  [/〔(\d{4})〕(\d+)号/g, (a, b) => form("numbered", { a, b })],
  [
    /(\d{4})年(\d{1,2})月(\d{1,2})日/g,
    (year, month, day) => ` ${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`,
  ],
  [/(\d{4})年(修正|修订)/g, (number, word) => form(word, { number })],
  [/（(\d{4})年）/g, (a) => form("year", { a })],
  [new RegExp(`（(${NUMERAL})）`, "g"), (a) => form("bracket", { a })],
  [new RegExp(`(${NUMERAL})、`, "g"), (a) => form("chapter", { a })],
  [new RegExp(`^(${NUMERAL})$`, "g"), (a) => form("chapter", { a })],
];

/**
 * @param {string} word
 * @param {Record<string, string>} params
 */
const form = (word, params) => tr("law_forms", word, params);

/**
 * A number or clause of law; null, which nobody has seen, is said to be not verified.
 * @param {string | null} text
 */
export function articleText(text) {
  if (text === null) return tr("certainty", "article_unseen");
  if (page.config.lang === "zh") return text;
  let said = text;
  for (const [pattern, write] of PATTERNS)
    said = said.replace(pattern, (_, ...rest) =>
      write(
        ...rest
          .filter((one) => typeof one === "string")
          .slice(0, -1)
          .map(numberOf),
      ),
    );
  for (const [zh, en] of Object.entries(tableOf("law_words"))) said = said.replaceAll(zh, en);
  return said.replaceAll("、", ", ").replaceAll("；", "; ").trim().split(/\s+/).join(" ").replaceAll(" ,", ",");
}

/**
 * Number and clause of a law, each once.
 * @param {{ number: string | null, clause?: string | null }} cited
 */
export const articlesText = ({ number, clause = "" }) =>
  [...new Set([number, clause].map(articleText))].filter(Boolean).join(" ");

/**
 * Where something is from: of what ships in words, documents by their numbers, others as they are called.
 * @param {string | null} text
 */
export function sourceWords(text) {
  if (!text) return "—";
  const known = tr("sources", text);
  if (known !== text || page.config.lang === "zh") return known;
  const parts = text.split("; ").map((one) => [one, tr("sources", one)]);
  return parts.map(([one, said]) => (said === one ? articleText(one) : said)).join("; ");
}

/**
 * What sources are, each once.
 * @param {(string | null)[]} sources
 */
export const sourcesWords = (sources) => [...new Set(sources)].map(sourceWords).join("; ");

/**
 * A Chinese numeral below two hundred as digits; other text as it is.
 * @param {string} text
 */
function numberOf(text) {
  if (![...text].every((char) => `${DIGITS}十百`.includes(char))) return text;
  const hundreds = text.includes("百") ? text.slice(0, text.lastIndexOf("百")) : null,
    rest = text.slice(text.lastIndexOf("百") + 1),
    tens = rest.includes("十") ? rest.slice(0, rest.lastIndexOf("十")) : null,
    ones = rest.slice(rest.lastIndexOf("十") + 1);
  const digit = (/** @type {string} */ one, /** @type {number} */ none) => (one in VALUES ? VALUES[one] : none);
  return String(
    (hundreds === null ? 0 : 100 * digit(hundreds, 1)) + (tens === null ? 0 : 10 * digit(tens, 1)) + digit(ones, 0),
  );
}
