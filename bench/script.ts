import { readFile } from "node:fs/promises";
import axios from "axios";
import { parse } from "csv-parse/sync";

/**
 * The nightly script of a published how-to, as it is usually written: list the users, then one PUT after another for
 * everybody HR does not know or calls terminated. No preview, no limit, no look at what came back.
 *
 * node bench/script.ts API_URL DOMAIN HR_CSV
 */
const [apiUrl, domain, csv] = process.argv.slice(2) as [string, string, string];
const api = axios.create({ baseURL: `${apiUrl}/api/v1`, headers: { "X-User": "admin@acme.test", "X-Password": "simulator" } });

const rows = parse<{ email: string; status: string }>(await readFile(csv), { columns: true });
const status = new Map(rows.map((row) => [row.email.toLowerCase(), row.status.toLowerCase()]));
const { data } = await api.get<{ users: { uid: number; primary_email: string; type: string }[] }>(`/orgs/${domain}/users`);

for (const { uid, primary_email, type } of data.users) {
  if (type !== "end_user") continue;
  const found = status.get(primary_email.toLowerCase());
  if (found !== undefined && found !== "terminated") continue;
  await api
    .put(`/orgs/${domain}/users/${primary_email}`, { uid, primary_email, is_active: true, type: "functional_account" })
    .catch(() => undefined);
}
