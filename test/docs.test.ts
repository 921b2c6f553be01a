import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { parse } from "yaml";
import { hashPolicy } from "../program/policy/policy.ts";
import { readSettings, settingsSchema } from "../program/settings.ts";
import { switchValues } from "../simulator/switches.ts";
import { withRules } from "../tools/rulesTable.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
/** Tables are aligned with blanks; those do not matter. */
const read = (file: string) => readFileSync(join(root, file), "utf8").replace(/ +\|/g, " |");
const documents = [
  "README.md",
  "CONTRIBUTING.md",
  "CHANGELOG.md",
  "simulator/README.md",
  "presets/README.md",
  "docs/azure.md",
  "docs/seats.md",
  "docs/scale.md",
  "docs/dependencies.md",
  "azure/README.md",
  ...readdirSync(join(root, "docs/decisions")).map((name) => `docs/decisions/${name}`),
];

describe("what is written", () => {
  it("has the table of the rules as the rules are", () => {
    const readme = read("README.md").replace(/-{3,}/g, "---");
    expect(readme).to.equal(withRules(readme).replace(/ +\|/g, " |"));
  });

  it("describes every configuration key in Pulumi.yaml, and no other", () => {
    const entries = [...read("Pulumi.yaml").matchAll(/^ {2}proofpoint:(\w+):\n(?: {4}.*\n)+/gm)];
    expect(entries.map(([, key]) => key)).to.have.members(Object.keys(settingsSchema.shape));
    for (const [entry, key] of entries) expect(entry, key).to.contain("description:");
  });

  it("shows in the README every configuration key but those of one source of credentials", () => {
    for (const key of Object.keys(settingsSchema.shape)) expect(read("README.md")).to.contain(`proofpoint:${key}`);
  });

  it("names every switch of the simulator with its settings, the default first", () => {
    for (const [name, values] of Object.entries(switchValues)) {
      expect(read("simulator/README.md")).to.contain(`| \`${name}\` | ${values.map((value) => `\`${value}\``).join(", ")} |`);
    }
  });

  it("has stacks for staging and prod that are valid, of the same policy, one after the other", () => {
    const settings = (stack: string) => {
      const { config } = parse(read(`Pulumi.${stack}.yaml`)) as { config: Record<string, unknown> };
      const values = new Map(Object.entries(config).map(([key, value]) => [key.replace("proofpoint:", ""), value]));
      const text = (key: string) => {
        const value = values.get(key);
        return value === undefined || typeof value === "string" ? value : JSON.stringify(value);
      };
      return readSettings({ read: text, keys: [...values.keys()], isSecret: () => false, emptyPassphrase: false });
    };
    const [staging, prod] = [settings("staging"), settings("prod")];
    expect(hashPolicy(staging.policy)).to.equal(hashPolicy(prod.policy));
    expect([staging.canary?.percent, staging.promotesFrom]).to.deep.equal([5, undefined]);
    expect([prod.canary, prod.promotesFrom, prod.waves]).to.deep.equal([undefined, "staging", [5, 50]]);
  });

  for (const document of documents) {
    it(`${document} links to what is there`, () => {
      const links = [...read(document).matchAll(/\]\(([^)#:]+)\)/g)].map(([, link]) => link!);
      for (const link of links) expect(existsSync(join(root, dirname(document), link)), link).to.equal(true);
    });
  }
});
