import { asCommand } from "./cli/asCommand.ts";
import { alone } from "./cli/alone.ts";
import { check } from "./seats/check.ts";
import { corrected } from "./seats/corrected.ts";
import { decide } from "./seats/decide.ts";
import { disconnect } from "./seats/disconnect.ts";
import { history } from "./seats/history.ts";
import { map } from "./seats/map.ts";
import { openSeats, type SeatsContext } from "./seats/context.ts";
import { pushCounts } from "./seats/push.ts";
import { showReconciliation } from "./seats/reconcile.ts";
import { parseArgs } from "node:util";
import { refuseStrangers } from "./cli/usageError.ts";

const usage = `npm run seats -- COMMAND [--folder FOLDER]

FOLDER (seats) has config.yaml, mapping.yaml and ledger.jsonl; docs/seats.md says what is in them.
  check                       whether the logins can count seats, and what they reach
  map [--write]               who is whom: the same names proposed, like ones with their score, and who is left;
                              --write adds the same ones to mapping.yaml
  reconcile [--format table|csv|json|markdown]
                              each contract line: billed, used, bought, delta, money, kind, from when
  push [--create-services] [--approve CODE --reason TEXT [--by NAME]]
                              sends what differs from what was sent last, or writes all counts to a file; a fall by
                              more than a fifth, or an account to 0, needs an approval of exactly these counts
  approve | dismiss (--account NAME … | --all) [--service NAME] --reason TEXT [--by NAME] [--until 2027-03-31]
                              keeps in decisions.yaml what somebody made of lines that differ; it is about these
                              numbers only. --effective 2027-02-01: from when on, other than the next month
  corrected (--account NAME … | --all) [--service NAME] --reason TEXT [--by NAME]
                              stale counts were taken out by hand, where a count of 0 is not taken
  history                     what was sent, and what has changed since
  disconnect --files keep|delete
                              takes the references to credentials out of config.yaml and sets the integration
                              inactive; keeps or deletes mapping, decisions and ledger`;

const lines = ["account", "all", "service", "reason", "by"];
/** The options each command has. */
const options: Readonly<Record<string, readonly string[]>> = {
  check: [],
  map: ["write"],
  reconcile: ["format"],
  push: ["create-services", "approve", "reason", "by"],
  approve: [...lines, "until", "effective"],
  dismiss: [...lines, "until", "effective"],
  corrected: lines,
  history: [],
  disconnect: ["files"],
};
const readOnly = new Set(["check", "reconcile", "history"]);

await asCommand(async () => {
  const { values, positionals, tokens } = parseArgs({
    tokens: true,
    allowPositionals: true,
    options: {
      folder: { type: "string", default: "seats" },
      write: { type: "boolean", default: false },
      format: { type: "string", default: "table" },
      "create-services": { type: "boolean", default: false },
      approve: { type: "string" },
      account: { type: "string", multiple: true, default: [] },
      all: { type: "boolean", default: false },
      service: { type: "string" },
      reason: { type: "string" },
      by: { type: "string" },
      until: { type: "string" },
      effective: { type: "string" },
      files: { type: "string" },
      help: { type: "boolean" },
    },
  });
  const { folder, account: accounts, all, service, reason, by, until, effective } = values;
  const how = { accounts, all, service, reason, by, until, effective };
  const commands: Readonly<Record<string, (context: SeatsContext) => Promise<number>>> = {
    check,
    map: (context) => map(context, values.write),
    reconcile: (context) => showReconciliation(context, values.format),
    push: (context) => pushCounts(context, { createServices: values["create-services"], approve: values.approve, reason, by }),
    approve: (context) => decide(context, "approved", how),
    dismiss: (context) => decide(context, "dismissed", how),
    corrected: (context) => corrected(context, how),
    history,
  };
  const [name = ""] = positionals;
  const command = commands[name];
  if (values.help || (!command && name !== "disconnect") || positionals.length !== 1) {
    console.error(usage);
    return values.help ? 0 : 2;
  }
  refuseStrangers(name, tokens, ["folder", ...(options[name] ?? [])]);
  const run = async () => (command ? command(await openSeats(folder)) : disconnect(folder, values.files));
  return readOnly.has(name) ? run() : alone({ folder, command: "seats" }, run);
});
