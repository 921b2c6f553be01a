import { foldAddress } from "./address.ts";
import { exemptionsForms } from "./azureSync.ts";
import type { Essentials } from "./client.ts";
import { EssentialsError } from "./errors.ts";

interface Wanted {
  readonly email: string;
  /** Whether it is to be exempt, or no longer. */
  readonly exempt: boolean;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Addresses in one PUT; a longer list is cut into several. */
const mostAtOnce = 500;

/**
 * Collects the exemptions of one operation and adds them with one PUT: those that are asked for within `settleMs` of one
 * another belong together. They are removed one by one: the call that removes several removes all there are. Afterwards
 * one list shows what the service has.
 */
export class Exempter {
  private readonly essentials: Essentials;
  private readonly settleMs: number;
  private waiting: Wanted[] = [];
  private timer: NodeJS.Timeout | undefined;

  /** @param settleMs quiet time before they are sent. @default 250 */
  constructor(essentials: Essentials, settleMs = 250) {
    this.essentials = essentials;
    this.settleMs = settleMs;
  }

  /** Settles when the service shows the exemption. @throws EssentialsError where it refuses or ignores it */
  add(email: string): Promise<void> {
    return this.settle(email, true);
  }

  /** Settles when the service no longer shows it. @throws EssentialsError where it refuses or ignores that */
  async remove(email: string): Promise<void> {
    await this.essentials.removeExemption(email, `remove the Azure sync exemption of ${email}`);
    return this.settle(email, false);
  }

  private settle(email: string, exempt: boolean): Promise<void> {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.send(this.waiting.splice(0)), this.settleMs);
    return new Promise((resolve, reject) => this.waiting.push({ email, exempt, resolve, reject }));
  }

  private async send(wanted: readonly Wanted[]): Promise<void> {
    const added = wanted.flatMap(({ email, exempt }) => (exempt ? [email] : []));
    const refused = new Map<string, unknown>();
    for (let from = 0; from < added.length; from += mostAtOnce) await this.addAll(added.slice(from, from + mostAtOnce), refused);
    try {
      const there = new Set((await this.essentials.listExemptions("confirm the Azure sync exemptions")).map(foldAddress));
      for (const { email, exempt, resolve, reject } of wanted) {
        // What the list shows counts: an answer that was lost may have been a yes.
        if (there.has(foldAddress(email)) === exempt) resolve();
        else reject(refused.get(email) ?? ignored(email, exempt));
      }
    } catch (error) {
      for (const { reject } of wanted) reject(error);
    }
  }

  /** One PUT; where the service refuses it for one of the addresses, several that find out which. */
  private async addAll(emails: readonly string[], refused: Map<string, unknown>): Promise<void> {
    try {
      await this.put(emails);
    } catch (error) {
      if (emails.length === 1 || !(error instanceof EssentialsError) || error.code !== "rejected") {
        for (const email of emails) refused.set(email, error);
        return;
      }
      const half = Math.ceil(emails.length / 2);
      await this.addAll(emails.slice(0, half), refused);
      await this.addAll(emails.slice(half), refused);
    }
  }

  /** The form of the list is documented in words only: the first that the service takes is the right one. */
  private async put(emails: readonly string[]): Promise<void> {
    const attempt = `exempt ${emails.length === 1 ? emails[0] : `${emails.length} addresses`} from Azure sync`;
    for (const form of exemptionsForms) {
      try {
        return await this.essentials.addExemptions(emails, form, attempt);
      } catch (error) {
        const wrongForm = error instanceof EssentialsError && (error.code === "rejected" || error.code === "unexpected_response");
        if (!wrongForm || form === exemptionsForms.at(-1)) throw error;
      }
    }
  }
}

function ignored(email: string, exempt: boolean): EssentialsError {
  return new EssentialsError({
    code: "rejected",
    ...(exempt
      ? {
          attempt: `exempt ${email} from Azure sync`,
          cameBack: "the API accepted it, and the exemption is not there",
          advice: "Add it in the Proofpoint console, or set proofpoint:exemptions to warn. The account keeps its type until then.",
        }
      : {
          attempt: `remove the Azure sync exemption of ${email}`,
          cameBack: "the API accepted it, and the exemption is still there",
          advice: "Remove it in the Proofpoint console.",
        }),
  });
}
