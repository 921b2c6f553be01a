import { lock } from "proper-lockfile";
import { ErrorForPeople } from "../../provider/essentials/errors.ts";

/** Somebody else writes in the same folder. */
export class NotAlone extends ErrorForPeople {}

const staleMs = 10_000;
/** Longer than the lock of a command that was killed counts. */
const retries = { retries: 13, factor: 1, minTimeout: 1000, maxTimeout: 1000 };

/** This process slept longer than its lock counts, and another one may be at work by now. */
function onCompromised(): void {
  console.error("This command lost its turn in the folder, so it ends here. Run it again: what it has done is remembered.");
  process.exit(1);
}

/**
 * Runs what reads a folder and writes in it, alone: two pushes at once would each send what the other has not seen.
 * @throws NotAlone where another one is at work for longer than it takes to see that it lives
 */
export async function alone<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const release = await lock(folder, { lockfilePath: `${folder}/.lock`, stale: staleMs, retries, onCompromised }).catch(
    (error: unknown) => {
      const { code, message } = error as NodeJS.ErrnoException;
      // Whoever opens the folder says it better.
      if (code === "ENOENT") return () => Promise.resolve();
      throw new NotAlone(
        code === "ELOCKED"
          ? `Another seats command is at work in ${folder}; nothing was done. Wait until it has ended, and run again.`
          : `Could not lock ${folder}: the system answered ${code ?? message}. Nothing was done.`,
      );
    },
  );
  try {
    return await work();
  } finally {
    await release();
  }
}
