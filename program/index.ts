import { connect } from "../provider/essentials/connect.ts";
import { declare } from "./declare.ts";
import { evaluate } from "./evaluate.ts";
import { gather } from "./gather.ts";
import { remember } from "./memory.ts";
import { publish } from "./publish.ts";
import { buildReport } from "./report.ts";
import { judgeReadiness } from "./readiness/judge.ts";
import { look } from "./readiness/look.ts";
import { readMemory } from "./readMemory.ts";
import { readPromoted } from "./readPromoted.ts";
import { readSettings } from "./settings.ts";
import { stackConfig } from "./stackConfig.ts";
import { refuseProblems, refuseUnpromoted, refuseViolations, stopClearly } from "./stop.ts";
import { surroundings } from "./surroundings.ts";
import { judgeDay } from "./today.ts";

/** The whole product: who works here, what should every account be, is that safe to do, then say it and declare it. */
async function run() {
  const config = stackConfig();
  const settings = readSettings(config);
  const { source, now, preview, stack, unlessPreview } = surroundings();
  const today = judgeDay(settings, now, preview);
  const essentials = await connect(settings, config.read);

  const [gathered, facts] = await Promise.all([
    gather(settings, essentials, source, { now, memory: readMemory(), promoted: readPromoted(settings.promotesFrom) }),
    preview ? undefined : look(essentials),
  ]);
  const evaluation = evaluate(gathered, settings, { today, now, login: essentials.login });
  const { decisions, decisionsHash, passport, approved, policyHash, wave, seats } = evaluation;
  const findings = facts ? judgeReadiness(facts, { settings, decisions, now }) : [];

  const report = buildReport(settings.domain, evaluation, findings);
  await publish(report, settings.report);
  refuseProblems(findings, stack);
  if (!preview) refuseUnpromoted(evaluation);
  refuseViolations(evaluation, stack);

  const onceApplied = await declare(decisions, gathered);
  return {
    summary: unlessPreview(report.summary),
    feed: onceApplied(passport),
    feeds: onceApplied(remember(passport, gathered.memory)),
    policyHash: onceApplied(policyHash),
    policy: onceApplied(settings.policy),
    appliedAt: onceApplied(now.toISOString()),
    wave: unlessPreview(wave ?? null),
    seats: unlessPreview(seats),
    decisionsHash: unlessPreview(decisionsHash),
    approval: unlessPreview(approved ?? null),
  };
}

export const { summary, feed, feeds, policyHash, policy, appliedAt, wave, seats, decisionsHash, approval } = await run().catch(stopClearly);
