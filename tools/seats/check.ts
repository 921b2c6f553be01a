import { about, type Finding } from "../../program/readiness/finding.ts";
import { ask } from "../../program/readiness/look.ts";
import { tellFinding } from "../../program/readiness/tellFinding.ts";
import { judgeConnection } from "../../seats/judgeConnection.ts";
import { listSome } from "../../program/lists/listSome.ts";
import type { SeatsContext } from "./context.ts";
import { label } from "./describe.ts";

/** Whether the logins can count seats, and what they reach. */
export async function check({ settings, mapping, connect, readBilling }: SeatsContext): Promise<number> {
  let problems = 0;
  const say = (finding: Finding) => {
    if (finding.level === "problem") problems += 1;
    console.log(tellFinding(finding));
  };
  for (const connection of settings.partners) {
    console.log(`${connection.domain} on ${new URL(connection.apiUrl).host}`);
    const connected = await ask(() => connect([connection]));
    if ("failure" in connected) {
      say(about("Credentials")("problem", connected.failure));
      continue;
    }
    for (const { partner } of connected.value) {
      const login = await ask(() => partner.getLogin());
      const [localLogin, organisations, usage] = await Promise.all([
        ask(() => partner.allowsLocalLogin()),
        ask(async () => (await partner.listOrganisations()).length),
        ask(async () => (await partner.listBilling()).length),
      ]);
      judgeConnection({ login, localLogin, organisations, usage }).forEach(say);
    }
  }
  const billing = await ask(readBilling);
  const sayBilling = about("Billing");
  if ("failure" in billing) say(sayBilling("problem", billing.failure));
  else {
    const { name, accounts, services } = billing.value;
    say(sayBilling("ok", `${name}: ${accounts.length} accounts, ${services.length} services`));
    const ours = new Set(mapping.accounts.map(({ account }) => account));
    const idle = accounts.filter(({ id, isMapped }) => isMapped === false && ours.has(id)).map(label);
    if (idle.length > 0) say(sayBilling("warning", `mapped to nothing there, so that their counts are not taken: ${listSome(idle)}`));
  }
  return problems > 0 ? 1 : 0;
}
