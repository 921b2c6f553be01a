import { asCommand } from "./cli/asCommand.ts";
import { preparePulumi } from "./cli/preparePulumi.ts";
import { optionValue, run } from "./cli/run.ts";

/** `npm run pulumi -- ARGUMENTS`: the Pulumi CLI, with what is not set already. */
await asCommand(async () => {
  const args = process.argv.slice(2);
  // `pulumi stack init NAME` and its like speak of stacks themselves.
  const stack = args[0] === "stack" ? undefined : optionValue(args, "-s", "--stack");
  return run("pulumi", args, { env: await preparePulumi(stack) });
});
