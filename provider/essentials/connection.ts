import { z } from "zod";
import { numeric } from "./config.ts";
import { credentialsSchema } from "./credentials.ts";

const loopbackHosts = new Set(["localhost", "127.0.0.1", "[::1]"]);

export function isLoopback(url: string): boolean {
  const { hostname } = new URL(url);
  return loopbackHosts.has(hostname) || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

/** `https://us1.proofpointessentials.com`, with or without `/api/v1` and a closing slash → with `/api/v1`, without the slash. */
const apiUrl = z.string().transform((text, context) => {
  const refuse = (message: string): never => {
    context.addIssue({ code: "custom", message });
    return z.NEVER;
  };
  const url = URL.parse(text);
  if (!url) return refuse(`is not a URL${text.includes("@") ? "" : `: "${text}"`}. Use for example https://us1.proofpointessentials.com.`);
  if (url.username || url.password) return refuse("must not contain a user name or password; use proofpoint:credentials.");
  if (url.protocol !== "https:" && url.protocol !== "http:") return refuse(`must begin with https://, not ${url.protocol}//.`);
  if (url.protocol === "http:" && !isLoopback(text))
    return refuse(`must begin with https://: plain http would send the password in clear to ${url.host}.`);
  const path = url.pathname.replace(/\/+$/, "");
  if ((path !== "" && path !== "/api/v1") || url.search || url.hash) {
    return refuse(
      `has an unexpected path: "${text}". Give the host of your stack alone, for example https://us1.proofpointessentials.com.`,
    );
  }
  return `${url.origin}/api/v1`;
});

/** The configuration keys (namespace `proofpoint`) that say how to reach one organisation. */
export const connectionKeys = {
  /** Base URL of the organisation's Essentials stack (us1–us5, eu1, usg1, usg2). */
  apiUrl,
  /** Any domain of the organisation. */
  domain: z
    .string()
    .transform((domain) => domain.trim().toLowerCase())
    .refine((domain) => /^[^\s@/?#%]+\.[^\s@/?#%.]+$/.test(domain), {
      error: (issue) => `is not a domain: "${String(issue.input)}". Use for example acme.com.`,
    }),
  credentials: credentialsSchema.default({ source: "environment" }),
  /** Requests under way at once, at most. @default 8 */
  concurrency: numeric(z.number().int().min(1).max(64)).default(8),
  /** How long one request may take, in seconds. @default 30 */
  timeoutSeconds: numeric(z.number().min(0.1).max(600)).default(30),
};
export type Connection = z.infer<z.ZodObject<typeof connectionKeys>>;

/** The simulator's login is public: it must never be sent to a real API. */
export function refuseSimulatorLogin(
  settings: { readonly apiUrl: string; readonly credentials: { readonly source: string } },
  context: z.RefinementCtx,
): void {
  if (settings.credentials.source !== "simulator" || isLoopback(settings.apiUrl)) return;
  context.addIssue({
    code: "custom",
    path: ["credentials", "source"],
    message: `"simulator" is only for the simulator on this machine, and apiUrl is ${settings.apiUrl}. Use environment or config.`,
  });
}

export const connectionSchema = z.object(connectionKeys).superRefine(refuseSimulatorLogin);
