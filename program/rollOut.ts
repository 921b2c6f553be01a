import { changesExemptions } from "./exempt.ts";
import type { Gathered } from "./gather.ts";
import { isChange, type Decision } from "./policy/decision.ts";
import { hashPolicy } from "./policy/policy.ts";
import { judgeWave, type Wave } from "./policy/wave.ts";
import { judgePromotion } from "./promotion.ts";
import type { Settings } from "./settings.ts";

/** What of the decisions one run carries out, and whether it may. */
export interface RollOut {
  readonly decisions: readonly Decision[];
  readonly policyHash: string;
  /** To be remembered while others wait. */
  readonly wave?: Wave;
  /** Why this stack may not follow the one it promotes from; empty where it may. */
  readonly unpromoted: readonly string[];
  /** Which wave it is. */
  readonly notes: readonly string[];
}

export interface Occasion {
  readonly now: Date;
  /** The approval that lets all of this pass, by the hash of what was approved. */
  readonly approved: string | undefined;
  /** The decisions where these accounts wait. */
  readonly hold: (waiting: ReadonlyMap<string, Decision>) => readonly Decision[];
}

/** Waves, and the stack that goes ahead. */
export function rollOut(all: readonly Decision[], gathered: Gathered, settings: Settings, { now, approved, hold }: Occasion): RollOut {
  const { memory, sync } = gathered;
  const policyHash = hashPolicy(settings.policy);
  const { written, wave: last } = memory;
  const { wave, waiting, notes } = judgeWave(all, { waves: settings.waves, last, policyHash, written, sync, now, approved });
  const decisions = waiting.size === 0 ? all : hold(waiting);
  const isNews = decisions.some(isChange) || changesExemptions(decisions, gathered) || policyHash !== memory.policyHash;
  return {
    decisions,
    policyHash,
    ...(wave && { wave }),
    unpromoted: isNews ? refuseToFollow(settings, gathered.promoted, now) : [],
    notes,
  };
}

/** A stack that follows another one changes nothing that one has not applied lately. */
function refuseToFollow(settings: Settings, promoted: unknown, now: Date): readonly string[] {
  const { promotesFrom: from, promotionMaxAgeHours: maxAgeHours, policy } = settings;
  return from === undefined ? [] : judgePromotion(promoted, { from, maxAgeHours, policy, now });
}
