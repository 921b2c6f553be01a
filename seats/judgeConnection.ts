import { about, type Finding } from "../program/readiness/finding.ts";
import type { Asked } from "../program/readiness/look.ts";
import type { LoginFacts } from "../provider/essentials/organisation.ts";

const partnerTypes = ["channel_admin", "strategic_partner_admin", "oem_partner_admin"];

/** What was asked of one partner's login. */
export interface ConnectionFacts {
  readonly login: Asked<LoginFacts>;
  readonly localLogin: Asked<boolean | undefined>;
  /** How many organisations it sees. */
  readonly organisations: Asked<number>;
  /** For how many of them it sees what is billed: what counting rests on. */
  readonly usage: Asked<number>;
}

/** Whether a login can count seats: who it is, what it may do, how it logs in, what it reaches. Pure. */
export function judgeConnection({ login, localLogin, organisations, usage }: ConnectionFacts): readonly Finding[] {
  const who = about("Login");
  if ("failure" in login) return [who("problem", login.failure)];
  const { type, readOnly, domain } = login.value;
  const role = about("Role");
  return [
    who("ok", `it logs in, as ${type || "somebody of an unknown type"}${domain && ` of ${domain}`}`),
    type === "organization_admin"
      ? role("problem", "It is an Organisation Admin, who sees one organisation. Make a login with the role Channel Admin or higher.")
      : partnerTypes.includes(type)
        ? role("ok", `${type}: it sees the organisations below it`)
        : role("problem", `It is ${type || "of an unknown type"}. Channel Admin is the least that counts seats of others.`),
    judgeRights(readOnly),
    judgeLocalLogin(localLogin),
    "failure" in organisations
      ? about("Reach")("problem", organisations.failure)
      : about("Reach")("ok", `${organisations.value} organisations`),
    "failure" in usage ? about("Usage")("problem", usage.failure) : about("Usage")("ok", `of ${usage.value} organisations`),
  ];
}

function judgeRights(readOnly: boolean | undefined): Finding {
  const say = about("Rights");
  if (readOnly === undefined) return say("warning", "The service does not say whether it is read-only, which would be too little.");
  return readOnly
    ? say("problem", "It is read-only. Take that from it in the console: the vendor's billing reads need a full login.")
    : say("ok", "not read-only");
}

function judgeLocalLogin(asked: Asked<boolean | undefined>): Finding {
  const say = about("Authentication");
  if ("failure" in asked) return say("warning", `It could not be asked whether a password alone logs in. ${asked.failure}`);
  if (asked.value === undefined) return say("warning", "The service does not say whether a password alone logs in.");
  return asked.value
    ? say("ok", "a password alone logs in")
    : say("problem", "Local login is off (SSO only), and the API takes nothing but a password. Allow local login for this administrator.");
}
