import { parseArgs } from "node:util";
import { allCases, Campaign, canTry } from "./campaign.ts";

const usage = `npm run faults -- [--only TEXT] [--lanes 3] [--seed N]

Lets everything go wrong that is known to go wrong, on the real engine, and shows what held.
  --only TEXT   only cases whose group or name contains it
  --lanes N     so many at a time; 3
  --seed N      of the moments at which processes are killed; another each time`;

const text = { type: "string" } as const;
const { values } = parseArgs({ options: { only: text, lanes: text, seed: text, help: { type: "boolean" } } });
if (values.help) {
  console.log(usage);
} else {
  process.exitCode = await main(Number(values.seed ?? Date.now() % 2 ** 31), Number(values.lanes ?? 3), values.only ?? "");
}

async function main(seed: number, lanes: number, only: string): Promise<number> {
  const wanted = allCases(seed).filter(({ group, name }) => `${group}, ${name}`.includes(only));
  const cases = wanted.filter(canTry);
  console.log(`${cases.length} cases, ${lanes} at a time; --seed ${seed}\n`);
  const campaign = new Campaign(cases, lanes);
  const outcomes = cases.map((_, index) => campaign.outcome(index));
  const groups = Map.groupBy(outcomes, (_, index) => cases[index]?.group ?? "");
  let held = 0;
  for (const [group, members] of groups) {
    const done = await Promise.all(members);
    const broken = done.filter(({ faults }) => faults.length > 0);
    held += done.length - broken.length;
    const names = done.map(({ case: { name } }) => name).join(", ");
    console.log(
      `${group.padEnd(32)} ${String(done.length - broken.length).padStart(3)} of ${String(done.length).padStart(3)} held   ${names}`,
    );
    for (const { case: each, faults } of broken) console.log([`  ${each.name}:`, ...faults.map((fault) => `    ${fault}`)].join("\n"));
  }
  await campaign.close();
  const left = wanted.length - cases.length;
  console.log(`\n${cases.length} tried, ${held} held.${left === 0 ? "" : ` ${left} cannot be tried on this machine.`}`);
  return held === cases.length ? 0 : 1;
}
