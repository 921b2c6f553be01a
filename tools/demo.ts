import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { cp } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { isDeepStrictEqual } from "node:util";
import { simulatorLogin } from "../provider/essentials/credentials.ts";
import { createSimulator, type Simulator } from "../simulator/simulator.ts";
import sample from "../simulator/sample/organisation.json" with { type: "json" };
import { passOn } from "./cli/watchForSignals.ts";
import { createWorkspace, writeStackConfig, type Workspace } from "./workspace.ts";

/** `npm start`: the main job from nothing to a repaired drift, on the real Pulumi engine and a simulated organisation. */

const stack = "demo";
/** Least output that still shows every change: unchanged users are left out. */
const shown = ["--diff", "--suppress-progress"];
const leaver = "john.smith@acme.test";

let running: ChildProcess | undefined;
const interruption = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => {
    interruption.abort(new Error("Interrupted; everything is cleaned up."));
    if (running) passOn(signal, running);
  });
}

const steps: string[] = [];
const say = (line: string) => console.log(line);
process.exitCode = await demo().catch((error: unknown) => {
  console.error(`\n${(interruption.signal.aborted ? (interruption.signal.reason as Error) : (error as Error)).message}`);
  return interruption.signal.aborted ? 130 : 1;
});

async function demo(): Promise<number> {
  const simulator = await createSimulator({ seed: sample });
  let workspace: Workspace | undefined;
  try {
    workspace = await createWorkspace(say);
    await tell(simulator, workspace);
    return 0;
  } finally {
    await simulator.close();
    await workspace?.remove();
  }
}

async function tell(simulator: Simulator, workspace: Workspace): Promise<void> {
  await cp(fileURLToPath(new URL("../simulator/sample/hr.csv", import.meta.url)), join(workspace.folder, "hr.csv"));
  await writeStackConfig(workspace, stack, {
    apiUrl: simulator.url,
    domain: "acme.test",
    credentials: { source: "simulator" },
    hr: { source: "csv", path: "hr.csv" },
  });
  const original = structuredClone(simulator.users());
  say(`A simulated organisation of ${original.length} users is at ${simulator.url}, its HR feed in ${workspace.folder}/hr.csv.`);

  const step = async (title: string, command: string, args: readonly string[]) => {
    say(
      `\n━━ ${title}\n$ ${command === process.execPath ? "npm run adopt --" : command} ${args.filter((arg) => !arg.endsWith(".ts")).join(" ")}\n`,
    );
    const asked = simulator.requests.length;
    const started = Date.now();
    await foreground(command, args, workspace);
    const requests = simulator.requests.slice(asked);
    const writes = requests.filter(({ method }) => method !== "GET").length;
    steps.push(
      `${title.padEnd(58)} ${((Date.now() - started) / 1000).toFixed(1).padStart(5)} s ${String(requests.length).padStart(4)} requests ${String(writes).padStart(3)} writes`,
    );
  };

  await step("Create a stack", "pulumi", ["stack", "init", stack]);
  await step("Adopt the users as they are", process.execPath, ["tools/adopt.ts", "-s", stack]);
  await step("Preview: what HR implies, each change with its reason", "pulumi", ["preview", "-s", stack, ...shown]);
  await step("Apply exactly that", "pulumi", ["up", "-s", stack, "--yes", "--skip-preview", ...shown]);
  await step("Preview again: nothing left to do", "pulumi", ["preview", "-s", stack, "--expect-no-changes", ...shown]);

  say(`\n━━ Behind our back, somebody makes ${leaver} an end_user again`);
  await changeBehindOurBack(simulator, leaver, "end_user");

  await step("Preview: the drift shows", "pulumi", ["preview", "-s", stack, ...shown]);
  await step("Repair it", "pulumi", ["up", "-s", stack, "--yes", "--skip-preview", ...shown]);
  await step("Nothing left to do, or this fails", "pulumi", ["preview", "-s", stack, "--expect-no-changes", ...shown]);

  say(`\n━━ Summary\n${steps.join("\n")}`);
  for (const before of original) {
    const after = simulator.users().find(({ primary_email }) => primary_email === before.primary_email);
    if (!isDeepStrictEqual({ ...after, type: before.type }, before))
      throw new Error(`${before.primary_email}: more than its type changed.`);
    if (after && after.type !== before.type) say(`${before.primary_email}: ${before.type} → ${after.type}, every other field as it was`);
  }
  say("\nNext: README.md, “First run on a real organisation”.");
}

async function foreground(command: string, args: readonly string[], { folder, environment }: Workspace): Promise<void> {
  interruption.signal.throwIfAborted();
  running = spawn(command, args, { cwd: folder, env: environment, stdio: ["ignore", "inherit", "inherit"] });
  const [code] = (await once(running, "close")) as [number | null];
  running = undefined;
  interruption.signal.throwIfAborted();
  if (code !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${code}; see above.`);
}

/** What an administrator in the console or Microsoft's directory sync would do. */
async function changeBehindOurBack(simulator: Simulator, email: string, type: string): Promise<void> {
  const url = `${simulator.url}/api/v1/orgs/acme.test/users/${encodeURIComponent(email)}`;
  const headers = { "X-User": simulatorLogin.user, "X-Password": simulatorLogin.password };
  const user = (await (await fetch(url, { headers })).json()) as Record<string, unknown>;
  await fetch(url, { method: "PUT", headers: { ...headers, "Content-Type": "application/json" }, body: JSON.stringify({ ...user, type }) });
}
