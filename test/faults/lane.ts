import { cp, mkdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { startEngine, type Engine, type Run } from "../support/engine.ts";
import { filesThatMention, mentions } from "./secrets.ts";
import { compare, login, remember, unfinished, type Before, type World } from "./world.ts";

/** How far a stack has come before something happens to it. */
export type Stage = "empty" | "adopted" | "applied";

/**
 * One engine for many cases, one after the other: state and organisation are put back to a stage before each. Lanes run
 * side by side.
 */
export class Lane {
  readonly engine: Engine;
  readonly world: World;
  /** What a command wrote since the last `begin`, all of it. */
  private output = "";
  private before: Before = { types: {}, rest: {} };
  private want: World["want"] = {};
  private readonly root: string;

  private constructor(engine: Engine, world: World) {
    this.engine = engine;
    this.world = world;
    this.root = dirname(engine.workspace.folder);
  }

  static async start(world: World): Promise<Lane> {
    const engine = await startEngine(world.options, {
      PROOFPOINT_USER: login.user,
      PROOFPOINT_PASSWORD: login.password,
    });
    const lane = new Lane(engine, world);
    await engine.configure(world.config);
    await engine.writeHr(world.hr);
    await lane.keep("empty");
    await must(engine.node("tools/adopt.ts", "-s", "test"));
    await lane.keep("adopted");
    await must(engine.pulumi("up", "--yes", "--skip-preview"));
    await lane.keep("applied");
    return lane;
  }

  /** Puts state and organisation back to a stage, and remembers how the organisation looks. */
  async begin(stage: Stage): Promise<void> {
    const { simulator } = this.engine;
    simulator.reset();
    if (stage === "applied") {
      for (const user of simulator.users()) user.type = this.world.want[user.primary_email] ?? user.type;
      for (const [email, type] of Object.entries(this.world.want)) if (type === "functional_account") simulator.exemptions().push(email);
    }
    await this.restore(stage);
    await this.engine.configure(this.world.config);
    await rm(join(this.engine.workspace.folder, "out"), { recursive: true, force: true });
    this.output = "";
    this.accept(this.world.want);
  }

  /** The state of a stage, whatever the organisation looks like: this is how a state is lost. */
  async restore(stage: Stage): Promise<void> {
    await rm(join(this.root, "state"), { recursive: true, force: true });
    await cp(join(this.root, stage), join(this.root, "state"), { recursive: true });
  }

  async pulumi(...args: readonly string[]): Promise<Run> {
    return this.heard(await this.engine.pulumi(...args));
  }

  async node(...args: readonly string[]): Promise<Run> {
    return this.heard(await this.engine.node(...args));
  }

  up(): Promise<Run> {
    return this.pulumi("up", "--yes", "--skip-preview");
  }

  /** Adds what a command wrote to what is searched for secrets. */
  heard(run: Run): Run {
    this.output += run.output;
    return run;
  }

  /** Somebody has changed the organisation on purpose: that is how it is from now on, and what must become of it. */
  accept(want: World["want"]): void {
    this.before = remember(this.engine.simulator);
    this.want = want;
  }

  /** Types and fields right now. */
  compareNow(): string[] {
    return compare(this.engine.simulator, this.before, this.want);
  }

  /** Accounts are as before: not even what HR says was done. */
  nothingDone(): string[] {
    return compare(this.engine.simulator, this.before, {});
  }

  /** With everything in order again: one more run does exactly what is left, and nobody finds a secret anywhere. */
  async converge(): Promise<string[]> {
    const { simulator } = this.engine;
    const { want } = this;
    simulator.setFaults([]);
    const faults = this.compareNow();
    const missing = unfinished(simulator, want);
    simulator.requests.length = 0;
    const { code, output } = await this.up();
    if (code !== 0) faults.push(`the next run ended with ${code}: ${output.slice(-1500)}`);
    const writes = simulator.requests.filter(({ method, path }) => method === "PUT" && path.includes("/users/")).length;
    if (writes > missing) faults.push(`the next run wrote ${writes} accounts where ${missing} were left`);
    if (unfinished(simulator, want) > 0)
      faults.push(`after the next run ${unfinished(simulator, want)} accounts are not what they should be`);
    return [...faults, ...this.compareNow(), ...(await this.findSecrets())];
  }

  async close(): Promise<void> {
    await this.engine.close();
  }

  private async findSecrets(): Promise<string[]> {
    const secrets = [login.password];
    const files = await filesThatMention(this.root, secrets);
    return [
      ...files.map((file) => `${file} contains the password`),
      ...(mentions(this.output, secrets) ? ["the output contains the password"] : []),
    ];
  }

  private async keep(stage: Stage): Promise<void> {
    await mkdir(join(this.root, stage), { recursive: true });
    await cp(join(this.root, "state"), join(this.root, stage), { recursive: true });
  }
}

async function must(run: Promise<Run>): Promise<void> {
  const { code, output } = await run;
  if (code !== 0) throw new Error(output);
}
