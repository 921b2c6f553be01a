import type { Seed, SimulatedUser } from "./world.ts";

/** An organisation of made-up users, the same for the same number. */
export function generateSeed(count: number, domain = "acme.test"): Seed {
  const users = Array.from({ length: count }, (_, index): SimulatedUser => ({
    primary_email: userAddress(index, domain),
    type: "end_user",
    firstname: "User",
    surname: String(index),
    alias_emails: [`u${index}@${domain}`],
    safe_list_senders: index % 7 === 0 ? ["news@journal.test"] : [],
  }));
  return { organisations: [{ primary_domain: domain, name: "Acme Ltd", user_licenses: count + 100, users }] };
}

/** The HR feed of the same people, the first `leavers` of them terminated. */
export function generateHrCsv(count: number, leavers: number, domain = "acme.test"): string {
  const rows = Array.from(
    { length: count },
    (_, index) => `${index < leavers ? "Terminated" : "Active"},${userAddress(index, domain)},1001,F,LON`,
  );
  return ["status,email,company_code,worker_category_code,location_code", ...rows, ""].join("\n");
}

function userAddress(index: number, domain: string): string {
  return `user.${String(index).padStart(5, "0")}@${domain}`;
}
