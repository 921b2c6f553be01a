import { foldAddress } from "./address.ts";
import { exemptionsForms } from "./azureSync.ts";
import type { Essentials } from "./client.ts";
import { EssentialsError } from "./errors.ts";

interface Wanted {
  readonly email: string;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Addresses in one PUT; a longer list is cut into several. */
const mostAtOnce = 500;

/**
 * Collects the exemptions of one operation and adds them with one PUT: those that are asked for within `settleMs` of one
 * another belong together. Afterwards one list shows whether the service has them.
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
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.send(this.waiting.splice(0)), this.settleMs);
    return new Promise((resolve, reject) => this.waiting.push({ email, resolve, reject }));
  }

  private async send(wanted: readonly Wanted[]): Promise<void> {
    try {
      for (let from = 0; from < wanted.length; from += mostAtOnce)
        await this.put(wanted.slice(from, from + mostAtOnce).map(({ email }) => email));
      const there = new Set((await this.essentials.listExemptions("confirm the Azure sync exemptions")).map(foldAddress));
      for (const { email, resolve, reject } of wanted) {
        if (there.has(foldAddress(email))) resolve();
        else reject(ignored(email));
      }
    } catch (error) {
      for (const { reject } of wanted) reject(error);
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

function ignored(email: string): EssentialsError {
  return new EssentialsError({
    code: "rejected",
    attempt: `exempt ${email} from Azure sync`,
    cameBack: "the API accepted it, and the exemption is not there",
    advice: "Add it in the Proofpoint console, or set proofpoint:exemptions to warn. The account keeps its type until then.",
  });
}
