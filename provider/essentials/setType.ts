import type { Essentials } from "./client.ts";
import { EssentialsError } from "./errors.ts";
import { isAdminType, isManagedType, type ManagedType, type UserObject } from "./schema.ts";
import type { Verifier } from "./verifier.ts";

/**
 * Makes one account the wanted type: observe, write only the difference, verify.
 *
 * The vendor documents nowhere what a PUT does to fields it does not name, so the whole object goes back as it came
 * with only `type` changed. Safe to repeat at any point: an account that has the type already is not written.
 *
 * @returns the account's address as it is stored
 * @throws EssentialsError when the account is gone, is an administrator now, refuses the change or ignores it
 */
export async function setType(essentials: Essentials, verifier: Verifier, email: string, want: ManagedType): Promise<string> {
  const attempt = `set ${email} to ${want}`;
  return verifier.during(async (verified) => {
    const user = await essentials.getUser(email, attempt);
    if (user.type === want) return user.primary_email;
    if (!isManagedType(user.type)) throw isNotManaged(user, attempt);
    try {
      await put(essentials, email, { ...user, type: want }, attempt);
      await verified(user.primary_email, want, attempt);
    } catch (error) {
      throw want === "end_user" && !(error instanceof NotManaged) ? explainNoWayBack(error, attempt) : error;
    }
    return user.primary_email;
  });
}

/** Whether an account can be made an end user again by the API is documented nowhere; the console's Mass Update cannot. */
function explainNoWayBack(error: unknown, attempt: string): unknown {
  if (!(error instanceof EssentialsError) || (error.code !== "rejected" && error.code !== "auth")) return error;
  return new EssentialsError({
    code: error.code,
    attempt,
    cameBack: error.cameBack,
    advice:
      (error.code === "auth" ? "The login may be read-only, every" : "Every") +
      " licence may be in use, or the service does not turn accounts back into end users. It is not tried again in this run. " +
      "Change it in the Proofpoint console, or hold the account (proofpoint:policy.protect.emails).",
  });
}

/** One PUT. A write that broke off may have been carried out, so it is settled by reading, and repeated once at most. */
async function put(essentials: Essentials, email: string, user: UserObject, attempt: string): Promise<void> {
  try {
    await essentials.putUser(email, user, attempt);
  } catch (error) {
    if (!(error instanceof EssentialsError) || !error.maybeApplied) throw error;
    const now = await essentials.getUser(email, attempt);
    if (now.type === user.type) return;
    if (!isManagedType(now.type)) throw isNotManaged(now, attempt);
    await essentials.putUser(email, { ...now, type: user.type }, attempt);
  }
}

/** Somebody has made the account one that is never touched. */
class NotManaged extends EssentialsError {}

function isNotManaged(user: UserObject, attempt: string): NotManaged {
  return new NotManaged({
    code: "rejected",
    attempt,
    cameBack: `the account is ${user.type} now`,
    advice: `${isAdminType(user.type) ? "Administrators are" : "A type this program does not know is"} never touched. Run again: it is left out then.`,
  });
}
