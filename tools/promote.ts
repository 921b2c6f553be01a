import { parseArgs } from "node:util";
import { comparePolicies, judgePromotion, tellApplied, toApplied, type Difference } from "../program/promotion.ts";
import { hashPolicy } from "../program/policy/policy.ts";
import { readSettings } from "../program/settings.ts";
import { onOneLine } from "../provider/essentials/errors.ts";
import { asCommand } from "./cli/asCommand.ts";
import { preparePulumi } from "./cli/preparePulumi.ts";
import { readOutputs } from "./judgeStack.ts";
import { readStackConfig } from "./stackConfig.ts";

const usage = `npm run promote -- --from STACK --to STACK

Shows, before anything runs, what the second stack's next up would take over: what the first has applied, what the second
has, in which settings its configuration differs from both. Exits 0 where it may follow, 1 where it may not. Changes nothing.`;

await asCommand(promote);

async function promote(): Promise<number> {
  const { values } = parseArgs({ options: { from: { type: "string" }, to: { type: "string" }, help: { type: "boolean" } } });
  const { from, to } = values;
  if (values.help || from === undefined || to === undefined || from === to) {
    console.error(usage);
    return values.help ? 0 : 2;
  }
  const now = new Date();
  const environment = await preparePulumi(to);
  const { policy, promotionMaxAgeHours: maxAgeHours, promotesFrom } = readSettings(await readStackConfig(to, environment));
  const [theirs, ours] = await Promise.all([from, to].map((stack) => readOutputs(stack, environment)));
  const [ahead, before] = [toApplied(theirs), toApplied(ours)];
  const refusal = judgePromotion(theirs, { from, maxAgeHours, policy, now });
  const news = before ? comparePolicies(before.policy, policy) : [];
  const lines = [
    before ? tellApplied(to, before, now) : `${to} has applied nothing yet.`,
    ...(refusal.length > 0
      ? refusal
      : [...(ahead ? [tellApplied(from, ahead, now)] : []), `${to} is configured for the same policy, ${hashPolicy(policy)}.`]),
    ...(before && news.length === 0 ? [`The next up of ${to} changes nothing of its policy.`] : []),
    ...(news.length > 0 ? [`With its next up, ${to} takes over:`, ...news.map(describe)] : []),
    ...(promotesFrom?.split("/").at(-1) === from.split("/").at(-1)
      ? []
      : [`Nothing makes it follow: proofpoint:promotesFrom of ${to} is ${promotesFrom ?? "not set"}.`]),
    refusal.length === 0 ? `${to} may follow ${from}.` : `${to} may not follow ${from} yet.`,
  ];
  console.log(lines.map(onOneLine).join("\n"));
  return refusal.length === 0 ? 0 : 1;
}

function describe({ key, before, after }: Difference): string {
  return `  proofpoint:policy.${key}: ${before} → ${after}`;
}
