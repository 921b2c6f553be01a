import { foldAddress } from "./address.ts";
import type { Essentials } from "./client.ts";
import { EssentialsError } from "./errors.ts";
import type { ManagedType } from "./schema.ts";

/** Settles when the account is seen to have the type; throws EssentialsError when it is not. */
export type Verified = (email: string, want: ManagedType, attempt: string) => Promise<void>;

interface Written {
  readonly email: string;
  readonly want: ManagedType;
  readonly attempt: string;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Checks writes against what the service shows afterwards, with one list for all writes that finish together.
 *
 * The engine starts updates one after the other while the program is still declaring, so "together" means: no write
 * under way and none begun for `settleMs`.
 */
export class Verifier {
  private readonly essentials: Essentials;
  private readonly settleMs: number;
  private underWay = 0;
  private waiting: Written[] = [];
  private timer: NodeJS.Timeout | undefined;

  /** @param settleMs quiet time before the list is fetched. @default 250 */
  constructor(essentials: Essentials, settleMs = 250) {
    this.essentials = essentials;
    this.settleMs = settleMs;
  }

  /** Runs one write, which calls `verified` when it has been sent. */
  async during<T>(write: (verified: Verified) => Promise<T>): Promise<T> {
    let done = false;
    const leave = () => {
      if (done) return;
      done = true;
      this.underWay--;
      this.settle();
    };
    this.underWay++;
    clearTimeout(this.timer);
    try {
      return await write((email, want, attempt) => {
        const seen = new Promise<void>((resolve, reject) => this.waiting.push({ email, want, attempt, resolve, reject }));
        leave();
        return seen;
      });
    } finally {
      leave();
    }
  }

  private settle(): void {
    clearTimeout(this.timer);
    if (this.underWay > 0 || this.waiting.length === 0) return;
    this.timer = setTimeout(() => void this.verify(this.waiting.splice(0)), this.settleMs);
  }

  private async verify(written: readonly Written[]): Promise<void> {
    try {
      const users = await this.essentials.listUsers();
      const types = new Map(users.map((user) => [foldAddress(user.email), user.type]));
      await Promise.all(written.map((write) => this.judge(write, types.get(foldAddress(write.email)))));
    } catch (error) {
      for (const { attempt, reject } of written) reject(unverified(attempt, error));
    }
  }

  private async judge({ email, want, attempt, resolve, reject }: Written, listed: string | undefined): Promise<void> {
    if (listed === want) return resolve();
    try {
      // Lists may lag behind a write; the account itself decides before anybody is told of a failure.
      const { type } = await this.essentials.getUser(email, attempt);
      if (type === want) return resolve();
      reject(
        new EssentialsError({
          code: "rejected",
          attempt,
          cameBack: `the API accepted the change, and the account is still ${type}`,
          advice: "Change it in the Proofpoint console, or hold the account (proofpoint:policy.protect.emails).",
        }),
      );
    } catch (error) {
      reject(error);
    }
  }
}

function unverified(attempt: string, error: unknown): unknown {
  if (!(error instanceof EssentialsError)) return error;
  return new EssentialsError({
    code: error.code,
    attempt: `confirm: ${attempt}`,
    cameBack: `the API accepted the change, and the list that confirms it failed: ${error.cameBack}`,
    advice: "It is most likely done. Run again: the account is read first.",
  });
}
