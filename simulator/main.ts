import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { wholeNumber } from "./wholeNumber.ts";
import { createSimulator, type SimulatorOptions } from "./simulator.ts";
import { endOnSignal } from "./endOnSignal.ts";
import { readFaults } from "./faults.ts";
import { generateSeed } from "./generate.ts";
import { partnerSeed } from "./partner.ts";
import { defaultSwitches, switchValues, type Switches } from "./switches.ts";
import type { Seed } from "./world.ts";

const usage = `A Proofpoint Essentials API on the loopback, with state of its own.

npm run simulator -- [options]
  --port N           default 8425, the port of the dev stack; another free one if it is taken
  --seed FILE        what it is born with; default simulator/sample/organisation.json
  --users N          instead of a seed: N made-up users
  --partner          instead of a seed: a partner of twelve organisations, for seats and fleet
  --latency MS       added to every answer
  --max-per-second N answer 429 above that
  --faults JSON      what goes wrong: [{"kind":429,"method":"PUT","times":3,"retryAfter":"1"}]
  --quiet            do not print each request
${Object.entries(switchValues)
  .map(([name, values]) => `  --${name} ${values.join("|")}   default ${defaultSwitches[name as keyof Switches]}`)
  .join("\n")}
`;

const textOption = { type: "string" } as const;
const options = {
  port: textOption,
  seed: textOption,
  users: textOption,
  partner: { type: "boolean" },
  latency: textOption,
  "max-per-second": textOption,
  faults: textOption,
  quiet: { type: "boolean" },
  help: { type: "boolean" },
} as const;
const switchOptions = Object.fromEntries(Object.keys(switchValues).map((name) => [name, textOption]));

try {
  await main();
} catch (error) {
  console.error(`The simulator did not start: ${(error as Error).message}`);
  process.exitCode = 1;
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { ...options, ...switchOptions } });
  if (values.help) return console.log(usage);
  const settings: SimulatorOptions = {
    seed: await chooseSeed(values),
    switches: readSwitches(values),
    ...(values.faults === undefined ? {} : { faults: readFaults(values.faults) }),
    ...(values.latency === undefined ? {} : { latencyMs: wholeNumber("latency", values.latency) }),
    ...(values["max-per-second"] === undefined ? {} : { maxPerSecond: wholeNumber("max-per-second", values["max-per-second"]) }),
  };
  const port = wholeNumber("port", values.port ?? "8425", 65_535);
  const simulator = await createSimulator({ ...settings, port }).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
    console.log(`Port ${port} is in use (another simulator?), so this one takes a free port.`);
    return createSimulator(settings);
  });

  const reporting = values.quiet ? undefined : reportRequests(simulator.requests);
  endOnSignal(() => {
    clearInterval(reporting);
    void simulator.close();
  });
  const { user = "admin@acme.test", password = "simulator" } = settings.seed?.logins?.[0] ?? {};
  console.log(`Proofpoint Essentials simulator: ${simulator.url}/api/v1  (login ${user} / ${password}; Ctrl-C ends it)`);
  if (!values.partner && !simulator.url.endsWith(`:${port}`))
    console.log(`To use it: npm run pulumi -- config set proofpoint:apiUrl ${simulator.url} -s dev`);
}

/** Prints what was asked, a few times a second, so that printing never slows an answer. */
function reportRequests(requests: readonly { method: string; path: string; status: number }[]): NodeJS.Timeout {
  let printed = 0;
  return setInterval(() => {
    if (requests.length < printed) printed = 0;
    for (; printed < requests.length; printed++) {
      const { method, path, status } = requests[printed] as (typeof requests)[number];
      console.log(`${method} ${path} → ${status || "no answer"}`);
    }
  }, 200);
}

async function chooseSeed({ users, seed, partner = false }: { users?: string; seed?: string; partner?: boolean }): Promise<Seed> {
  if (partner) return partnerSeed;
  if (users !== undefined) return generateSeed(wholeNumber("users", users));
  return readSeed(seed ?? new URL("sample/organisation.json", import.meta.url));
}

async function readSeed(file: string | URL): Promise<Seed> {
  return JSON.parse(await readFile(file, "utf8")) as Seed;
}

function readSwitches(values: Readonly<Record<string, string | boolean | undefined>>): Partial<Switches> {
  const known: [string, readonly string[]][] = Object.entries(switchValues);
  const given = known.flatMap(([name, allowed]) => {
    const value = values[name];
    if (typeof value !== "string") return [];
    if (!allowed.includes(value)) throw new Error(`--${name} is "${value}"; use ${allowed.join(" or ")}`);
    return [[name, value] as const];
  });
  return Object.fromEntries(given);
}
