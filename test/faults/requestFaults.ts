import type { Fault, FaultKind } from "../../simulator/faults.ts";
import type { Case } from "./case.ts";
import type { Lane, Stage } from "./lane.ts";

/** What an administrator is told when every request meets this; undefined where the client gets over it. */
const told: Readonly<Record<FaultKind, string | undefined>> = {
  302: "a redirect",
  401: "answered 401",
  403: "answered 403",
  404: "answered 404",
  422: "answered 422",
  429: undefined,
  500: "answered 500",
  502: "answered 502",
  html: "answered 502 (Bad gateway)",
  truncated: "something that is not JSON",
  timeout: "no whole answer from",
  cut: "broke the connection",
  cut_after: "broke the connection",
  ignored: "does not fit what is known of the API",
};
const kinds = Object.keys(told).map((kind) => (Number.isNaN(Number(kind)) ? kind : Number(kind)) as FaultKind);

interface Operation {
  readonly name: string;
  readonly stage: Stage;
  readonly run: (lane: Lane) => Promise<{ code: number | null; output: string }>;
  /** Which requests meet the fault. */
  readonly where: Omit<Fault, "kind">;
  /** What is told instead, by kind, where that differs. */
  readonly tells?: Partial<Record<FaultKind, string | undefined>>;
  /** Whether it may change an account at all. */
  readonly writes?: true;
}

const still = "and the account is still end_user";

const operations: readonly Operation[] = [
  { name: "preview", stage: "adopted", run: (lane) => lane.pulumi("preview"), where: {} },
  { name: "up", stage: "adopted", run: (lane) => lane.up(), where: {}, writes: true },
  {
    name: "up, the writes of one account",
    stage: "adopted",
    run: (lane) => lane.up(),
    where: { method: "PUT", path: "leaver1@" },
    // A write that was carried out although its answer was lost is found by reading.
    tells: { truncated: undefined, cut_after: undefined, ignored: still },
    writes: true,
  },
  { name: "refresh", stage: "adopted", run: (lane) => lane.pulumi("refresh", "--yes", "--skip-preview"), where: {} },
  { name: "import", stage: "empty", run: (lane) => lane.node("tools/adopt.ts", "-s", "test"), where: {} },
  { name: "destroy", stage: "applied", run: (lane) => lane.pulumi("destroy", "--yes", "--skip-preview"), where: {} },
  {
    name: "destroy, what it removes",
    stage: "applied",
    run: (lane) => lane.pulumi("destroy", "--yes", "--skip-preview"),
    where: { method: "DELETE" },
    // What is gone already is as good as removed.
    tells: { 404: "and the exemption is still there", truncated: undefined, ignored: "and the exemption is still there" },
  },
];

/** Each fault of the simulator, met by each operation. */
export const requestFaults: readonly Case[] = operations.flatMap((operation) =>
  kinds.map((kind) => ({
    group: operation.name,
    name: String(kind),
    world: "small" as const,
    run: (lane: Lane) => meet(lane, operation, kind),
  })),
);

async function meet(lane: Lane, { stage, run, where, tells = {}, writes }: Operation, kind: FaultKind): Promise<string[]> {
  await lane.begin(stage);
  // A busy API lets the client through after a while.
  lane.engine.simulator.setFaults([{ ...where, kind, ...(kind === 429 && { times: 3 }) }]);
  const { code, output } = await run(lane);
  const expected = kind in tells ? tells[kind] : told[kind];
  const faults = writes ? lane.compareNow() : lane.nothingDone();
  if (expected === undefined && code !== 0) faults.push(`it ended with ${code}: ${output.slice(-1500)}`);
  if (expected !== undefined && code === 0) faults.push("it ended with 0");
  if (expected !== undefined && !output.includes(expected)) faults.push(`it does not say "${expected}": ${output.slice(-1500)}`);
  if (/\n\s+at .*[:(]\d+/.test(output)) faults.push(`it shows a stack trace: ${output.slice(-1500)}`);
  return [...faults, ...(await lane.converge())];
}
