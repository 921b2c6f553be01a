import { evaluate } from "../program/evaluate.ts";
import { gather } from "../program/gather.ts";
import { about, type Finding } from "../program/readiness/finding.ts";
import { judgeClock, judgeLicences, judgeLogin, judgeSync } from "../program/readiness/judge.ts";
import { ask, look } from "../program/readiness/look.ts";
import { describeCredentials, judgeEndpoints, judgeExemptions, judgeFeedFound } from "../program/readiness/stack.ts";
import { readSettings, type Settings, type StackConfig } from "../program/settings.ts";
import { sourceContext } from "../program/sourceContext.ts";
import { judgeDay } from "../program/today.ts";
import type { Essentials } from "../provider/essentials/client.ts";
import { InvalidConfig } from "../provider/essentials/config.ts";
import { connect } from "../provider/essentials/connect.ts";
import { isForPeople } from "../provider/essentials/errors.ts";
import { preparePulumi } from "./cli/preparePulumi.ts";
import { background } from "./judgeStack.ts";
import { pulumi, readStackConfig } from "./stackConfig.ts";

/** Looks at one thing after the other, as far as what comes before it allows. Changes no account. */
export async function* examine(stack: string): AsyncGenerator<Finding> {
  yield about("Node")("ok", process.version);
  let environment: Record<string, string>;
  try {
    environment = await preparePulumi(stack);
    yield about("Pulumi")("ok", (await pulumi(["version"], environment)).trim());
  } catch (error) {
    yield about("Pulumi")("problem", (error as Error).message);
    return;
  }

  let config: StackConfig;
  let settings: Settings;
  try {
    config = await readStackConfig(stack, environment);
    yield about("State")("ok", describeBackend(environment));
    settings = readSettings(config);
    yield about("Configuration")("ok", `of ${stack}: every key is known and valid`);
  } catch (error) {
    const problems = error instanceof InvalidConfig ? error.problems : [(error as Error).message];
    for (const problem of problems) yield about("Configuration")("problem", problem);
    return;
  }

  let essentials: Essentials;
  try {
    essentials = await connect(settings, config.read);
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
  const [facts, endpoints, exempt, gathered] = await Promise.all([
    look(essentials),
    ask(() => essentials.getEndpoints()),
    ask(() => essentials.listExemptions()),
    ask(() => gather(settings, essentials, source, background(stack, settings, environment, now))),
  ]);
  const occasion = { today: judgeDay(settings, now, true), now, login: essentials.login };
  const evaluation = "failure" in gathered ? gathered : await ask(() => evaluate(gathered.value, settings, occasion));
  const decisions = "value" in evaluation ? evaluation.value.decisions : undefined;

  yield judgeLogin(facts, settings.domain);
  // With a wrong login everything else says the same.
  if ("failure" in facts.login && facts.login.refused) return;
  yield judgeEndpoints(settings.apiUrl, endpoints);
  yield judgeSync(facts.sync, now);
  yield judgeExemptions(settings.exemptions, facts.sync, exempt, decisions);
  yield judgeLicences(facts, decisions ?? []);
  if ("value" in evaluation) yield* judgeFeedFound(evaluation.value, now);
  else yield about("HR and users")("problem", evaluation.failure);
  if (settings.promotesFrom !== undefined && "value" in evaluation)
    yield judgePromotionFound(settings.promotesFrom, evaluation.value.unpromoted);
  yield await judgeToday(settings, now);
  yield judgeClock(facts.clockSkewMs);
}

function judgePromotionFound(from: string, unpromoted: readonly string[]): Finding {
  const found = about("Promotion");
  return unpromoted.length === 0 ? found("ok", `nothing to promote, or ${from} has applied it`) : found("problem", unpromoted.join(" "));
}

/** Another day than today's is for previews only. */
async function judgeToday(settings: Settings, now: Date): Promise<Finding> {
  const day = await ask(() => judgeDay(settings, now, false));
  return "value" in day ? about("Day")("ok", `${day.value} (${settings.timeZone})`) : about("Day")("problem", day.failure);
}

/** Where the state is. A URL can carry more than a place: a login, a token. */
function describeBackend({ PULUMI_BACKEND_URL: backend }: Readonly<Record<string, string>>): string {
  if (backend === undefined) return "in the backend of `pulumi login`";
  const url = URL.parse(backend);
  return url ? `${url.protocol}//${url.host}${url.pathname}` : "at an address that is no URL (PULUMI_BACKEND_URL)";
}
