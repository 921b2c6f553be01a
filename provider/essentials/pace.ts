import pLimit from "p-limit";

/**
 * How many requests may be under way at once. It starts gently, doubles with every full round of answers up to
 * `max`, halves when the API says it is too much (429) and then grows by one a round.
 */
export class Pace {
  private readonly max: number;
  private readonly limit;
  private ceiling: number;
  private answered = 0;
  private resumeAtMs = 0;
  private halvedAtMs = -Infinity;
  private readonly now: () => number;
  private readonly sleep: (ms: number) => Promise<void>;

  constructor(max: number, sleep: (ms: number) => Promise<void>, now: () => number = () => performance.now()) {
    this.max = max;
    this.ceiling = max;
    this.limit = pLimit(Math.min(2, max));
    this.sleep = sleep;
    this.now = now;
  }

  /** Requests that may be under way at once, now. */
  get concurrency(): number {
    return this.limit.concurrency;
  }

  run<T>(request: () => Promise<T>): Promise<T> {
    return this.limit(async () => {
      // A pause asked for by the server holds for everybody, also for those already let through the gate.
      for (let waitMs = this.resumeAtMs - this.now(); waitMs > 0; waitMs = this.resumeAtMs - this.now()) await this.sleep(waitMs);
      return request();
    });
  }

  /** The API answered normally. */
  succeeded(): void {
    if (this.concurrency >= this.max) return;
    this.answered++;
    const round = this.concurrency < this.ceiling ? 1 : this.concurrency;
    if (this.answered < round) return;
    this.answered = 0;
    this.limit.concurrency = this.concurrency + 1;
  }

  /**
   * The API answered 429: half as much from now on, and nothing at all for `pauseMs`. Answers to requests that were
   * under way already at the last halving tell nothing new.
   */
  throttled(pauseMs: number, sentAtMs: number): void {
    this.resumeAtMs = Math.max(this.resumeAtMs, this.now() + pauseMs);
    if (sentAtMs < this.halvedAtMs) return;
    this.halvedAtMs = this.now();
    this.ceiling = Math.max(1, Math.floor(this.concurrency / 2));
    this.limit.concurrency = this.ceiling;
    this.answered = 0;
  }
}
