import { UsageError } from "./usageError.ts";

/** Runs a tool of the command line: its exit status is what it returns; what goes wrong is told in its own words, and is 1. */
export async function asCommand(tool: () => Promise<number>): Promise<void> {
  // Whoever read the output has gone (`| head`); what is done is done all the same.
  process.stdout.on("error", () => undefined);
  try {
    process.exitCode = await tool();
  } catch (error) {
    console.error((error as Error).message);
    const isTyped = error instanceof UsageError || (error as NodeJS.ErrnoException).code?.startsWith("ERR_PARSE_ARGS");
    process.exitCode = isTyped ? 2 : 1;
  }
}
