import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { endOnSignal } from "../endOnSignal.ts";
import { readFaults } from "../faults.ts";
import { wholeNumber } from "../wholeNumber.ts";
import { createSynthesize, type SynthesizeSeed } from "./synthesize.ts";

const usage = `A Gradient Synthesize vendor API on the loopback, with state of its own.

npm run simulator:synthesize -- [options]
  --port N            default 8426
  --seed FILE         vendorKey, partnerKey, accounts and services it is born with (JSON)
  --max-per-second N  answer 429 above that; default 100
  --refuse-zero       a count of 0 is answered with 400
  --faults JSON       what goes wrong: [{"kind":500,"method":"POST","times":3}]`;

const text = { type: "string" } as const;

try {
  await main();
} catch (error) {
  console.error(`The simulator did not start: ${(error as Error).message}`);
  process.exitCode = 1;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: text,
      seed: text,
      "max-per-second": text,
      "refuse-zero": { type: "boolean" },
      faults: text,
      help: { type: "boolean" },
    },
  });
  if (values.help) return console.log(usage);
  const seed = values.seed === undefined ? {} : (JSON.parse(await readFile(values.seed, "utf8")) as SynthesizeSeed);
  const simulator = await createSynthesize({
    seed,
    port: wholeNumber("port", values.port ?? "8426", 65_535),
    zero: values["refuse-zero"] !== true,
    ...(values["max-per-second"] !== undefined && { maxPerSecond: wholeNumber("max-per-second", values["max-per-second"], 99_999) }),
    ...(values.faults !== undefined && { faults: readFaults(values.faults) }),
  });
  endOnSignal(() => void simulator.close());
  const { vendorKey = "vendor", partnerKey = "partner" } = seed;
  console.log(`Synthesize simulator: ${simulator.url}  (vendor key ${vendorKey}, partner key ${partnerKey}; Ctrl-C ends it)`);
}
