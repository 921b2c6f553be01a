import type { Seed } from "./world.ts";

const packages = ["professional", "business_plus", "advanced"];
const names = ["Alder", "Birch", "Cedar", "Elm", "Fir", "Hazel", "Juniper", "Larch", "Maple", "Oak", "Pine", "Rowan"];

/** Who counts its seats. */
export const partnerLogin = { user: "billing@msp.test", password: "simulated", type: "channel_admin", domain: "msp.test" };

/** A partner of twelve organisations, each with one user more than the one before; the last is on trial. */
export const partnerSeed: Seed = {
  logins: [partnerLogin],
  organisations: [
    { primary_domain: partnerLogin.domain, name: "The partner itself", type: "channel", users: [] },
    ...names.map((name, at) => {
      const domain = `${name.toLowerCase()}.test`;
      return {
        primary_domain: domain,
        name,
        parent: partnerLogin.domain,
        licensing_package: packages[at % packages.length] ?? "professional",
        is_on_trial: at === names.length - 1,
        users: Array.from({ length: 5 + at }, (_, user) => ({ primary_email: `user${user}@${domain}`, type: "end_user" })),
      };
    }),
  ],
};
