import prettier from "eslint-config-prettier";
import tseslint from "typescript-eslint";

/** What pure code must not know: the network, the disk, the engine. The clock and chance are switched off as globals. */
const outside = [
  "axios",
  "node:fs*",
  "node:http*",
  "node:net",
  "node:child_process",
  "@pulumi/*",
  "**/provider/essentials/{client,funnel,connect}.ts",
  "**/provider/session.ts",
  "**/provider/userType*.ts",
];
const pure = [
  "program/policy/**",
  "program/hr/{columns,date,evidence,group,hashRecords,passport,person,quote,refuseDates,row,status,workAddress}.ts",
  "program/hr/{csv/csv,csv/decode,adp/worker,http/expression,http/records,sql/isLocal}.ts",
  "program/{escapeMarkdown,exempt,feedSummary,guard,promotion,report,render,rollOut,seatsOf,today}.ts",
  "program/lists/**",
  "program/files/parseYaml.ts",
  "seats/{addToMapping,counted,countsFile,decisions,judgeConnection,mapping,money,package,pickLines,planPush,planSeats,planServices}.ts",
  "seats/{prices,propose,quoteCsv,reconcile,render,snapshot,standing,tellSeats}.ts",
  "fleet/{layOver,outcome,select,stackFile}.ts",
];

const noEngine = {
  group: ["@pulumi/*"],
  message: "Only wiring (index, declare, publish, stop, stackConfig, surroundings, *.provider) knows Pulumi.",
};
const onlyProofpoint = {
  group: ["**/program/**", "**/simulator/**", "**/tools/**"],
  message: "provider/ knows Proofpoint and nothing else.",
};

export default tseslint.config(
  // azure/ has packages of its own, and is checked there.
  { ignores: ["node_modules/", "coverage/", "azure/", "**/*.cjs"] },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: { allowDefaultProject: ["eslint.config.js"] } } },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true, allowNullish: true }],
      "@typescript-eslint/no-confusing-void-expression": "off",
      // Environment variables and JSON are index signatures; TypeScript asks for brackets there.
      "@typescript-eslint/dot-notation": "off",
      "@typescript-eslint/require-await": "off",
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      eqeqeq: "error",
    },
  },
  {
    // Three kinds of file. Pure: decisions, limits, reports.
    files: pure,
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: [{ group: outside, message: "Pure code knows no network, disk or engine; do it at the edge and pass the result in." }],
        },
      ],
      "no-restricted-globals": ["error", "fetch", "process", "setTimeout", "setInterval"],
      "no-restricted-properties": ["error", { object: "Date", property: "now" }, { object: "Math", property: "random" }],
      "no-restricted-syntax": [
        "error",
        { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: "The clock is an argument." },
      ],
    },
  },
  {
    // I/O: the client and the HR sources know nothing of the engine.
    files: ["program/hr/**"],
    ignores: pure,
    rules: { "no-restricted-imports": ["error", { patterns: [noEngine] }] },
  },
  {
    // What crosses the line is { email, type, reason }: the provider knows nothing of people and policy.
    files: ["provider/**"],
    rules: { "no-restricted-imports": ["error", { patterns: [onlyProofpoint] }] },
  },
  {
    // The last block that matches a file decides, so both rules stand here.
    files: ["provider/essentials/**"],
    rules: { "no-restricted-imports": ["error", { patterns: [noEngine, onlyProofpoint] }] },
  },
  {
    files: ["test/**"],
    rules: {
      "@typescript-eslint/no-unused-expressions": "off",
      "@typescript-eslint/no-non-null-assertion": "off",
    },
  },
  { files: ["**/*.js"], ...tseslint.configs.disableTypeChecked },
  prettier,
);
