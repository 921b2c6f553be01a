import { onOneLine } from "../../provider/essentials/errors.ts";
import type { Finding } from "./finding.ts";

/** "problem  Role            It is read-only." */
export function tellFinding({ level, subject, message }: Finding): string {
  return onOneLine(`${level.padEnd(8)} ${subject.padEnd(15)} ${message}`);
}
