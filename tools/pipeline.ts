import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { describeOutcomes, type Outcome } from "./pipeline/body.ts";
import { findForge } from "./pipeline/findForge.ts";
import type { Forge } from "./pipeline/forge.ts";
import { outcomeLine } from "./pipeline/outcomeLine.ts";
import { runStack } from "./pipeline/runStack.ts";
import { asCommand } from "./cli/asCommand.ts";

const usage = `npm run pipeline -- preview -s STACK [-s STACK …] [--plans FOLDER]
npm run pipeline -- apply -s STACK [-s STACK …] [--plan FILE]
npm run pipeline -- drift -s STACK

The steps of the pipelines in .github/workflows and azure-pipelines. They need proofpoint:report, and find out by
themselves whether they run in GitHub Actions, in Azure Pipelines or at home, where nothing is written to a forge.
  preview   shows what an up would do, saves each plan as FOLDER/STACK.json, and writes one comment on the pull request
  apply     an up without questions, one stack after the other; of one stack, exactly the plan where one is given
  drift     opens or updates one issue where a preview finds changes or fails, and closes it where it finds none`;

const mark = (what: string) => `<!-- proofpoint-${what} -->`;

await asCommand(pipeline);

async function pipeline(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      stack: { type: "string", short: "s", multiple: true },
      plans: { type: "string" },
      plan: { type: "string" },
      help: { type: "boolean" },
    },
  });
  const stacks = values.stack ?? [];
  const [stack] = stacks;
  const command = positionals[0];
  const several = command === "preview" || (command === "apply" && values.plan === undefined);
  const known = several || ((command === "apply" || command === "drift") && stacks.length === 1);
  if (values.help || positionals.length !== 1 || stack === undefined || !known) {
    console.error(usage);
    return values.help ? 0 : 2;
  }
  const forge = findForge(process.env);
  if (command === "preview") return preview(stacks, values.plans, forge);
  return command === "apply" ? apply(stacks, values.plan, forge) : drift(stack, forge);
}

async function preview(stacks: readonly string[], plans: string | undefined, forge: Forge): Promise<number> {
  if (plans !== undefined) await mkdir(plans, { recursive: true });
  const outcomes: Outcome[] = [];
  for (const stack of stacks)
    outcomes.push(await runStack(stack, "preview", plans === undefined ? [] : ["--save-plan", join(plans, `${stack}.json`)]));
  const body = describeOutcomes(outcomes, whereFrom());
  await forge.summarize(body);
  await forge.comment(mark("preview"), body);
  return Math.max(...outcomes.map(({ code }) => code));
}

/** One stack after the other, and none after one that failed. */
async function apply(stacks: readonly string[], plan: string | undefined, forge: Forge): Promise<number> {
  const outcomes: Outcome[] = [];
  for (const stack of stacks) {
    outcomes.push(await runStack(stack, "up", ["--yes", "--skip-preview", ...(plan === undefined ? [] : ["--plan", plan])]));
    if (outcomes.at(-1)?.code !== 0) break;
  }
  const code = outcomes.at(-1)?.code ?? 1;
  console.log(outcomeLine(code));
  await forge.summarize(describeOutcomes(outcomes, whereFrom()));
  return code;
}

/** Drift that is told is no failure of the job; a preview that could not be made is. */
async function drift(stack: string, forge: Forge): Promise<number> {
  const outcome = await runStack(stack, "preview", ["--expect-no-changes"]);
  const body = describeOutcomes([outcome], whereFrom());
  await forge.summarize(body);
  const found = /no changes were expected( for \S+)? but changes were proposed/.test(outcome.said);
  const title = judgeDrift(outcome, found);
  if (title === undefined) await forge.settle(mark(`drift ${stack}`), `${stack} is as it should be. ${whereFrom()}`);
  else await forge.raise(mark(`drift ${stack}`), `${stack} ${title}`, body);
  return found ? 0 : outcome.code;
}

/** What is not as it should be; undefined where nothing is. */
function judgeDrift({ code, facts }: Outcome, found: boolean): string | undefined {
  const { violations = 0, waiting = 0, conflicts = 0 } = facts ?? {};
  if (code !== 0 && !found) return violations > 0 ? "is stopped by a limit" : "could not be looked at";
  if (conflicts > 0) return "has accounts somebody else undoes again and again";
  if (waiting > 0) return "is in the middle of its waves";
  return found ? "has drifted" : undefined;
}

/** Which commit and which run a text is of. */
function whereFrom(): string {
  const { GITHUB_SERVER_URL, GITHUB_REPOSITORY, GITHUB_RUN_ID, GITHUB_SHA, BUILD_BUILDNUMBER, BUILD_SOURCEVERSION } = process.env;
  if (GITHUB_RUN_ID) return `Commit ${GITHUB_SHA?.slice(0, 12)}, ${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}/actions/runs/${GITHUB_RUN_ID}`;
  if (BUILD_BUILDNUMBER) return `Commit ${BUILD_SOURCEVERSION?.slice(0, 12)}, build ${BUILD_BUILDNUMBER}`;
  return "Not run in a pipeline.";
}
