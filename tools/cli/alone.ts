import { lock } from "proper-lockfile";
import { ErrorForPeople, systemAnswer } from "../../provider/essentials/errors.ts";

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

export interface Turn {
  readonly folder: string;
  /** For the message: `seats`. */
  readonly command: string;
  /** It has children that must not be left alone, and what others write at the same time is no harm but to reports. */
  readonly goesOn?: boolean;
}

/**
 * Runs what reads a folder and writes in it, alone: two pushes at once would each send what the other has not seen.
 * @throws NotAlone where another one is at work for longer than it takes to see that it lives
 */
export async function alone<T>({ folder, command, goesOn = false }: Turn, work: () => Promise<T>): Promise<T> {
  const lost = goesOn ? () => console.error(`Another ${command} command may be at work in ${folder} by now.`) : onCompromised;
  const release = await lock(folder, { lockfilePath: `${folder}/.lock`, stale: staleMs, retries, onCompromised: lost }).catch(
    (error: unknown) => {
      const { code } = error as NodeJS.ErrnoException;
      // Whoever opens the folder says it better.
      if (code === "ENOENT") return () => Promise.resolve();
      throw new NotAlone(
        code === "ELOCKED"
          ? `Another ${command} command is at work in ${folder}; nothing was done. Wait until it has ended, and run again.`
          : `Could not lock ${folder}: ${systemAnswer(error)}. Nothing was done.`,
      );
    },
  );
  try {
    return await work();
  } finally {
    // A lock that was lost is somebody else's.
    await release().catch(() => undefined);
  }
}
