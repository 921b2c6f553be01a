/** Whether a connection URL stays on this machine: the loopback, or a socket. Anything else is encrypted unless it says otherwise. */
export function isLocal(connection: string): boolean {
  const host = URL.parse(connection)?.hostname ?? "";
  return host === "" || host === "localhost" || host === "[::1]" || /^127\./.test(host);
}
