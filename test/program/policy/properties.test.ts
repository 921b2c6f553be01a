import { expect } from "chai";
import fc from "fast-check";
import { adminTypes, isManagedType, managedTypes, type AccountType, type User } from "../../../provider/essentials/schema.ts";
import { toPeople } from "../../../program/hr/person.ts";
import type { HrRow } from "../../../program/hr/row.ts";
import { decide } from "../../../program/policy/decide.ts";
import { isChange, type Decision } from "../../../program/policy/decision.ts";
import type { Exception } from "../../../program/policy/exceptions.ts";
import { match } from "../../../program/policy/match.ts";
import { circumstances, feed, reader, row, type World } from "../../support/builders.ts";

/** Any small organisation and any feed over the same handful of addresses, keys and days. */
const names = ["a", "b", "c", "d", "e", "f"];
const address = fc.constantFrom(...names.map((name) => `${name}@acme.test`));
/** Sometimes one of another domain, which nobody's primary address has. */
const anyAddress = fc.oneof(
  { weight: 5, arbitrary: address },
  { weight: 1, arbitrary: fc.constantFrom("a@home.example", "b@home.example") },
);
const day = fc.constantFrom("", "2019-05-01", "2026-11-01", "2026-11-21", "2026-11-22", "2026-12-24", "not a day");
const status = fc.constantFrom("Active", "A", "Hired", "On leave", "Pending", "T", "Terminated", "Deceased", "Furlough", "");

const anyUsers: fc.Arbitrary<User[]> = fc.uniqueArray(
  fc.record({
    email: address,
    type: fc.constantFrom<AccountType>(...managedTypes, ...adminTypes),
    aliases: fc.array(anyAddress, { maxLength: 2 }),
    active: fc.constantFrom(true, true, true, false),
  }),
  { selector: ({ email }) => email },
);
const anyRow: fc.Arbitrary<HrRow> = fc
  .record({
    email: fc.oneof({ weight: 8, arbitrary: anyAddress }, { weight: 1, arbitrary: fc.constantFrom("", "slippeda@acme.test b", "nobody") }),
    status,
    personKey: fc.constantFrom("", "", "1", "2", "3"),
    hireDate: day,
    rehireDate: day,
    terminationDate: day,
    lastDay: day,
    companyCode: fc.constantFrom("1001", "2002"),
  })
  .map(row);
/** With one row at least that has an address, so that it is a feed. */
const anyRows = fc
  .tuple(fc.array(anyRow, { maxLength: 12 }), address)
  .map(([rows, email]) => numbered([...rows, row({ email, status: "T" })]));
const anyPolicy = fc.constantFrom<Policy[]>(
  {},
  { graceDays: 5 },
  { silent: "decide", inactiveAccounts: "decide" } as const,
  { scope: { companyCodes: ["1001"] } },
  { leave: "functional_account", leaveKinds: { "on leave": "functional_account" } } as const,
  { missing: "hold" } as const,
);
type Policy = NonNullable<World["policy"]>;
const anyExceptions: fc.Arbitrary<readonly Exception[]> = fc.array(
  fc.record({
    match: fc.constantFrom("a@acme.test", "b@acme.test", "*@acme.test", "a@home.example"),
    want: fc.constantFrom("end_user", "functional_account", "hold"),
    reason: fc.constant("x"),
    owner: fc.constant("y"),
    expires: fc.constantFrom("2026-11-21", "2026-11-22", "2027-01-01"),
  }),
  { maxLength: 2 },
);

const numbered = (rows: readonly HrRow[]) => rows.map((each, index) => ({ ...each, at: index + 2 }));

function decideAll(
  users: readonly User[],
  rows: readonly HrRow[],
  policy: Policy = {},
  exceptions: readonly Exception[] = [],
): readonly Decision[] {
  const people = toPeople(feed(rows), reader());
  const { matched, unclaimed } = match({ users, ...people, domains: [] });
  return decide(matched, { ...circumstances({ policy, exceptions, users }), unclaimed });
}

/** Without the sentences: they name lines, which move with the rows. */
const bare = (decisions: readonly Decision[]) =>
  decisions.map(({ email, have, want, rule, effective }) => ({ email, have, want, rule, effective }));

