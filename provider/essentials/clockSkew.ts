/** How far this machine's clock is from the API's, by the `Date` of its answers, which has whole seconds. */
export class ClockSkew {
  private skew: number | undefined;

  /** Milliseconds this machine is ahead (behind, where negative); undefined before the first answer with a date. */
  get ms(): number | undefined {
    return this.skew;
  }

  /**
   * The smallest difference that explains when the request left and when its answer came.
   * @param date the header of the answer; anything else than a date counts as none
   */
  hear(date: unknown, sentAtMs: number, gotAtMs: number): void {
    const server = Date.parse(String(date));
    if (Number.isNaN(server)) return;
    // The answer was written at some time between the two, in the second that begins with its date.
    const [ahead, behind] = [sentAtMs - (server + 1000), server - gotAtMs];
    this.skew = ahead > 0 ? ahead : behind > 0 ? -behind : 0;
  }
}
