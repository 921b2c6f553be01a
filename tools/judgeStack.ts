import { evaluate, type Evaluation } from "../program/evaluate.ts";
import { gather, type Background, type Gathered } from "../program/gather.ts";
import { toMemory, type Memory, type StateResource } from "../program/memory.ts";
import { refuseItself } from "../program/promotion.ts";
import { readSettings, type Settings } from "../program/settings.ts";
import { sourceContext } from "../program/sourceContext.ts";
import { judgeDay } from "../program/today.ts";
import { connect } from "../provider/essentials/connect.ts";
import { preparePulumi } from "./cli/preparePulumi.ts";
import { pulumiJson, readStackConfig } from "./stackConfig.ts";

export interface Judged {
  readonly settings: Settings;
  readonly gathered: Gathered;
  readonly evaluation: Evaluation;
  /** For further Pulumi commands about the same stack. */
  readonly environment: Record<string, string>;
}

/** What a preview of a stack would decide, without the engine: for tools that look at it or approve it. Writes nothing. */
export async function judgeStack(stack: string): Promise<Judged> {
  const environment = await preparePulumi(stack);
  const config = await readStackConfig(stack, environment);
  const settings = readSettings(config);
  const essentials = await connect(settings, config.read);
  const now = new Date();
  const source = sourceContext((line) => console.error(line));
  const gathered = await gather(settings, essentials, source, background(stack, settings, environment, now));
  const occasion = { today: judgeDay(settings, now, true), now, login: essentials.login };
  return { settings, gathered, evaluation: evaluate(gathered, settings, occasion), environment };
}

/** What a run knows besides its settings and both sides, read by the CLI. */
export function background(stack: string, { promotesFrom }: Settings, environment: Record<string, string>, now: Date): Background {
  refuseItself(promotesFrom, stack);
  const promoted = promotesFrom === undefined ? Promise.resolve(undefined) : readOutputs(promotesFrom, environment);
  return { now, memory: exportMemory(stack, environment), promoted };
}

/** The memory of a stack's last applied run, read by the CLI. */
async function exportMemory(stack: string, environment: Record<string, string>): Promise<Memory> {
  const state = await pulumiJson<{ deployment?: { resources?: StateResource[] } }>(["stack", "export", "--stack", stack], environment);
  return toMemory(state.deployment?.resources ?? []);
}

/** What a stack says of its last successful up, read by the CLI; undefined where there is no such stack. */
export async function readOutputs(stack: string, environment: Record<string, string>): Promise<unknown> {
  return pulumiJson(["stack", "output", "--json", "--stack", stack], environment).catch(() => undefined);
}
