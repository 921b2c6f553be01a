// Another clock for every Node process of a run: CLOCK_SHIFT_MS from the start on, or from CLOCK_AFTER_MS after it.
const shift = Number(process.env.CLOCK_SHIFT_MS ?? 0);
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
