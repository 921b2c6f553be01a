import { preparePulumi } from "./cli/preparePulumi.ts";
import { optionValue, run } from "./cli/run.ts";

/** `npm run pulumi -- ARGUMENTS`: the Pulumi CLI, with what is not set already. */
try {
  const args = process.argv.slice(2);
  // `pulumi stack init NAME` and its like speak of stacks themselves.
  const stack = args[0] === "stack" ? undefined : optionValue(args, "-s", "--stack");
  process.exitCode = await run("pulumi", args, { env: await preparePulumi(stack) });
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
