import { userInfo } from "node:os";
import { runQuietly } from "./run.ts";

/** Who sits here: git's user.email, or the name of the user of this machine. */
export async function whoIsIt(): Promise<string> {
  const { code, stdout } = await runQuietly("git", ["config", "user.email"], {}).catch(() => ({ code: 1, stdout: "" }));
  return code === 0 && stdout.trim() !== "" ? stdout.trim() : userInfo().username;
}
