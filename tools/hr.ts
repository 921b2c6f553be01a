import { parseArgs } from "node:util";
import { summarise } from "../program/feedSummary.ts";
import { judgeStack } from "./judgeStack.ts";
import { asCommand } from "./cli/asCommand.ts";

const usage = `npm run hr -- -s STACK [--emails]

Reads the HR feed of a stack and the organisation's users, and shows what was read. Nothing is changed.
  --emails   show addresses too; without it there are numbers only`;

await asCommand(showFeed);

async function showFeed(): Promise<number> {
  const { values } = parseArgs({
    options: { stack: { type: "string", short: "s" }, emails: { type: "boolean", default: false }, help: { type: "boolean" } },
  });
  const { stack, emails } = values;
  if (values.help || stack === undefined) {
    console.error(usage);
    return values.help ? 0 : 2;
  }
  const { gathered, evaluation } = await judgeStack(stack);
  console.log(summarise({ ...gathered, ...evaluation, emails }).join("\n"));
  return 0;
}
