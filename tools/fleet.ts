import { createHash } from "node:crypto";
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { select } from "../fleet/select.ts";
import { readFleet } from "../fleet/settings.ts";
import { asCommand } from "./cli/asCommand.ts";
import { refuseStrangers, UsageError } from "./cli/usageError.ts";
import { discover } from "./fleet/discover.ts";
import { init } from "./fleet/init.ts";
import { isOver } from "./fleet/commands.ts";
import { over } from "./fleet/over.ts";

const usage = `npm run fleet -- COMMAND [--file fleet.yaml] [--only STACK …] [--shard 2/8] [--at-once N] [--per-host N] [--resume]

  init       writes each organisation's stack file from fleet.yaml and makes the stacks that are missing
  discover   organisations the partners have and the file has not, and the other way round
  preview | up | drift | doctor
             over all organisations, several at once, each in its own process; one table at the end, the details of
             each in out/fleet. One that fails stops no other; the exit status says whether any did.
  --only S        only these; may be given several times. For init, too
  --shard 2/8     the second of eight parts, for as many machines. For init, too
  --at-once N     processes at once; as many as this machine has cores
  --per-host N    of those on one stack host; 4
  --resume        leaves out those that succeeded in the run before with the configuration they have now, where that run
                  was interrupted or some failed
  --secrets-provider URL   for init, as for pulumi stack init`;

await asCommand(async () => {
  const text = { type: "string" } as const;
  const { values, positionals, tokens } = parseArgs({
    tokens: true,
    allowPositionals: true,
    options: {
      file: { ...text, default: "fleet.yaml" },
      only: { ...text, multiple: true, default: [] },
      shard: text,
      "at-once": { ...text, default: String(availableParallelism()) },
      "per-host": { ...text, default: "4" },
      resume: { type: "boolean", default: false },
      "secrets-provider": text,
      help: { type: "boolean" },
    },
  });
  const [command = ""] = positionals;
  if (values.help || positionals.length !== 1 || !(["init", "discover"].includes(command) || isOver(command))) {
    console.error(usage);
    return values.help ? 0 : 2;
  }
  const some = ["only", "shard"];
  const own = command === "discover" ? [] : command === "init" ? [...some, "secrets-provider"] : [...some, "at-once", "per-host", "resume"];
  refuseStrangers(command, tokens, ["file", ...own]);
  const fleet = await readFleet(values.file);
  if (command === "discover") return discover(fleet);
  const members = select(fleet.members, { only: values.only, shard: values.shard });
  if (command === "init") return init(members, values["secrets-provider"]);
  if (!isOver(command)) return 2;
  const bounds = { atOnce: count("at-once", values["at-once"]), perHost: count("per-host", values["per-host"]) };
  return over(command, members, { ...bounds, resume: values.resume, part: partOf(values) });
});

/** Tells the progress of a part of the fleet from that of others. */
function partOf({ shard, only }: { readonly shard?: string | undefined; readonly only: readonly string[] }): string {
  const names = createHash("sha256")
    .update([...only].sort().join("\n"))
    .digest("hex")
    .slice(0, 8);
  return `${shard === undefined ? "" : `.${shard.replace("/", "-of-")}`}${only.length === 0 ? "" : `.only-${names}`}`;
}

function count(name: string, text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new UsageError(`--${name} is "${text}"; it is a whole number from 1 on.`);
  return number;
}
