import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { asCommand } from "./cli/asCommand.ts";
import { withoutSwitches } from "./cli/environment.ts";
import { preparePulumi } from "./cli/preparePulumi.ts";
import { run } from "./cli/run.ts";

/** `npm run azure -- ARGUMENTS`: the Pulumi CLI on the project in azure/, with what is not set already. */
const folder = fileURLToPath(new URL("../azure", import.meta.url));

await asCommand(async () => {
  if (!existsSync(`${folder}/node_modules`)) throw new Error("The project in azure/ is not installed yet: (cd azure && npm ci)");
  const environment = withoutSwitches(await preparePulumi(undefined));
  return run("pulumi", ["--cwd", folder, ...process.argv.slice(2)], { env: environment });
});
