import { once } from "node:events";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { readBody } from "./secureServer.ts";

/** One request a forge got, as `POST /path?query`, and what came with it. */
export interface Asked {
  readonly what: string;
  readonly body: unknown;
}

export interface FakeForge {
  readonly url: string;
  readonly asked: Asked[];
  readonly token: string | undefined;
  close(): Promise<void>;
}

type Answer = (what: string, body: unknown) => { readonly status?: number; readonly body: unknown };

/** A forge on the loopback that keeps what it is asked. */
export async function startForge(answer: Answer): Promise<FakeForge> {
  const asked: Asked[] = [];
  let token: string | undefined;
  const server = http.createServer((request, response) => {
    token = request.headers.authorization;
    void readBody(request).then((text) => {
      const what = `${request.method} ${decodeURIComponent(request.url ?? "")}`;
      const body: unknown = text === "" ? undefined : JSON.parse(text);
      asked.push({ what, body });
      const given = answer(what, body);
      response.writeHead(given.status ?? 200, { "Content-Type": "application/json" }).end(JSON.stringify(given.body));
    });
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    get token() {
      return token;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

interface Item {
  readonly id: number;
  readonly number: number;
  body: string;
  title?: string;
  state?: string;
  readonly user: { readonly type: string };
}

/** A repository acme/mail of GitHub, with comments on its pull request 7 and issues. */
export function gitHubRepository(): { readonly comments: Item[]; readonly issues: Item[]; readonly answer: Answer } {
  const comments: Item[] = [];
  const issues: Item[] = [];
  const add = (to: Item[], given: object): Item => {
    const id = to.length + 1;
    const item = { id, number: id, body: "", state: "open", user: { type: "Bot" }, ...given };
    to.push(item);
    return item;
  };
  const answer: Answer = (what, body) => {
    const given = body as object;
    const number = Number(/\/(\d+)$/.exec(what)?.[1]) - 1;
    if (what.startsWith("GET /repos/acme/mail/issues/7/comments")) return { body: comments };
    if (what.startsWith("GET /repos/acme/mail/issues?state=open")) return { body: issues.filter(({ state }) => state === "open") };
    if (what === "POST /repos/acme/mail/issues/7/comments") return { status: 201, body: add(comments, given) };
    if (what === "POST /repos/acme/mail/issues") return { status: 201, body: add(issues, given) };
    if (what.startsWith("PATCH /repos/acme/mail/issues/comments/")) return { body: Object.assign(comments[number]!, given) };
    if (what.startsWith("PATCH /repos/acme/mail/issues/")) return { body: Object.assign(issues[number]!, given) };
    return what.startsWith("POST /repos/acme/mail/issues/") ? { status: 201, body: {} } : { status: 404, body: {} };
  };
  return { comments, issues, answer };
}
