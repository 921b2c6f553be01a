import { connect } from "../provider/essentials/connect.ts";
import { declare } from "./declare.ts";
import { judge } from "./guard.ts";
import { describeFeed } from "./hr/passport.ts";
import { toPeople } from "./hr/person.ts";
import { readFeed, readerOf } from "./hr/source.ts";
import { decide } from "./policy/decide.ts";
import { judgeExceptions } from "./policy/exceptions.ts";
import { match, refuseStrangers } from "./policy/match.ts";
import { hashPolicy } from "./policy/policy.ts";
import { compileProtection, findUnusedProtection } from "./policy/protect.ts";
import { findUnusedScope, refuseBlindScope } from "./policy/scope.ts";
import { publish } from "./publish.ts";
import { readExceptions } from "./readExceptions.ts";
import { buildReport } from "./report.ts";
import { readSettings } from "./settings.ts";
import { stackConfig } from "./stackConfig.ts";
import { refuseViolations, stopClearly } from "./stop.ts";
import { surroundings } from "./surroundings.ts";
import { describeDay, judgeDay } from "./today.ts";

/** The whole product: who works here, what should every account be, is that safe to do, then say it and declare it. */
async function run() {
  const config = stackConfig();
  const settings = readSettings(config);
  const { source, now, preview } = surroundings();
  const today = judgeDay(settings, now, preview);
  const essentials = connect(settings, config.read);

  const [feed, users, entries] = await Promise.all([
    readFeed(settings.hr, source),
    essentials.listUsers(),
    readExceptions(settings.exceptions, source.projectRoot),
  ]);
  refuseBlindScope(settings.policy, feed);
  const reader = readerOf(settings.hr, today, settings.timeZone);
  const people = toPeople(feed, reader);
  const matches = match({ users, ...people, domains: [settings.domain, ...settings.domains] });
  refuseStrangers(matches, people.people);

  const { policy } = settings;
  const exceptions = judgeExceptions(entries, users, today);
  const decisions = decide(matches.matched, {
    policy,
    today,
    exceptions,
    isProtected: compileProtection(policy.protect),
    login: essentials.login,
    unclaimed: matches.unclaimed,
  });
  const violations = judge(decisions, settings.limits);

  const settled = [...exceptions.problems, ...findUnusedProtection(policy, users), ...findUnusedScope(policy, feed)];
  const problems = [...people.problems, ...matches.problems, ...settled];
  const notes = [...describeDay(settings), ...feed.notes];
  const report = buildReport({ organisation: settings.domain, decisions, notes, problems, violations });
  await publish(report, settings.report);
  refuseViolations(violations);

  const outputs = {
    summary: report.summary,
    feed: describeFeed(feed, people, matches, reader),
    policyHash: hashPolicy(policy),
    decisionsHash: report.decisionsHash,
  };
  await declare(decisions);
  return outputs;
}

export const { summary, feed, policyHash, decisionsHash } = await run().catch(stopClearly);
