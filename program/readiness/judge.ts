import { isManagedType } from "../../provider/essentials/schema.ts";
import type { Decision } from "../policy/decision.ts";
import type { Settings } from "../settings.ts";
import { about, type Finding } from "./finding.ts";
import type { Facts } from "./look.ts";

/** What a stack is about to do, as far as readiness depends on it. */
export interface Plan {
  readonly settings: Pick<Settings, "domain">;
  readonly decisions: readonly Decision[];
  readonly now: Date;
}

/** What every up looks at before it declares anything. Pure. */
export function judgeReadiness(facts: Facts, plan: Plan): readonly Finding[] {
  return [
    judgeLogin(facts, plan.settings.domain),
    judgeSync(facts.sync, plan.now),
    judgeLicences(facts, plan.decisions),
    judgeClock(facts.clockSkewMs),
  ];
}

/** Whether the login may do what an up does: write, in this organisation. */
export function judgeLogin({ login, organisation }: Facts, domain: string): Finding {
  const say = about("Login");
  if ("failure" in login && login.refused) return say("problem", login.failure);
  if ("failure" in login) return say("warning", `It could not be asked what it may do. ${login.failure}`);
  const { type, readOnly, domain: own } = login.value;
  const is = `${type || "of an unknown type"}${own && `, of ${own}`}`;
  if (isManagedType(type))
    return say("problem", `It is ${is}. Only administrators can use the API; use an Organisation Admin's login (proofpoint:credentials).`);
  if (readOnly)
    return say(
      "problem",
      `It is ${is}, and read-only: it can preview and change nothing. Use one that may write (proofpoint:credentials).`,
    );
  const domains = "value" in organisation ? organisation.value.domains : [];
  const elsewhere = own !== "" && domains.length > 0 && ![...domains, domain].includes(own.toLowerCase());
  if (elsewhere && type === "organization_admin")
    return say(
      "problem",
      `It is ${is}, and an Organisation Admin can only change its own organisation, not ${domain}. Check proofpoint:domain.`,
    );
  return say("ok", `${is}; it may write${elsewhere ? ` (a partner's, for ${domain})` : ""}`);
}

const daysOfWarning = 30;

/** Directory sync that does not run brings no leavers, and one whose secret expires soon is about to stop. */
export function judgeSync(asked: Facts["sync"], now: Date): Finding {
  const say = about("Directory sync");
  if ("failure" in asked) return say("warning", `It could not be asked for. ${asked.failure}`);
  if (!asked.value) return say("ok", "not set up");
  const sync = asked.value;
  const flags = ["sync", "add", "update", "remove"]
    .filter((name) => sync[name] !== undefined)
    .map((name) => `${name} ${String(sync[name])}`);
  const on = [
    isOff(sync["sync"]) ? "set up, and off" : "on",
    ...flags,
    ...(sync.last_successful_sync ? [`last ${sync.last_successful_sync}`] : []),
  ].join(", ");
  const expiry = Date.parse(sync.secret_expiry ?? "");
  const days = Math.floor((expiry - now.getTime()) / 86_400_000);
  if (days < 0)
    return say("warning", `${on}; its secret expired on ${sync.secret_expiry}. Renew it in Entra and in the Proofpoint console.`);
  if (days <= daysOfWarning)
    return say("warning", `${on}; its secret expires in ${days} days, on ${sync.secret_expiry}. Renew it in Entra and in the console.`);
  return say("ok", on);
}

function isOff(flag: unknown): boolean {
  return [false, "false", "False", 0, "0"].includes(flag as string);
}

/** Whether there are licences for those who are to become end users. Bought licences do not shrink by converting; usage does. */
export function judgeLicences({ organisation }: Facts, decisions: readonly Decision[]): Finding {
  const say = about("Licences");
  if ("failure" in organisation) return say("warning", `They could not be asked for. ${organisation.failure}`);
  const { package: name, licences, used } = organisation.value;
  const uses = `${used ?? "an unknown number"} of ${licences ?? "an unknown number"} in use${name && ` (${name})`}`;
  const more = decisions.filter(({ have, want }) => have === "functional_account" && want === "end_user").length;
  const freed = decisions.filter(({ have, want }) => have !== "functional_account" && want === "functional_account").length;
  if (licences === undefined || used === undefined || licences === 0 || more === 0 || used + more <= licences) return say("ok", uses);
  return say(
    "warning",
    `${uses}, and ${more} accounts are to become end users${freed > 0 ? `, while ${freed} give theirs back` : ""}. ` +
      "The service may refuse some; buy licences, or hold them (proofpoint:policy).",
  );
}

const minute = 60_000;

/** The day decides who has left: by a clock that is wrong, people leave too early. */
export function judgeClock(skewMs: number | undefined): Finding {
  const say = about("Clock");
  if (skewMs === undefined) return say("warning", "The API's answers have no date to compare this machine's clock with.");
  const minutes = Math.round(Math.abs(skewMs) / minute);
  const off = `This machine's clock is ${minutes} minutes ${skewMs > 0 ? "ahead of" : "behind"} the API's.`;
  if (minutes >= 60) return say("problem", `${off} Set it: the day decides who has left.`);
  if (minutes >= 5) return say("warning", `${off} Set it.`);
  return say("ok", "agrees with the API's");
}
