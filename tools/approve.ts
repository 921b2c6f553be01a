import { parseArgs } from "node:util";
import { mostHours, type Approval } from "../program/approval.ts";
import { hashDecisions, isChange } from "../program/policy/decision.ts";
import { foldAddress } from "../provider/essentials/address.ts";
import { onOneLine } from "../provider/essentials/errors.ts";
import { asCommand } from "./cli/asCommand.ts";
import { whoIsIt } from "./cli/whoIsIt.ts";
import { judgeStack } from "./judgeStack.ts";
import { pulumi } from "./stackConfig.ts";

const usage = `npm run approve -- -s STACK --reason "why these changes are right" [--hours 4] [--by NAME]

Looks at what a preview would change and exceeds, and writes an approval of exactly these changes into the stack's
configuration (proofpoint:approval), for review in git. It counts for this set of changes only, and for so many hours.
  --reason TEXT   required
  --hours N       how long it counts; 4, at most 168
  --by NAME       who approves; git's user.email, or the name of the user of this machine`;

await asCommand(approve);

async function approve(): Promise<number> {
  const text = { type: "string" } as const;
  const { values } = parseArgs({
    options: { stack: { ...text, short: "s" }, reason: text, hours: text, by: text, help: { type: "boolean" } },
  });
  const { stack, reason = "", hours: hoursText = "4" } = values;
  const hours = Number(hoursText);
  if (values.help || stack === undefined || reason.trim() === "" || !(hours > 0 && hours <= mostHours)) {
    console.error(usage);
    if (!values.help && stack !== undefined && reason.trim() === "") console.error("\nAn approval needs a reason.");
    return values.help ? 0 : 2;
  }
  const { evaluation, environment } = await judgeStack(stack);
  const { decisions, violations, quarrels } = evaluation.proposal;
  const conflicts = decisions.filter(({ email }) => quarrels.has(foldAddress(email)));
  if (violations.length === 0 && conflicts.length === 0) {
    console.log("Nothing exceeds a limit and nobody is held as a conflict, so there is nothing to approve.");
    return 0;
  }
  const approval: Approval = {
    decisions: hashDecisions(decisions),
    reason: reason.trim(),
    by: await whoIsIt(values.by),
    until: new Date(Date.now() + hours * 3_600_000).toISOString(),
    exceeds: [...new Set(violations.map(({ key }) => key))],
  };
  await write(approval, stack, environment);
  console.log(
    [
      `Approved ${decisions.filter(isChange).length} changes of ${stack} until ${approval.until}, by ${approval.by}:`,
      ...violations.map(({ key, message }) => `  ${message} (${key})`),
      ...conflicts.map(({ email, reason }) => `  once more: ${email} ${reason}`),
      `It stands in Pulumi.${stack}.yaml (proofpoint:approval). Another set of changes needs another approval.`,
    ]
      .map(onOneLine)
      .join("\n"),
  );
  return 0;
}

/** In the place of whatever stands there, and whole or not at all. */
async function write({ exceeds = [], ...words }: Approval, stack: string, environment: Readonly<Record<string, string>>): Promise<void> {
  const clear = () => pulumi(["config", "rm", "proofpoint:approval", "--stack", stack], environment).catch(() => undefined);
  const values = [...Object.entries(words), ...exceeds.map((key, index) => [`exceeds[${index}]`, key] as const)];
  await clear();
  try {
    for (const [key, value] of values)
      await pulumi(["config", "set", "--path", "--stack", stack, "--", `proofpoint:approval.${key}`, value], environment);
  } catch (error) {
    await clear();
    throw error;
  }
}
