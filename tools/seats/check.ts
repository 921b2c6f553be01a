import { ask } from "../../program/readiness/look.ts";
import { onOneLine } from "../../provider/essentials/errors.ts";
import { judgeConnection } from "../../seats/judgeConnection.ts";
import type { SeatsContext } from "./context.ts";

/** Whether the logins can count seats, and what they reach. */
export async function check({ settings, connect, readBilling }: SeatsContext): Promise<number> {
  let problems = 0;
  const say = (level: string, subject: string, message: string) => {
    if (level === "problem") problems += 1;
    console.log(onOneLine(`${level.padEnd(8)} ${subject.padEnd(16)} ${message}`));
  };
  for (const connection of settings.partners) {
    console.log(`${connection.domain} on ${new URL(connection.apiUrl).host}`);
    const connected = await ask(() => connect([connection]));
    if ("failure" in connected) {
      say("problem", "Credentials", connected.failure);
      continue;
    }
    for (const { partner } of connected.value) {
      const login = await ask(() => partner.getLogin());
      const [localLogin, organisations, usage] = await Promise.all([
        ask(() => partner.allowsLocalLogin()),
        ask(async () => (await partner.listOrganisations()).length),
        ask(async () => (await partner.listBilling()).length),
      ]);
      for (const { level, subject, message } of judgeConnection({ login, localLogin, organisations, usage })) say(level, subject, message);
    }
  }
  const billing = await ask(readBilling);
  if ("failure" in billing) say("problem", "Billing", billing.failure);
  else say("ok", "Billing", `${billing.value.name}: ${billing.value.accounts.length} accounts, ${billing.value.services.length} services`);
  return problems > 0 ? 1 : 0;
}
