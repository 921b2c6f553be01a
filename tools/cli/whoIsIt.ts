import { userInfo } from "node:os";
import { runQuietly } from "./run.ts";

/** Who sits here: who says so, or git's user.email, or the name of the user of this machine. @param by as given, if it was */
export async function whoIsIt(by = ""): Promise<string> {
  if (by.trim() !== "") return by.trim();
  const { code, stdout } = await runQuietly("git", ["config", "user.email"], {}).catch(() => ({ code: 1, stdout: "" }));
  return code === 0 && stdout.trim() !== "" ? stdout.trim() : userInfo().username;
}
