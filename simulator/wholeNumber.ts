/** An option of the command line that is a count. */
export function wholeNumber(name: string, text: string, most = Number.MAX_SAFE_INTEGER): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number > most)
    throw new Error(`--${name} is "${text}"; a whole number${most < Number.MAX_SAFE_INTEGER ? ` up to ${most}` : ""} is expected`);
  return number;
}
