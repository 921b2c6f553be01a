import { tellAmount } from "./money.ts";
import { sum, type ByRule, type Money, type SeatPlan } from "./planSeats.ts";

/** The plan in lines for people. */
export function tellSeats(plan: SeatPlan): readonly string[] {
  const { used, bought, after, freed, taken, money, isUnpriced, snapshot } = plan;
  const by = (word: string, rules: readonly ByRule[]) =>
    rules.length === 0 ? [] : [`${sum(rules)} ${word} (${rules.map(({ rule, seats }) => `${rule} ${seats}`).join(", ")})`];
  const excess = bought === undefined ? 0 : Math.max(after - bought, 0);
  const moved = [...by("freed", freed), ...by("taken", taken)];
  return [
    `Seats${plan.package && ` (${plan.package})`}: ${used} used${bought === undefined ? "" : ` of ${bought} bought`}, ${after} after this up${moved.length === 0 ? "" : `: ${moved.join(", ")}`}.`,
    ...(excess > 0 ? [`That is ${excess} more than were bought.`] : []),
    ...(money ? [tellMoney(money, excess)] : []),
    ...(isUnpriced
      ? [
          plan.package
            ? `proofpoint:price has no price for ${plan.package}, so no money is shown.`
            : "Proofpoint does not say which package the organisation has, so no money is shown.",
        ]
      : []),
    ...(snapshot && after !== used ? [`To count for the snapshot of ${snapshot.at}, an up must have ended by ${snapshot.countsBy}.`] : []),
  ];
}

function tellMoney({ currency, now, after, difference, prepaidUntil, isPrepaidOver }: Money, excess: number): string {
  const amount = (hundredths: number) => tellAmount(hundredths, currency);
  const sign = difference > 0 ? "+" : "";
  const usage = `${amount(now)} a month by usage, ${amount(after)} after this up (${sign}${amount(difference).replace(`${currency} `, "")})`;
  if (prepaidUntil === undefined) return `${usage}.`;
  if (isPrepaidOver) return `${usage}. Licences were prepaid until ${prepaidUntil}, which is over: see what they were renewed for.`;
  const until = prepaidUntil === "" ? "they are renewed" : prepaidUntil;
  const but = excess === 0 ? "" : `, but for the ${excess} more than were bought`;
  return `${usage}. Licences are prepaid: the usage changes, the invoice does not until ${until}${but}.`;
}
