import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { simulatorLogin } from "../provider/essentials/credentials.ts";
import { createSimulator } from "../simulator/simulator.ts";
import { createWorkspace } from "../tools/workspace.ts";

/** `node bench/fleet.ts 50 100 200`: how long a preview over so many organisations takes, and the memory of the run itself. */

const usersEach = 50;
const tool = fileURLToPath(new URL("../tools/fleet.ts", import.meta.url));
const { positionals } = parseArgs({ allowPositionals: true });

for (const count of positionals.length > 0 ? positionals.map(Number) : [25, 50]) {
  const names = Array.from({ length: count }, (_, at) => `org${at}`);
  const organisations = names.map((name) => ({
    primary_domain: `${name}.test`,
    parent: "msp.test",
    users: Array.from({ length: usersEach }, (_, at) => ({ primary_email: `user${at}@${name}.test`, type: "end_user" })),
  }));
  const simulator = await createSimulator({
    seed: {
      logins: [{ ...simulatorLogin, type: "channel_admin", domain: "msp.test" }],
      organisations: [{ primary_domain: "msp.test", type: "channel", users: [] }, ...organisations],
    },
  });
  const workspace = await createWorkspace((line) => console.error(line));
  try {
    const rows = names.map((name) =>
      Array.from({ length: usersEach }, (_, at) => `${at === 0 ? "Retired" : "Active"},user${at}@${name}.test,1,F,LON`).join("\n"),
    );
    const anHourAgo = Date.now() / 1000 - 3600;
    for (const [at, name] of names.entries()) {
      const path = join(workspace.folder, `${name}.csv`);
      await writeFile(path, `status,email,company_code,worker_category_code,location_code\n${rows[at]}\n`);
      await utimes(path, anHourAgo, anHourAgo);
    }
    await writeFile(
      join(workspace.folder, "fleet.yaml"),
      JSON.stringify({
        partners: { us1: { apiUrl: simulator.url, domain: "msp.test", credentials: { source: "simulator" } } },
        base: { hr: { source: "csv" } },
        organisations: names.map((name) => ({
          stack: name,
          domain: `${name}.test`,
          partner: "us1",
          config: { hr: { path: `${name}.csv` } },
        })),
      }),
    );
    await fleet(workspace, "init");
    const { seconds, peakMb } = await fleet(workspace, "preview");
    console.log(
      `${count} organisations of ${usersEach} users: ${seconds.toFixed(0)} s, ${(seconds / count).toFixed(2)} s each, the run itself ${peakMb} MB`,
    );
  } finally {
    await simulator.close();
    await workspace.remove();
  }
}

async function fleet(
  { folder, environment }: { readonly folder: string; readonly environment: Record<string, string> },
  command: string,
): Promise<{ readonly seconds: number; readonly peakMb: number }> {
  const started = performance.now();
  const child = spawn(process.execPath, [tool, command], { cwd: folder, env: environment, stdio: ["ignore", "pipe", "inherit"] });
  let said = "";
  child.stdout.on("data", (chunk: Buffer) => (said += chunk.toString()));
  let peakKb = 0;
  const watch = setInterval(() => {
    try {
      const peak = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"))?.[1];
      peakKb = Math.max(peakKb, Number(peak ?? 0));
    } catch {
      // It has ended, or there is no /proc.
    }
  }, 200);
  const [code] = (await once(child, "close")) as [number];
  clearInterval(watch);
  if (code !== 0) throw new Error(`fleet ${command} ended with ${code}: ${said.slice(-2000)}`);
  return { seconds: (performance.now() - started) / 1000, peakMb: Math.round(peakKb / 1024) };
}
