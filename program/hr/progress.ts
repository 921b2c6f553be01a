/** Reads shorter than this need no word; longer ones say where they are as often. */
const everyMs = 2_000;

/** Says how a long read goes on: "Reading HR data: 12000 records so far, 14 s." */
export function createProgress(say: (line: string) => void, now: () => number): (records: number) => void {
  const started = now();
  let said = started;
  return (records) => {
    const time = now();
    if (time - said < everyMs) return;
    said = time;
    say(`Reading HR data: ${records} records so far, ${Math.round((time - started) / 1000)} s.`);
  };
}
