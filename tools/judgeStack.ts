import { evaluate, type Evaluation } from "../program/evaluate.ts";
import { gather, type Gathered } from "../program/gather.ts";
import { toMemory, type Memory, type StateResource } from "../program/memory.ts";
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
  const gathered = await gather(settings, essentials, source, { now, memory: exportMemory(stack, environment) });
  const occasion = { today: judgeDay(settings, now, true), now, login: essentials.login };
  return { settings, gathered, evaluation: evaluate(gathered, settings, occasion), environment };
}

/** The memory of a stack's last applied run, read by the CLI. */
export async function exportMemory(stack: string, environment: Record<string, string>): Promise<Memory> {
  const state = await pulumiJson<{ deployment?: { resources?: StateResource[] } }>(["stack", "export", "--stack", stack], environment);
  return toMemory(state.deployment?.resources ?? []);
}
