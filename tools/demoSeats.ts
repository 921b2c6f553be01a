import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { partnerLogin, partnerSeed } from "../simulator/partner.ts";
import { createSimulator, type Simulator } from "../simulator/simulator.ts";
import { createSynthesize, type Synthesize } from "../simulator/synthesize/synthesize.ts";
import { asCommand } from "./cli/asCommand.ts";
import { run } from "./cli/run.ts";

/** `npm run demo:seats`: a partner of twelve organisations, from nothing to a clean reconcile, on two simulators. */

const keys = { vendorKey: "simulated-vendor", partnerKey: "simulated-partner" };

await asCommand(async () => {
  const folder = await mkdtemp(join(tmpdir(), "proofpoint-seats-"));
  const proofpoint = await createSimulator({ seed: partnerSeed });
  const synthesize = await createSynthesize({ seed: { ...keys, services: [{ id: "s1", name: "Professional" }] } });
  try {
    await configure(folder, proofpoint, synthesize);
    await tell(folder, proofpoint);
    return 0;
  } finally {
    await proofpoint.close();
    await synthesize.close();
    await rm(folder, { recursive: true });
  }
});

async function configure(folder: string, proofpoint: Simulator, synthesize: Synthesize): Promise<void> {
  const config = {
    partners: [{ apiUrl: proofpoint.url, domain: partnerLogin.domain, credentials: { source: "environment" } }],
    billing: {
      source: "synthesize",
      url: synthesize.url,
      vendorKey: { environment: "VENDOR_KEY" },
      partnerKey: { environment: "PARTNER_KEY" },
    },
    price: { currency: "USD", perSeat: { professional: "4.50", business_plus: "2.75", advanced: "3.60" } },
  };
  await writeFile(join(folder, "config.yaml"), JSON.stringify(config));
}

async function tell(folder: string, proofpoint: Simulator): Promise<void> {
  const env = {
    ...process.env,
    PROOFPOINT_USER: partnerLogin.user,
    PROOFPOINT_PASSWORD: partnerLogin.password,
    VENDOR_KEY: keys.vendorKey,
    PARTNER_KEY: keys.partnerKey,
  };
  const tool = fileURLToPath(new URL("seats.ts", import.meta.url));
  const step = async (title: string, args: readonly string[], expected = 0) => {
    console.log(`\n━━ ${title}\n$ npm run seats -- ${args.join(" ")}\n`);
    const code = await run(process.execPath, [tool, ...args, "--folder", folder], { env });
    if (code !== expected) throw new Error(`npm run seats -- ${args.join(" ")} ended with ${code}; see above.`);
  };
  await step("Can this login count seats?", ["check"]);
  await step("Who is whom: nobody is there yet, two packages have no service", ["map", "--write"], 1);
  await step("Push: accounts and services are made, every count is set", ["push", "--create-services"]);
  await step("Push again: nothing has changed", ["push"]);
  console.log("\n━━ At Oak three people leave and become functional accounts; Pine takes another package");
  for (const user of proofpoint.users("oak.test").slice(0, 3)) user.type = "functional_account";
  await putPackage(proofpoint, "pine.test", "professional");
  await step("Reconcile: what is billed, used, and what the difference is worth", ["reconcile"]);
  await step("Push what has changed: the seats move with the package, and leave no stale count", ["push"]);
  await step("Reconcile: clean", ["reconcile"]);
}

async function putPackage({ url }: Simulator, domain: string, name: string): Promise<void> {
  await fetch(`${url}/api/v1/orgs/${domain}/licensing`, {
    method: "PUT",
    headers: { "X-User": partnerLogin.user, "X-Password": partnerLogin.password, "Content-Type": "application/json" },
    body: JSON.stringify({ package: name }),
  });
}
