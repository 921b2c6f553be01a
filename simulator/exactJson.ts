/**
 * `JSON.parse` that keeps the digits of every number. The simulator has its own: a fault in the client's would go unseen
 * if both had it.
 */
export function parseExactly(text: string): unknown {
  const reviver = (_key: string, value: unknown, context: { source?: string }) =>
    typeof value === "number" && context.source !== undefined && context.source !== String(value) ? raw(context.source) : value;
  return JSON.parse(text, reviver as (key: string, value: unknown) => unknown);
}

function raw(source: string): unknown {
  return (JSON as unknown as { rawJSON: (source: string) => unknown }).rawJSON(source);
}
