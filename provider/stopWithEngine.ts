import { connect } from "node:net";

const checkEveryMs = 500;

/**
 * Ends this process soon after the engine is gone. A killed CLI leaves its provider behind, in the middle of its writes,
 * and it must not go on alone. The SDK starts a provider with the engine's address; nobody listens there any more then.
 */
export function stopWithEngine(address = process.argv[2]): void {
  const [, host, port] = /^(.*):(\d+)$/.exec(address ?? "") ?? [];
  if (host === undefined || port === undefined) return;
  setInterval(() => {
    const socket = connect(Number(port), host);
    socket.once("connect", () => socket.destroy());
    socket.once("error", ({ code }: NodeJS.ErrnoException) => {
      if (code === "ECONNREFUSED") process.exit(1);
    });
  }, checkEveryMs).unref();
}
