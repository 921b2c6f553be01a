import { planSeats, type SeatPlan } from "../seats/planSeats.ts";
import type { Gathered } from "./gather.ts";
import type { Decision } from "./policy/decision.ts";
import type { Settings } from "./settings.ts";

/** What the decisions of a run do to seats and money. */
export function seatsOf(decisions: readonly Decision[], { users, organisation }: Gathered, settings: Settings, now: Date): SeatPlan {
  const { price: prices, billing, timeZone } = settings;
  const active = new Set(users.flatMap((user) => (user.active ? [user.email] : [])));
  const changes = decisions.map(({ email, have, want, rule }) => ({ have, want, rule, active: active.has(email) }));
  return planSeats({ organisation, changes, prices, billing, timeZone, now });
}
