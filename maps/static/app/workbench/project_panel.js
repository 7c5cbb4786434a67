/* The drawer of projects: begin or open one; title, notes, alternatives, results, versions. */

import { el, faultNotes, problemBox, setChildren } from "../core/elements.js";
import { ask } from "../core/server.js";
import { formatMoment, tr, ui } from "../core/words.js";
import { isWithdrawn, makeWithdrawal } from "../data/withdraw.js";
import * as kept from "./project_state.js";

/** @param {string} title @returns {Answers.ProjectContent} */
export const emptyContent = (title) => ({
  title,
  notes: "",
  area: null,
  sites: [],
  alternatives: [],
  layers: [],
  weights: {},
  view: {},
  fields: {},
  files: [],
  results: [],
});

/** @param {string} word @param {() => void} onclick @param {Record<string, App.Attribute>} [more] */
const button = (word, onclick, more) =>
  el("button", { type: "button", class: "button small", onclick, ...more }, ui(word));

/**
 * @typedef {object} Starts
 * @property {(title: string) => void} create
 * @property {(id: string) => void} openAt
 * @property {(file: File) => Promise<void>} openFile
 */
/**
 * @param {Starts} acts
 */
export function makeStart({ create, openAt, openFile }) {
  const title = el("input", { id: "project-new-title", maxlength: 120, autocomplete: "off" });
  const refused = el("div", { role: "status" });
  const list = el("ul", { id: "project-list" });
  const begin = (/** @type {Event} */ event) => {
    event.preventDefault();
    create(title.value.trim() || ui("project_untitled"));
  };
  listProjects(list, openAt);
  return [
    el("h2", {}, ui("projects")),
    el("p", { class: "quiet" }, ui("projects_lead")),
    el(
      "form",
      { class: "fields", onsubmit: begin },
      el("label", {}, tr("projects", "col_title"), title),
      el("button", { type: "submit", class: "primary", id: "project-create" }, ui("project_create")),
    ),
    makeFilePicker(openFile, refused),
    refused,
    el("h3", {}, ui("project_others")),
    list,
  ];
}

/** @param {(file: File) => Promise<void>} openFile @param {Element} refused */
function makeFilePicker(openFile, refused) {
  /** @type {HTMLInputElement} */
  const file = el("input", {
    type: "file",
    id: "project-file",
    class: "visually-hidden",
    accept: ".ftzproject",
    onchange: async () => {
      if (!file.files?.length) return;
      try {
        await openFile(file.files[0]);
      } catch (problem) {
        setChildren(refused, problemBox(problem));
      }
      file.value = "";
    },
  });
  return el("p", {}, el("label", { class: "button small", for: "project-file" }, ui("project_open_file")), file);
}

/** @param {Element} list @param {(id: string) => void} openAt */
async function listProjects(list, openAt) {
  try {
    /** @type {Answers.ProjectList} */
    const found = await ask("api/v1/projects");
    setChildren(
      list,
      faultNotes(found).map((note) => el("li", {}, note)),
      found.projects.map((one) =>
        el(
          "li",
          {},
          el("button", { type: "button", class: "linklike", onclick: () => openAt(one.id) }, one.title),
          el("span", { class: "quiet" }, isWithdrawn(one.withdrawals) ? tr("withdrawals", "badge") : `v${one.version}`),
          el(
            "span",
            { class: "quiet wide" },
            ui("project_row", { sites: one.sites, results: one.results, at: formatMoment(one.saved_at) }),
          ),
        ),
      ),
      found.projects.length ? null : el("li", { class: "quiet" }, ui("projects_none")),
    );
  } catch (problem) {
    setChildren(list, el("li", {}, problemBox(problem)));
  }
}

/**
 * @typedef {object} Acts
 * @property {(change: Partial<Answers.ProjectContent>) => void} change
 * @property {(verb: "undo" | "redo" | "revert", more?: Record<string, number>) => void} step
 * @property {(id: string) => void} openAt
 * @property {string} address
 * @property {string} link
 * @property {(result: Answers.ProjectResult) => void} reopen
 */

/**
 * @param {Answers.ProjectOut} project
 * @param {Answers.ProjectContent} content
 * @param {Acts} acts
 */
export function makeProject(project, content, acts) {
  /** @type {HTMLInputElement} */
  const title = el("input", {
    id: "project-title",
    maxlength: 120,
    value: content.title,
    oninput: () => title.value.trim() && acts.change({ title: title.value.trim() }),
  });
  /** @type {HTMLTextAreaElement} */
  const notes = el("textarea", {
    id: "project-notes",
    rows: 3,
    maxlength: 20000,
    oninput: () => acts.change({ notes: notes.value }),
  });
  notes.value = content.notes;
  return [
    el("h2", {}, ui("project")),
    el("div", { id: "project-state", role: "status", class: "quiet" }),
    el("div", { class: "fields" }, el("label", {}, tr("projects", "col_title"), title)),
    makeSteps(project, acts),
    el("div", { class: "fields" }, el("label", {}, ui("project_notes"), notes)),
    makeSites(content, acts),
    makeAlternatives(content, acts),
    makeFiles(content),
    makeResults(project, content, acts),
    makeVersions(acts),
    makeWithdrawal({
      address: acts.address,
      label: content.title,
      steps: project.withdrawals,
      refresh: () => acts.openAt(project.id),
    }),
    el("p", {}, el("a", { href: "?" }, ui("project_leave"))),
  ];
}

