import { connect } from "../provider/essentials/connect.ts";
import { refuseApproval } from "./approval.ts";
import { declare } from "./declare.ts";
import { evaluate } from "./evaluate.ts";
import { gather } from "./gather.ts";
import { readMemory } from "./lastRun.ts";
import { remember } from "./memory.ts";
import { hashPolicy } from "./policy/policy.ts";
import { publish } from "./publish.ts";
import { buildReport, hashDecisions } from "./report.ts";
import { readSettings } from "./settings.ts";
import { stackConfig } from "./stackConfig.ts";
import { refuseViolations, stopClearly } from "./stop.ts";
import { surroundings } from "./surroundings.ts";
import { judgeDay } from "./today.ts";

/** The whole product: who works here, what should every account be, is that safe to do, then say it and declare it. */
async function run() {
  const config = stackConfig();
  const settings = readSettings(config);
  const { source, now, preview, stack } = surroundings();
  const today = judgeDay(settings, now, preview);
  const essentials = connect(settings, config.read);

  const [gathered, memory] = await Promise.all([gather(settings, essentials, source), readMemory()]);
  const { decisions, passport, violations, ...findings } = evaluate(gathered, settings, { today, now, login: essentials.login, memory });

  const decisionsHash = hashDecisions(decisions);
  const { approval } = settings;
  const unfit = approval && refuseApproval(approval, decisionsHash, now);
  const approved = violations.length > 0 && approval && !unfit ? approval : undefined;

  const report = buildReport({ organisation: settings.domain, decisions, decisionsHash, violations, approved, ...findings });
  await publish(report, settings.report);
  if (!approved) refuseViolations(violations, stack, unfit);

  const outputs = {
    summary: report.summary,
    feed: passport,
    feeds: remember(passport, memory),
    policyHash: hashPolicy(settings.policy),
    decisionsHash,
    approval: approved ?? null,
  };
  await declare(decisions, gathered.sync.mode === "manage");
  return outputs;
}

export const { summary, feed, feeds, policyHash, decisionsHash, approval } = await run().catch(stopClearly);
