import { mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as rest } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { SimulatedUser } from "../../simulator/world.ts";
import type { Run } from "../support/engine.ts";
import type { Case } from "./case.ts";
import type { Lane } from "./lane.ts";

const leaver = "leaver2@acme.test";
const day = 86_400_000;
const shiftClock = fileURLToPath(new URL("shiftClock.cjs", import.meta.url));

interface Accident {
  readonly happen: (users: SimulatedUser[], user: SimulatedUser) => void;
  /** What must become of the account then, by address. */
  readonly want: Readonly<Record<string, string>>;
  /** What a run that was caught by it says. */
  readonly told: RegExp;
}

/** What somebody else does to an account that this program is about to convert. */
const accidents: Readonly<Record<string, Accident>> = {
  deleted: { happen: (users, user) => void users.splice(users.indexOf(user), 1), want: {}, told: /gone or was renamed/ },
  // HR does not know the new address yet.
  renamed: {
    happen: (_, user) => void (user.primary_email = "married@acme.test"),
    want: { "married@acme.test": "functional_account" },
    told: /gone or was renamed/,
  },
  promoted: {
    happen: (_, user) => void (user.type = "organization_admin"),
    want: { [leaver]: "organization_admin" },
    told: /is organization_admin now\. Administrators are never touched/,
  },
};

function strike(lane: Lane, { happen, want }: Accident): void {
  const users = lane.engine.simulator.users();
  const user = users.find(({ primary_email }) => primary_email === leaver);
  if (!user) throw new Error(`${leaver} is gone already.`);
  happen(users, user);
  const { [leaver]: _, ...others } = lane.world.want;
  lane.accept({ ...others, ...want });
}

const between: readonly Case[] = Object.entries(accidents).flatMap(([name, accident]) => {
  const about = { group: `account ${name}`, world: "slow" } as const;
  return [
    {
      ...about,
      name: "between preview and up, with a saved plan",
      run: async (lane) => {
        await lane.begin("adopted");
        const preview = await lane.pulumi("preview", "--save-plan", "plan.json");
        strike(lane, accident);
        const { code } = await lane.pulumi("up", "--yes", "--skip-preview", "--plan", "plan.json");
        return [
          ...endedWell(preview),
          ...(code === 0 ? ["it ended with 0 although the plan no longer fits"] : []),
          ...(await lane.converge()),
        ];
      },
    },
    {
      ...about,
      name: "between preview and up",
      run: async (lane) => {
        await lane.begin("adopted");
        const preview = await lane.pulumi("preview");
        strike(lane, accident);
        return [...endedWell(preview), ...endedWell(await lane.up()), ...(await lane.converge())];
      },
    },
    {
      ...about,
      name: "in an up, between the list and the write",
      run: async (lane) => {
        await lane.begin("adopted");
        const running = lane.engine.start("up", "--yes", "--skip-preview");
        const lists = () => lane.engine.simulator.requests.filter(({ path, status }) => path.endsWith("/users") && status === 200).length;
        while (lists() < 2) await rest(2);
        strike(lane, accident);
        const { code, output } = lane.heard(await running.ended);
        const faults = code === 0 ? ["it ended with 0"] : [];
        if (!accident.told.test(output)) faults.push(`it does not say ${String(accident.told)}: ${output.slice(-1500)}`);
        return [...faults, ...(await lane.converge())];
      },
    },
  ] satisfies Case[];
});

function endedWell({ code, output }: Run): string[] {
  return code === 0 ? [] : [`it ended with ${code}: ${output.slice(-1500)}`];
}

/** With another clock than the API has. */
function clock(name: string, shiftMs: number, afterMs: number, expected: (run: Run, lane: Lane) => string[], only = ""): Case {
  return {
    group: "the clock",
    name,
    world: "small",
    run: async (lane) => {
      await lane.begin("adopted");
      const { environment } = lane.engine.workspace;
      const usual = environment["NODE_OPTIONS"] ?? "";
      Object.assign(environment, {
        NODE_OPTIONS: `${usual} --require=${shiftClock}`,
        CLOCK_SHIFT_MS: String(shiftMs),
        CLOCK_AFTER_MS: String(afterMs),
        CLOCK_ONLY: only,
      });
      const run = await lane.up().finally(() => {
        Object.assign(environment, { NODE_OPTIONS: usual, CLOCK_SHIFT_MS: "0" });
      });
      return [...expected(run, lane), ...(await lane.converge())];
    },
  };
}

function refused({ code, output }: Run, lane: Lane): string[] {
  const faults = code === 0 ? ["it ended with 0"] : [];
  if (!output.includes("Set it: the day decides who has left")) faults.push(`it does not speak of the clock: ${output.slice(-1500)}`);
  return [...faults, ...lane.nothingDone()];
}

/** Things that happen around a run. */
export const events: readonly Case[] = [
  ...between,
  {
    group: "two ups at once",
    name: "on one stack",
    world: "slow",
    run: async (lane) => {
      await lane.begin("adopted");
      const runs = await Promise.all([lane.up(), lane.up()]);
      const failed = runs.filter(({ code }) => code !== 0);
      const faults = runs.some(({ code }) => code === 0) ? [] : ["both failed"];
      if (!failed.every(({ output }) => output.includes("locked")))
        faults.push(`one failed for another reason: ${failed[0]?.output.slice(-1500)}`);
      const writes = lane.engine.simulator.requests.filter(({ method, path }) => method === "PUT" && path.includes("/users/")).length;
      if (writes !== 5) faults.push(`${writes} writes for 5 changes`);
      return [...faults, ...(await lane.converge())];
    },
  },
  {
    group: "state lost",
    name: "and adopted again",
    world: "small",
    run: async (lane) => {
      await lane.begin("applied");
      await lane.restore("empty");
      const adopted = await lane.node("tools/adopt.ts", "-s", "test");
      return [...endedWell(adopted), ...lane.nothingDone(), ...(await lane.converge())];
    },
  },
  {
    group: "state lost",
    name: "and not even adopted",
    world: "small",
    run: async (lane) => {
      await lane.begin("applied");
      await lane.restore("empty");
      return lane.converge();
    },
  },
  {
    group: "disk full",
    name: "when the report is written",
    world: "small",
    needs: "/dev/full",
    run: async (lane) => {
      await lane.begin("adopted");
      const folder = join(lane.engine.workspace.folder, "out");
      await mkdir(folder);
      await symlink("/dev/full", join(folder, "report.json"));
      const { code, output } = await lane.up();
      const faults = code === 0 ? ["it ended with 0"] : [];
      if (!/Could not write the report .*ENOSPC/.test(output)) faults.push(`it does not say so: ${output.slice(-1500)}`);
      faults.push(...lane.nothingDone());
      await lane.engine.configure({ ...lane.world.config, report: "elsewhere/report" });
      return [...faults, ...(await lane.converge())];
    },
  },
  clock("ten days ahead", 10 * day, 0, refused),
  clock("ten days behind", -10 * day, 0, refused),
  clock("two hours back in the provider, while it writes", -day / 12, 300, endedWell, "dynamic-provider"),
];
