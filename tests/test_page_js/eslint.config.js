/* Run from the root of the repository: eslint -c tests/test_page_js/eslint.config.js maps/static */

import js from "@eslint/js";

const BROWSER = [
  "AbortController",
  "Blob",
  "CustomEvent",
  "DataTransfer",
  "DragEvent",
  "Element",
  "Event",
  "EventSource",
  "EventTarget",
  "File",
  "FileReader",
  "FormData",
  "HTMLElement",
  "HTMLInputElement",
  "HTMLSelectElement",
  "KeyboardEvent",
  "MutationObserver",
  "Node",
  "Option",
  "URL",
  "URLSearchParams",
  "atob",
  "clearTimeout",
  "console",
  "document",
  "fetch",
  "getComputedStyle",
  "history",
  "localStorage",
  "location",
  "matchMedia",
  "navigator",
  "sessionStorage",
  "setTimeout",
  "window",
];
const VENDORED = ["L", "protomapsL"];
const globals = Object.fromEntries([...BROWSER, ...VENDORED].map((name) => [name, "readonly"]));

export default [
  js.configs.recommended,
  { ignores: ["**/vendor/**", "**/node_modules/**"] },
  {
    linterOptions: { reportUnusedDisableDirectives: "error" },
    languageOptions: { ecmaVersion: 2022, sourceType: "module", globals },
    rules: {
      "arrow-body-style": "error",
      eqeqeq: "error",
      "max-len": ["error", { code: 120 }],
      "no-console": "error",
      "no-implicit-globals": "error",
      "no-shadow": "error",
      "no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      "no-var": "error",
      "object-shorthand": "error",
      "prefer-const": "error",
      "prefer-template": "error",
    },
  },
  {
    files: ["maps/static/**/*.js"],
    rules: {
      "no-restricted-syntax": [
        "error",
        /* What a file that stands alone can join: see maps/page/modules.py. */
        {
          selector: "ExportDefaultDeclaration, ExportAllDeclaration, ImportDefaultSpecifier, ImportExpression",
          message: "import and export by name",
        },
        { selector: "ExportNamedDeclaration > VariableDeclaration[kind!='const']", message: "export constants only" },
        {
          selector: "AssignmentExpression > MemberExpression[object.name=/^(window|globalThis)$/]",
          message: "no global of our own",
        },
        /* Text goes in as text: markup of others must never become ours. */
        {
          selector: "AssignmentExpression > MemberExpression[property.name=/^(inner|outer)HTML$/]",
          message: "text goes in as text",
        },
      ],
    },
  },
  {
    files: ["**/theme_first.js"],
    languageOptions: { sourceType: "script" },
  },
];
