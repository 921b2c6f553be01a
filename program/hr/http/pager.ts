import { search, type JSONValue } from "@jmespath-community/jmespath";
import type { HttpFetch, HttpRequestSettings, Pager } from "./httpSettings.ts";
import { FeedError } from "../row.ts";
import type { WebAnswer } from "../web/web.ts";

/** Sends one request of the settings to an address, logged in. */
export type Get = (request: HttpRequestSettings, url: string, attempt: string) => Promise<WebAnswer>;

/**
 * Reads every page, in order.
 * @returns all records
 * @throws FeedError where a page fails, the cap is reached, or the pages do not advance
 */
export async function readPages(
  { request, records: path, pager }: HttpFetch,
  get: Get,
  name: string,
  progress: (count: number) => void,
): Promise<JSONValue[]> {
  const refuse = (what: string): never => {
    throw new FeedError(`Could not read ${name}: ${what}. Nothing was changed.`);
  };
  const all: JSONValue[] = [];
  const maxPages = pager.type === "none" ? 1 : pager.maxPages;
  let url: string | undefined = firstUrl(request, pager);
  let before = "";
  for (let page = 1; url !== undefined; page++) {
    if (page > maxPages)
      return refuse(`after ${maxPages} pages there were still more; raise proofpoint:hr.pager.maxPages if there are so many`);
    const { status, json, headers } = await get(request, url, `page ${page}`);
    const found = status === 204 || json === undefined ? [] : search(json as JSONValue, path);
    if (!Array.isArray(found)) return refuse(`page ${page} has no list at "${path}" (proofpoint:hr.records)`);
    const text = found.length === 0 ? "" : JSON.stringify(found);
    if (text !== "" && text === before)
      return refuse(`page ${page} is the same as the one before, so the pages do not advance (proofpoint:hr.pager)`);
    before = text;
    all.push(...found);
    progress(all.length);
    url = next(pager, { request, url, page, found: found.length, all: all.length, json: json as JSONValue | undefined, headers });
  }
  return all;
}

function firstUrl(request: HttpRequestSettings, pager: Pager): string {
  const url = new URL(request.url);
  for (const [key, value] of Object.entries(request.query)) url.searchParams.set(key, String(value));
  if (pager.type === "offset" || pager.type === "page") {
    url.searchParams.set(pager.parameter, String(pager.type === "page" ? pager.first : 0));
    url.searchParams.set(pager.sizeParameter, String(pager.size));
  }
  return url.href;
}

interface Page {
  readonly request: HttpRequestSettings;
  readonly url: string;
  readonly page: number;
  readonly found: number;
  readonly all: number;
  /** Undefined for an empty answer. */
  readonly json: JSONValue | undefined;
  readonly headers: WebAnswer["headers"];
}

/** The address of the next page; undefined after the last. */
function next(pager: Pager, { url, page, found, all, json, headers }: Page): string | undefined {
  switch (pager.type) {
    case "none":
      return undefined;
    case "offset":
    case "page": {
      if (found === 0 || (pager.stop === "short" && found < pager.size)) return undefined;
      if (pager.stop === "total" && pager.total !== undefined) {
        const total = Number(json === undefined ? undefined : search(json, pager.total));
        if (!Number.isInteger(total))
          throw new FeedError(`The HR system's answer has no number at "${pager.total}" (proofpoint:hr.pager.total).`);
        if (all >= total) return undefined;
      }
      return withParameter(url, pager.parameter, String(pager.type === "page" ? pager.first + page : all));
    }
    case "cursor": {
      const cursor = json === undefined ? null : search(json, pager.next);
      if (typeof cursor !== "string" && typeof cursor !== "number") return undefined;
      return cursor === "" ? undefined : withParameter(url, pager.parameter, String(cursor));
    }
    case "link":
      return linkedPage(url, headers["link"]);
  }
}

function withParameter(url: string, parameter: string, value: string): string {
  const changed = new URL(url);
  changed.searchParams.set(parameter, value);
  return changed.href;
}

/** `Link: <https://…?page=2>; rel="next"` (RFC 8288). The login is never sent to another host. */
function linkedPage(url: string, header: unknown): string | undefined {
  if (typeof header !== "string") return undefined;
  const [, target] = /<([^>]*)>\s*;[^,]*\brel="?next"?/i.exec(header) ?? [];
  if (target === undefined) return undefined;
  const linked = new URL(target, url);
  if (linked.origin === new URL(url).origin) return linked.href;
  throw new FeedError(`The HR system names a next page at another host, ${linked.host}; the login is not sent there. Nothing was changed.`);
}
