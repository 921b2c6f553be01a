import { parseArgs } from "node:util";
import { tellFinding } from "../program/readiness/tellFinding.ts";
import { examine } from "./examine.ts";
import { asCommand } from "./cli/asCommand.ts";

const usage = `npm run doctor -- -s STACK

Looks at everything a run of a stack needs and changes no account: Pulumi, configuration, login, directory sync, licences,
the HR feed, the clock. One line each. The exit status is 1 where there is a problem.`;

await asCommand(doctor);

async function doctor(): Promise<number> {
  const { values } = parseArgs({ options: { stack: { type: "string", short: "s" }, help: { type: "boolean" } } });
  const { stack, help } = values;
  if (help || stack === undefined) {
    console.error(usage);
    return help ? 0 : 2;
  }
  const count = { ok: 0, warning: 0, problem: 0 };
  for await (const finding of examine(stack)) {
    console.log(tellFinding(finding));
    count[finding.level]++;
  }
  console.log(`\n${count.ok} ok, ${plural(count.warning, "warning")}, ${plural(count.problem, "problem")}.`);
  return count.problem > 0 ? 1 : 0;
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}
