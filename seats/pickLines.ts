import { ErrorForPeople } from "../provider/essentials/errors.ts";
import { packageKey } from "./package.ts";
import { serviceId } from "./readExport.ts";
import type { Line } from "./reconcile.ts";

/** Which lines somebody means cannot be told. */
export class WhichLines extends ErrorForPeople {}

export interface Meant {
  /** Accounts by their ID, or by their name in any case; all where `all` says so. */
  readonly accounts: readonly string[];
  readonly all: boolean;
  /** Of those, the line of one package or service alone. */
  readonly service?: string | undefined;
}

/** @throws WhichLines for an account no line is about, or a name two of them have */
export function pickLines(all: readonly Line[], meant: Meant): readonly Line[] {
  const { service } = meant;
  const ofAccounts = pickAccounts(all, meant);
  if (service === undefined) return ofAccounts;
  const lines = ofAccounts.filter(
    (line) => line.service === service || line.service === serviceId(service) || packageKey(line.package) === packageKey(service),
  );
  if (lines.length === 0) throw new WhichLines(`None of these lines is about ${service}. npm run seats -- reconcile shows their packages.`);
  return lines;
}

function pickAccounts(lines: readonly Line[], { accounts, all }: Meant): readonly Line[] {
  if (all) return lines;
  const ids = accounts.map((given) => {
    if (lines.some(({ account }) => account === given)) return given;
    const named = lines.filter(({ accountName }) => accountName.toLowerCase() === given.toLowerCase());
    const [id, ...others] = new Set(named.map(({ account }) => account));
    if (id === undefined) throw new WhichLines(`No line is about ${given}. npm run seats -- reconcile shows what they are called.`);
    if (others.length > 0) throw new WhichLines(`${given} is the name of ${[id, ...others].join(" and ")}. Say which by its ID.`);
    return id;
  });
  return lines.filter(({ account }) => ids.includes(account));
}
