/** Ends a simulator with its command. For before anybody is told its address: whoever knows it may end it at once. */
export function endOnSignal(end: () => void): void {
  process.once("SIGINT", end);
  process.once("SIGTERM", end);
}
