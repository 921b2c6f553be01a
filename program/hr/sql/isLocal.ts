/** Whether a connection URL stays on this machine: the loopback, or a socket. Anything else is encrypted unless it says otherwise. */
export function isLocal(connection: string): boolean {
  const url = URL.parse(connection);
  const host = url?.searchParams.get("host") ?? url?.hostname ?? "";
  return host === "" || host.startsWith("/") || host === "localhost" || host === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(host);
}
