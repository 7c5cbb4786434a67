/* Words and numbers in the language of the page. */

import { page } from "./page.js";

/**
 * A text of a table with its parameters. A key without a text shows itself: nothing is ever hidden.
 * @param {string} table
 * @param {string | null} key
 * @param {Record<string, unknown>} [params]
 */
export function tr(table, key, params) {
  const text = page.config.texts[page.config.lang]?.[table]?.[key || ""] || key || "";
  return text.replace(/\{(\w+)\}/g, (_, name) => {
    const value = params ? params[name] : undefined;
    if (value === undefined || value === null) return "—";
    return Array.isArray(value) ? value.join(", ") : String(value);
  });
}

/**
 * @param {string} key
 * @param {Record<string, unknown>} [params]
 */
export const ui = (key, params) => tr("ui", key, params);

/**
 * A unit such as 亿元/km²: its words have translations.
 * @param {string | null} unit
 */
export const unitText = (unit) =>
  (unit || "")
    .split("/")
    .map((one) => tr("units", one))
    .join("/");

/**
 * How good a source is; of several each.
 * @param {string | null} quality
 */
export const qualityText = (quality) =>
  (quality || "")
    .split("; ")
    .map((one) => tr("qualities", one))
    .join("; ");

/**
 * Return the field of an object that is in the language of the page: `document_zh` of `document`.
 * @param {object} holder
 * @param {string} field
 * @returns {string}
 */
export const inPageLanguage = (holder, field) =>
  /** @type {Record<string, string | null>} */ (holder)[`${field}_${page.config.lang}`] || "";

/**
 * All texts of a table, by their keys.
 * @param {string} table
 */
export const tableOf = (table) => page.config.texts[page.config.lang]?.[table] || {};

/** @param {Answers.Title | Record<string, string>} title */
export const named = (title) => /** @type {Record<string, string>} */ (title)[page.config.lang];

/**
 * What is read of a number, as the server's documents print it: halves go up in size, of the 15
 * digits that spreadsheets hold, and what reads as zero is none below zero.
 * @param {number} value
 * @param {number} decimals
 */
export function roundAsPrinted(value, decimals) {
  if (!Number.isFinite(value)) return value;
  /* By its text: a product would make halves of what lies beside them. */
  const [mantissa, exponent = "0"] = Number(Math.abs(value).toPrecision(15)).toString().split("e");
  const [whole, part = ""] = mantissa.split(".");
  const digits = whole + part,
    kept = whole.length + Number(exponent) + decimals;
  if (kept < 0) return 0;
  const units = BigInt(digits.slice(0, kept).padEnd(kept, "0") || "0") + (digits[kept] >= "5" ? 1n : 0n);
  return Math.sign(value) * Number(`${units}e${-decimals}`) || 0;
}

/**
 * @param {number | null | undefined} value
 * @param {number} decimals
 */
export function formatNumber(value, decimals) {
  if (value === null || value === undefined) return "—";
  return roundAsPrinted(value, decimals).toLocaleString(page.config.lang === "zh" ? "zh-CN" : "en-GB", {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  });
}

/**
 * Why a finding has its verdict, with the day on which its rule ended or begins.
 * @param {Answers.Finding} finding
 */
export function reasonsText(finding) {
  const said = finding.reasons.map((code) => tr("reasons", code)).join("; ");
  return finding.law_day ? `${said} (${finding.law_day})` : said;
}

/**
 * A moment in China's time as people write it, by the language of the document.
 * @param {string} iso
 */
export const formatMoment = (iso) =>
  new Date(iso).toLocaleString(document.documentElement.lang, {
    dateStyle: "short",
    timeStyle: "short",
    timeZone: "Asia/Shanghai",
  });

/**
 * The day in China of a moment, as it is written in documents: 2026-11-29.
 * @param {Date} moment
 */
export const dayInChina = (moment) => moment.toLocaleDateString("sv-SE", { timeZone: "Asia/Shanghai" });

/**
 * A single file holds both languages; a served page is made anew in the other one.
 * @param {string | null} lang
 */
export function relabel(lang) {
  if (!lang || lang === page.config.lang || !page.config.texts[lang]) return;
  page.config.lang = lang;
  document.documentElement.lang = lang === "zh" ? "zh-CN" : lang;
  document.querySelectorAll("[data-ui]").forEach((element) => {
    element.textContent = ui(element.getAttribute("data-ui") || "");
  });
  document.querySelectorAll("[data-ui-label]").forEach((element) => {
    element.setAttribute("aria-label", ui(element.getAttribute("data-ui-label") || ""));
  });
}
