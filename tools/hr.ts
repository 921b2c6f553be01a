import { parseArgs } from "node:util";
import { match } from "../program/policy/match.ts";
import { toPeople } from "../program/hr/person.ts";
import { createReadSecret } from "../program/hr/secret.ts";
import { readerOf, readFeed } from "../program/hr/source.ts";
import { summarise } from "../program/feedSummary.ts";
import { readSettings } from "../program/settings.ts";
import { judgeDay } from "../program/today.ts";
import { connect } from "../provider/essentials/connect.ts";
import { preparePulumi } from "./cli/preparePulumi.ts";
import { readStackConfig } from "./stackConfig.ts";

const usage = `npm run hr -- -s STACK [--emails]

Reads the HR feed of a stack and the organisation's users, and shows what was read. Nothing is changed.
  --emails   show addresses too; without it there are numbers only`;

try {
  process.exitCode = await showFeed();
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}

async function showFeed(): Promise<number> {
  const { values } = parseArgs({
    options: { stack: { type: "string", short: "s" }, emails: { type: "boolean", default: false }, help: { type: "boolean" } },
  });
  const { stack, emails } = values;
  if (values.help || stack === undefined) {
    console.error(usage);
    return values.help ? 0 : 2;
  }
  const config = await readStackConfig(stack, await preparePulumi(stack));
  const settings = readSettings(config);
  const projectRoot = process.cwd();
  const source = {
    projectRoot,
    readSecret: createReadSecret(process.env, projectRoot),
    say: (line: string) => console.error(line),
    sleep: (ms: number) => new Promise<void>((done) => setTimeout(done, ms)),
    now: Date.now,
  };
  const [feed, users] = await Promise.all([readFeed(settings.hr, source), connect(settings, config.read).listUsers()]);
  const reader = readerOf(settings.hr, judgeDay(settings, new Date(), true), settings.timeZone);
  const people = toPeople(feed, reader);
  const matches = match({ users, ...people, domains: [settings.domain, ...settings.domains] });
  console.log(summarise({ feed, people, matches, reader, emails }).join("\n"));
  return 0;
}
