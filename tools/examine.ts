import { evaluate } from "../program/evaluate.ts";
import { gather } from "../program/gather.ts";
import { FeedError } from "../program/hr/row.ts";
import { about, type Finding } from "../program/readiness/finding.ts";
import { judgeClock, judgeLicences, judgeLogin, judgeSync } from "../program/readiness/judge.ts";
import { ask, look } from "../program/readiness/look.ts";
import { describeCredentials, judgeEndpoints, judgeExemptions, judgeFeedFound, judgeMissingSync } from "../program/readiness/stack.ts";
import { readSettings, type Settings, type StackConfig } from "../program/settings.ts";
import { sourceContext } from "../program/sourceContext.ts";
import { dayIn } from "../program/hr/date.ts";
import type { Essentials } from "../provider/essentials/client.ts";
import { InvalidConfig } from "../provider/essentials/config.ts";
import { connect } from "../provider/essentials/connect.ts";
import { isForPeople } from "../provider/essentials/errors.ts";
import { preparePulumi } from "./cli/preparePulumi.ts";
import { readMemory } from "./judgeStack.ts";
import { pulumi, readStackConfig } from "./stackConfig.ts";

/** Looks at one thing after the other, as far as what comes before it allows. Changes nothing. */
export async function* examine(stack: string): AsyncGenerator<Finding> {
  yield about("Node")("ok", process.version);
  let environment: Record<string, string>;
  try {
    environment = await preparePulumi(stack);
    yield about("Pulumi")("ok", (await pulumi(["version"], environment)).trim());
    yield about("State")("ok", describeBackend(environment));
  } catch (error) {
    yield about("Pulumi")("problem", (error as Error).message);
    return;
  }

  let config: StackConfig;
  let settings: Settings;
  try {
    config = await readStackConfig(stack, environment);
    settings = readSettings(config);
    yield about("Configuration")("ok", `of ${stack}: every key is known and valid`);
  } catch (error) {
    const problems = error instanceof InvalidConfig ? error.problems : [(error as Error).message];
    for (const problem of problems) yield about("Configuration")("problem", problem);
    return;
  }

  let essentials: Essentials;
  try {
    essentials = connect(settings, config.read);
    yield about("Credentials")("ok", describeCredentials(settings.credentials));
  } catch (error) {
    if (!isForPeople(error)) throw error;
    yield about("Credentials")("problem", error.message);
    return;
  }
  yield* examineOrganisation(settings, essentials, stack, environment);
}

async function* examineOrganisation(
  settings: Settings,
  essentials: Essentials,
  stack: string,
  environment: Record<string, string>,
): AsyncGenerator<Finding> {
  const now = new Date();
  const source = sourceContext((text) => console.error(text));
  const [facts, endpoints, sync, exempt, gathered] = await Promise.all([
    look(essentials),
    ask(essentials.getEndpoints()),
    ask(essentials.getAzureSync()),
    ask(essentials.listExemptions()),
    gather(settings, essentials, source, { now, lastRun: readMemory(stack, environment) }).catch(forPeople),
  ]);
  const evaluation =
    gathered instanceof Error
      ? gathered
      : evaluateOr(() =>
          evaluate(gathered, settings, { today: settings.today ?? dayIn(settings.timeZone, now), now, login: essentials.login }),
        );
  const decisions = evaluation instanceof Error ? [] : evaluation.decisions;

  yield judgeEndpoints(settings.apiUrl, endpoints);
  yield judgeLogin(facts, settings.domain);
  yield "value" in sync && sync.value ? judgeSync(sync.value, now) : judgeMissingSync(sync);
  yield judgeExemptions(settings.exemptions, sync, exempt, decisions);
  yield judgeLicences(facts, decisions);
  if (evaluation instanceof Error) yield about(evaluation instanceof FeedError ? "HR feed" : "Users")("problem", evaluation.message);
  else yield* judgeFeedFound(evaluation, now);
  yield judgeClock(facts.clockSkewMs);
}

function forPeople(error: unknown): Error {
  if (isForPeople(error)) return error;
  throw error;
}

function evaluateOr<T>(evaluateNow: () => T): T | Error {
  try {
    return evaluateNow();
  } catch (error) {
    return forPeople(error);
  }
}

/** Where the state is; a query can carry more than a place. */
function describeBackend(environment: Readonly<Record<string, string>>): string {
  const backend = environment["PULUMI_BACKEND_URL"];
  return backend === undefined ? "in the backend of `pulumi login`" : (backend.split("?")[0] ?? "");
}
