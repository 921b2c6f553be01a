// Another clock for the Node processes of a run, or only those whose script has CLOCK_ONLY in its path: CLOCK_SHIFT_MS off,
// from CLOCK_AFTER_MS after their start.
const concerned = process.argv[1]?.includes(process.env.CLOCK_ONLY ?? "") ?? false;
const shift = concerned ? Number(process.env.CLOCK_SHIFT_MS ?? 0) : 0;
const after = Number(process.env.CLOCK_AFTER_MS ?? 0);
const RealDate = Date;
const now = () => RealDate.now() + (performance.now() >= after ? shift : 0);
globalThis.Date = class Date extends RealDate {
  constructor(...args) {
    if (args.length === 0) super(now());
    else super(...args);
  }
  static now() {
    return now();
  }
};
