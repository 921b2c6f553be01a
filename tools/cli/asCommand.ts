/** Runs a tool of the command line: its exit status is what it returns; what goes wrong is told in its own words, and is 1. */
export async function asCommand(tool: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await tool();
  } catch (error) {
    console.error((error as Error).message);
    process.exitCode = 1;
  }
}
