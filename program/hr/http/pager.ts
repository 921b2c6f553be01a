import type { JSONValue } from "@jmespath-community/jmespath";
import type { HttpFetch, HttpRequestSettings, Pager } from "./httpSettings.ts";
import { FeedError } from "../row.ts";
import { evaluate } from "./expression.ts";
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
  const seen = new Set<string>();
  let before = "";
  let firstPage: number | undefined;
  for (let page = 1; url !== undefined; page++) {
    if (page > maxPages)
      return refuse(`after ${maxPages} pages there were still more; raise proofpoint:hr.pager.maxPages if there are so many`);
    const { status, json, headers } = await get(request, url, `page ${page}`);
    if (status !== 204 && json === undefined) return refuse(`page ${page} is empty, and an end is told by 204 or an empty list`);
    const found = status === 204 ? [] : evaluate(json, path, "records");
    if (!Array.isArray(found)) return refuse(`page ${page} has no list at "${path}" (proofpoint:hr.records)`);
    const text = found.length === 0 ? "" : JSON.stringify(found);
    if (text !== "" && text === before)
      return refuse(`page ${page} is the same as the one before, so the pages do not advance (proofpoint:hr.pager)`);
    before = text;
    for (const record of found) {
      const once = JSON.stringify(record);
      if (page > 1 && seen.has(once))
        return refuse(`page ${page} has a record that came before, so the list changed while it was read; run again`);
      if (pager.type !== "none") seen.add(once);
      all.push(record);
    }
    firstPage ??= found.length;
    progress(all.length);
    url = next(pager, { url, page, found: found.length, firstPage, all: all.length, json, headers }, refuse);
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
  readonly url: string;
  readonly page: number;
  readonly found: number;
  readonly firstPage: number;
  readonly all: number;
  /** Undefined for an empty answer. */
  readonly json: unknown;
  readonly headers: WebAnswer["headers"];
}

/** The address of the next page; undefined after the last. */
function next(pager: Pager, page: Page, refuse: (what: string) => never): string | undefined {
  switch (pager.type) {
    case "none":
      return undefined;
    case "offset":
    case "page":
      if (isLast(pager, page, refuse)) return undefined;
      return withParameter(page.url, pager.parameter, String(pager.type === "page" ? pager.first + page.page : page.all));
    case "cursor": {
      const cursor = evaluate(page.json, pager.next, "pager.next");
      if (cursor === null || cursor === "") return undefined;
      if (typeof cursor === "object") return refuse(`what stands at "${pager.next}" is no cursor (proofpoint:hr.pager.next)`);
      return withParameter(page.url, pager.parameter, String(cursor));
    }
    case "link":
      return linkedPage(page.url, page.headers["link"], refuse);
  }
}

function isLast(
  pager: Extract<Pager, { stop: string }>,
  { found, firstPage, page, all, json }: Page,
  refuse: (what: string) => never,
): boolean {
  switch (pager.stop) {
    case "empty":
      return found === 0;
    case "short":
      // A server may give fewer than it is asked for on every page: only a page shorter than the first is a short one.
      return found === 0 || (page > 1 && found < Math.min(firstPage, pager.size));
    case "total": {
      const told = json === undefined ? null : evaluate(json, pager.total ?? "", "pager.total");
      const total = typeof told === "number" || (typeof told === "string" && /^\d+$/.test(told)) ? Number(told) : undefined;
      if (total === undefined) return refuse(`page ${page} has no number at "${pager.total}" (proofpoint:hr.pager.total)`);
      if (found === 0 && all < total) return refuse(`page ${page} is empty, and only ${all} of ${total} records have come`);
      return all >= total;
    }
  }
}

function withParameter(url: string, parameter: string, value: string): string {
  const changed = new URL(url);
  changed.searchParams.set(parameter, value);
  return changed.href;
}

/** `Link: <https://…?page=2>; rel="next"` (RFC 8288). The login is never sent to another host. */
function linkedPage(url: string, header: unknown, refuse: (what: string) => never): string | undefined {
  if (typeof header !== "string") return undefined;
  const links = [...header.matchAll(/<([^>]*)>((?:\s*;\s*[^\s=;,]+(?:\s*=\s*(?:"[^"]*"|[^\s;,]*))?)*)/g)];
  const target = links.find(([, , parameters = ""]) => {
    const [, rel = ""] = /;\s*rel\s*=\s*("[^"]*"|[^\s;,]*)/i.exec(parameters) ?? [];
    return rel.replaceAll('"', "").toLowerCase().split(/\s+/).includes("next");
  })?.[1];
  if (target === undefined) return undefined;
  const linked = URL.parse(target, url);
  if (!linked) return refuse("it names a next page that is no address");
  if (linked.origin === new URL(url).origin) return linked.href;
  return refuse(`it names a next page at another host, ${linked.host}; the login is not sent there`);
}
