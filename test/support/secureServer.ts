import { once } from "node:events";
import type http from "node:http";
import https from "node:https";
import type { AddressInfo } from "node:net";

export interface SecureServer {
  readonly port: number;
  /** `https://127.0.0.1:4711` */
  readonly url: string;
  close(): Promise<void>;
}

/** A TLS server on the loopback, with a client certificate required where `options` say so. */
export async function serveSecurely(answer: http.RequestListener, options: https.ServerOptions): Promise<SecureServer> {
  const server = https.createServer(options, answer).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `https://127.0.0.1:${port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

export async function readBody(request: http.IncomingMessage): Promise<string> {
  let body = "";
  for await (const chunk of request) body += String(chunk);
  return body;
}
