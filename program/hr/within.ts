/** A deadline passed before the work was done. */
export class OutOfTime extends Error {}

/** Waits for work, but not for ever. @throws OutOfTime after so many milliseconds; the work itself goes on unheard */
export async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new OutOfTime()), ms);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
    work.catch(() => undefined);
  }
}
