type Config = Readonly<Record<string, unknown>>;

/**
 * What is different in one organisation, laid over what all share: maps key by key, at any depth, so that a limit or an
 * exemption nobody speaks of stays; anything else, lists too, in the place of what was there.
 */
export function layOver(base: Config, own: Config): Config {
  const merged = Object.entries(own).map(([key, value]) => {
    const below = base[key];
    return [key, isMap(below) && isMap(value) ? layOver(below, value) : value] as const;
  });
  return { ...base, ...Object.fromEntries(merged) };
}

function isMap(value: unknown): value is Config {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
