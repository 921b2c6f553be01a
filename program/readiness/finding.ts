/** What a look at one thing found. */
export interface Finding {
  /** `warning`: a run works, and somebody should know. `problem`: a run would fail or do the wrong thing. */
  readonly level: "ok" | "warning" | "problem";
  /** What was looked at: "Login". */
  readonly subject: string;
  /** What was found, and for anything but ok what to do. */
  readonly message: string;
}

/** For one subject: fills in its name. */
export function about(subject: string) {
  return (level: Finding["level"], message: string): Finding => ({ level, subject, message });
}
