/** Reads shorter than this need no word; longer ones say as often where they are. */
const everyMs = 2_000;

/** Told how many records were read so far. */
export type Progress = (records: number) => void;

/**
 * Does a read and says how it goes on, should it take long: "Reading HR data: 12000 records so far, 14 s."
 * @param read is given a function to call with the number of records so far
 */
export async function watchRead<T>(
  read: (progress: Progress) => Promise<T>,
  say: (line: string) => void,
  intervalMs = everyMs,
): Promise<T> {
  let records = 0;
  const started = performance.now();
  const telling = setInterval(() => {
    const seconds = Math.round((performance.now() - started) / 1000);
    say(`Reading HR data: ${records === 0 ? "nothing yet" : `${records} records so far`}, ${seconds} s.`);
  }, intervalMs);
  try {
    return await read((count) => (records = count));
  } finally {
    clearInterval(telling);
  }
}
