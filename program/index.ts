import { connect } from "../provider/essentials/connect.ts";
import { declare } from "./declare.ts";
import { judge } from "./guard.ts";
import { describeFeed } from "./hr/passport.ts";
import { toPeople } from "./hr/person.ts";
import { readFeed } from "./hr/source.ts";
import { decide } from "./policy/decide.ts";
import { match, refuseStrangers } from "./policy/match.ts";
import { hashPolicy } from "./policy/policy.ts";
import { findUnusedProtection } from "./policy/protect.ts";
import { publish } from "./publish.ts";
import { buildReport } from "./report.ts";
import { readSettings } from "./settings.ts";
import { stackConfig } from "./stackConfig.ts";
import { refuseViolations, stopClearly } from "./stop.ts";

/** The whole product: who works here, what should every account be, is that safe to do, then say it and declare it. */
async function run() {
  const config = stackConfig();
  const settings = readSettings(config);
  const essentials = connect(settings, config.read);

  const [feed, users] = await Promise.all([readFeed(settings.hr, process.cwd()), essentials.listUsers()]);
  const { people, problems: hrProblems, withoutAddress } = toPeople(feed.rows);
  const matches = match(users, people);
  refuseStrangers(matches, people);

  const decisions = decide(matches.matched, settings.policy);
  const violations = judge(decisions, settings.limits);

  const problems = [...hrProblems, ...matches.problems, ...findUnusedProtection(settings.policy, users)];
  const report = buildReport({ organisation: settings.domain, decisions, policy: settings.policy, problems, violations });
  await publish(report, settings.report);
  refuseViolations(violations);

  const outputs = {
    summary: report.summary,
    feed: describeFeed(feed, people, { withoutAddress, peopleWithoutAccount: matches.peopleWithoutAccount }),
    policyHash: hashPolicy(settings.policy),
    decisionsHash: report.decisionsHash,
  };
  await declare(decisions);
  return outputs;
}

export const { summary, feed, policyHash, decisionsHash } = await run().catch(stopClearly);