describe("decisions, for any organisation and any feed", () => {
  it("are exactly one for every live user", () => {
    fc.assert(
      fc.property(anyUsers, anyRows, anyPolicy, (users, rows, policy) => {
        expect(decideAll(users, rows, policy).map(({ email }) => email)).to.have.members(users.map(({ email }) => email));
      }),
    );
  });

  it("do not depend on the order of users or rows", () => {
    fc.assert(
      fc.property(
        anyUsers,
        anyRows.chain((rows) => fc.tuple(fc.constant(rows), fc.shuffledSubarray(rows, { minLength: rows.length }))),
        anyPolicy,
        (users, [rows, shuffled], policy) => {
          expect(bare(decideAll(users.toReversed(), shuffled, policy))).to.deep.equal(bare(decideAll(users, rows, policy)));
        },
      ),
    );
  });

  it("do not depend on how often a row is repeated, and where", () => {
    fc.assert(
      fc.property(
        anyUsers,
        anyRows.chain((rows) => fc.tuple(fc.constant(rows), fc.shuffledSubarray([...rows, ...rows], { minLength: rows.length * 2 }))),
        (users, [rows, doubled]) => {
          expect(bare(decideAll(users, doubled))).to.deep.equal(bare(decideAll(users, rows)));
        },
      ),
    );
  });

  it("are the same when made twice", () => {
    fc.assert(
      fc.property(anyUsers, anyRows, anyPolicy, (users, rows, policy) => {
        expect(decideAll(users, rows, policy)).to.deep.equal(decideAll(users, rows, policy));
      }),
    );
  });

  it("leave nothing to change once they are applied", () => {
    fc.assert(
      fc.property(anyUsers, anyRows, anyPolicy, (users, rows, policy) => {
        const wanted = new Map(decideAll(users, rows, policy).map(({ email, want }) => [email, want]));
        const applied = users.map((each) => ({ ...each, type: wanted.get(each.email) ?? each.type }));
        expect(decideAll(applied, rows, policy).filter(isChange)).to.deep.equal([]);
      }),
    );
  });

  it("never make a functional account of anybody HR calls active", () => {
    fc.assert(
      fc.property(anyUsers, anyRows, anyPolicy, anyExceptions, (users, rows, policy, exceptions) => {
        const active = new Set(rows.filter((each) => ["Active", "A"].includes(each.status) && !isFuture(each)).map(({ email }) => email));
        for (const decision of decideAll(users, rows, policy, exceptions).filter(isChange)) {
          const { email, aliases } = users.find((each) => each.email === decision.email)!;
          if ([email, ...aliases].some((each) => active.has(each))) expect(decision.want).to.not.equal("functional_account");
        }
      }),
      { numRuns: 500 },
    );
  });

  it("convert nobody else when a leaver's row is added", () => {
    fc.assert(
      fc.property(anyUsers, anyRows, anyRow, anyPolicy, anyExceptions, (users, rows, added, policy, exceptions) => {
        const leaver = { ...added, status: "Terminated" };
        const converts = (decisions: readonly Decision[]) =>
          decisions.filter((each) => isChange(each) && each.want === "functional_account").map(({ email }) => email);
        const before = converts(decideAll(users, rows, policy, exceptions));
        const key = leaver.personKey;
        const own = new Set([leaver.email, ...rows.filter(({ personKey }) => key !== "" && personKey === key).map(({ email }) => email)]);
        const others = users.filter(({ email, aliases }) => ![email, ...aliases].some((each) => own.has(each))).map(({ email }) => email);
        const after = converts(decideAll(users, numbered([...rows, leaver]), policy, exceptions));
        expect(after.filter((email) => others.includes(email) && !before.includes(email))).to.deep.equal([]);
      }),
      { numRuns: 500 },
    );
  });

  it("never change an administrator", () => {
    fc.assert(
      fc.property(anyUsers, anyRows, anyPolicy, (users, rows, policy) => {
        expect(decideAll(users, rows, policy).filter((each) => isChange(each) && !isManagedType(each.have))).to.deep.equal([]);
      }),
    );
  });
});

/** Active only from a day to come. */
function isFuture({ hireDate, rehireDate }: HrRow): boolean {
  const [first] = [hireDate, rehireDate].filter((each) => /^\d/.test(each)).sort();
  return first !== undefined && first > "2026-11-22";
}
