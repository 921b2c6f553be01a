import { foldAddress } from "../../provider/essentials/address.ts";
import type { AzureSync } from "../../provider/essentials/azureSync.ts";
import type { Credentials } from "../../provider/essentials/credentials.ts";
import type { Evaluation } from "../evaluate.ts";
import { needsExemption, type Decision } from "../policy/decision.ts";
import type { Settings } from "../settings.ts";
import { about, type Finding } from "./finding.ts";
import type { Asked } from "./look.ts";

/** Where the login comes from, by names and never by values. */
export function describeCredentials(credentials: Credentials): string {
  switch (credentials.source) {
    case "environment":
      return "from the environment: PROOFPOINT_USER, PROOFPOINT_PASSWORD";
    case "config":
      return "from the stack: proofpoint:apiUser, proofpoint:apiPassword";
    case "keyVault":
      return `from ${credentials.vaultUrl}: ${credentials.userSecret}, ${credentials.passwordSecret}`;
    case "simulator":
      return "the simulator's public ones";
  }
}

/** Whether the organisation lives where the stack looks for it. */
export function judgeEndpoints(apiUrl: string, endpoints: Asked<readonly string[]>): Finding {
  const say = about("Host");
  const { hostname } = new URL(apiUrl);
  if ("failure" in endpoints)
    return say("warning", `${hostname}; whether the organisation lives there could not be asked. ${endpoints.failure}`);
  const [name = hostname] = hostname.split(".");
  const told = endpoints.value.filter((text) => text !== "");
  const here = told.length === 0 || told.some((text) => text.toLowerCase() === name || text.toLowerCase().includes(hostname));
  return here
    ? say("ok", hostname)
    : say("warning", `${hostname}, and the service says the organisation lives on ${told.join(", ")}. Check proofpoint:apiUrl.`);
}

/** Whether functional accounts are safe from directory sync. @param decisions where there are any to be made */
export function judgeExemptions(
  setting: Settings["exemptions"],
  sync: Asked<AzureSync | undefined>,
  exempt: Asked<readonly string[]>,
  decisions: readonly Decision[] | undefined,
): Finding {
  const say = about("Exemptions");
  const hasSync = "value" in sync && sync.value !== undefined;
  const mode = setting ?? (hasSync ? "manage" : "ignore");
  if ("failure" in exempt) return say(mode === "manage" ? "problem" : "warning", `They could not be listed. ${exempt.failure}`);
  if (mode === "ignore" && !hasSync) return say("ok", "none needed: there is no directory sync");
  const there = new Set(exempt.value.map(foldAddress));
  const is = `${mode}; ${there.size} there`;
  if (!decisions) return say("ok", `${is}; how many are needed cannot be told without the HR feed`);
  const open = decisions.filter((decision) => needsExemption(decision) && !there.has(foldAddress(decision.email))).length;
  if (mode === "manage" || !hasSync || open === 0) return say("ok", `${is}, ${open} more needed`);
  return say(
    "warning",
    `${is}, ${open} more needed: directory sync will turn these accounts back. Set proofpoint:exemptions to manage, or exempt them in the console.`,
  );
}

/** Whether HR's feed is one the next run would go by. */
export function judgeFeedFound({ passport, violations, approved, problems }: Evaluation, now: Date): readonly Finding[] {
  const say = about("HR feed");
  const age =
    passport.modified === "" ? "" : `, ${Math.max(0, Math.floor((now.getTime() - Date.parse(passport.modified)) / 3_600_000))} h old`;
  const is = `${passport.rows} rows, ${passport.persons} people${age}; it knows ${passport.endUsersKnown} of ${passport.endUsers} end users`;
  const look = problems.length === 0 ? [] : [about("To look at")("warning", `${problems.length} things the report of a preview names.`)];
  return [
    say("ok", is),
    ...violations.map(({ key, message }) => {
      const tell = key.startsWith("proofpoint:passport") ? say : about("Limits");
      return approved
        ? tell("warning", `Approved by ${approved.by} until ${approved.until}: ${message} (${key})`)
        : tell("problem", `The next run would stop: ${message} (${key})`);
    }),
    ...look,
  ];
}
