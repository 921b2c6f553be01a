/**
 * Whether a connection URL stays on this machine: the loopback, or a socket. Anything else is encrypted unless it says
 * otherwise, and so is what cannot be told.
 * @param environment where PostgreSQL's driver looks for a host that is not in the URL
 */
export function isLocal(connection: string, environment: Readonly<Record<string, string | undefined>> = {}): boolean {
  const url = URL.parse(connection);
  if (!url) return false;
  const host = url.searchParams.get("host") ?? (url.hostname || (environment["PGHOST"] ?? ""));
  return host === "" || host.startsWith("/") || host === "localhost" || host === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(host);
}