/** @param {Answers.ProjectOut} project @param {Acts} acts */
function makeSteps(project, acts) {
  const link = el("input", { id: "project-link", readonly: true, value: acts.link, "aria-label": ui("project_link") });
  const duplicate = async () => {
    const made = await ask(`${acts.address}/duplicate`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ title: ui("project_copy_of", { title: project.content.title }).slice(0, 120) }),
    });
    acts.openAt(made.id);
  };
  return [
    el(
      "div",
      { class: "row-actions" },
      button("project_undo", () => acts.step("undo"), { id: "project-undo" }),
      button("project_redo", () => acts.step("redo"), { id: "project-redo" }),
      button("project_duplicate", duplicate, { id: "project-duplicate" }),
      el(
        "a",
        { class: "button small", id: "project-export", href: `${acts.address}/export`, download: true },
        ui("project_export"),
      ),
    ),
    el("label", { class: "project-link" }, ui("project_link"), link),
  ];
}

/** The drawn sites by name. @param {Answers.ProjectContent} content @param {Acts} acts */
function makeSites(content, acts) {
  const drawn = kept.collect(content).sites.filter((site) => site.id.startsWith("drawn-"));
  const row = (/** @type {Answers.ProjectSite} */ site, /** @type {number} */ at) => {
    /** @type {HTMLInputElement} */
    const name = el("input", {
      value: site.name,
      maxlength: 200,
      "aria-label": ui("project_site_name", { number: at + 1 }),
      oninput: () => {
        kept.state.names[at] = name.value;
        acts.change({});
      },
    });
    return el("li", {}, name);
  };
  const keepDrawn = () => {
    const sites = drawn.map((site, at) => ({ ...site, id: String(at + 1), name: kept.state.names[at] || site.name }));
    document.dispatchEvent(new CustomEvent("ftz:alternative", { detail: sites }));
  };
  return el(
    "section",
    {},
    el("h3", {}, ui("project_sites")),
    drawn.length
      ? [
          el("ul", { id: "project-sites" }, drawn.map(row)),
          button("project_keep_drawn", keepDrawn, { id: "project-keep" }),
        ]
      : el("p", { class: "quiet" }, ui("project_sites_none")),
  );
}

/** @param {Answers.ProjectContent} content @param {Acts} acts */
function makeAlternatives(content, acts) {
  const set = (/** @type {number} */ at, /** @type {Partial<Answers.Alternative>} */ part) =>
    acts.change({
      alternatives: (kept.state.content || content).alternatives.map((one, other) =>
        other === at ? { ...one, ...part } : one,
      ),
    });
  const row = (/** @type {Answers.Alternative} */ one, /** @type {number} */ at) => {
    /** @type {HTMLInputElement} */
    const name = el("input", {
      value: one.name,
      maxlength: 200,
      "aria-label": ui("project_alternative_name", { number: at + 1 }),
      oninput: () => set(at, { name: name.value }),
    });
    const sites = content.sites.filter((site) => one.site_ids.includes(site.id));
    return el(
      "li",
      {},
      name,
      button("project_show", () => kept.drawSites(sites)),
      el("span", { class: "quiet wide" }, sites.map((site) => site.name).join(", ")),
    );
  };
  return el(
    "section",
    {},
    el("h3", {}, ui("project_alternatives")),
    content.alternatives.length
      ? el("ul", { id: "project-alternatives" }, content.alternatives.map(row))
      : el("p", { class: "quiet" }, ui("project_alternatives_none")),
  );
}

/** The files that were chosen, and which of them are not kept. @param {Answers.ProjectContent} content */
function makeFiles(content) {
  const { files } = kept.collect(content);
  return files.length
    ? el(
        "section",
        {},
        el("h3", {}, ui("project_files")),
        el(
          "ul",
          { id: "project-files" },
          files.map((one) =>
            el(
              "li",
              {},
              el("span", {}, one.name),
              one.data === null ? el("span", { class: "notice wide" }, ui("project_file_unkept")) : null,
            ),
          ),
        ),
      )
    : null;
}

/** @param {Answers.ProjectOut} project @param {Answers.ProjectContent} content @param {Acts} acts */
function makeResults(project, content, acts) {
  const row = (/** @type {Answers.ProjectResult} */ one) => {
    const missing = project.missing.includes(one.id);
    const said = Object.entries(one.said)
      .filter(([name]) => name !== "county")
      .map(([name, value]) => `${tr("ui", `siting_${name}`).replace("siting_", "")} ${value}`);
    return el(
      "li",
      {},
      el("strong", {}, tr(one.what === "check" ? "verdicts" : "task_kinds", one.kind)),
      missing ? el("span", { class: "quiet" }, ui("project_missing")) : button("task_reopen", () => acts.reopen(one)),
      el("span", { class: "quiet wide" }, [one.title, ...said, formatMoment(one.at)].filter(Boolean).join(" · ")),
    );
  };
  return el(
    "section",
    {},
    el("h3", {}, ui("project_results")),
    content.results.length
      ? el("ul", { id: "project-results" }, [...content.results].reverse().map(row))
      : el("p", { class: "quiet" }, ui("project_results_none")),
  );
}

/** @param {Acts} acts */
function makeVersions(acts) {
  const list = el("ul", { id: "project-versions" });
  const show = async () => {
    try {
      /** @type {Answers.ProjectHistory} */
      const history = await ask(`${acts.address}/versions`);
      setChildren(
        list,
        faultNotes(history).map((note) => el("li", {}, note)),
        history.versions.map((one, at) =>
          el(
            "li",
            {},
            el("span", {}, `${one.number} · ${tr("projects", `action_${one.action}`)} · ${one.title}`),
            at ? button("project_return", () => acts.step("revert", { version: one.number })) : el("span", {}),
            el("span", { class: "quiet wide" }, formatMoment(one.saved_at)),
          ),
        ),
      );
    } catch (problem) {
      setChildren(list, el("li", {}, problemBox(problem)));
    }
  };
  return el("details", { ontoggle: show }, el("summary", {}, ui("versions")), list);
}
