import { expect } from "chai";
import { Exempter } from "../../../provider/essentials/exempter.ts";
import { closeApis, createApi, type Api, type ApiOptions } from "../../support/api.ts";

describe("The exempter", () => {
  afterEach(closeApis);

  async function create(options: ApiOptions = {}): Promise<Api & { exempter: Exempter }> {
    const api = await createApi(options);
    return { ...api, exempter: new Exempter(api.essentials, 5) };
  }
  const settle = async (promises: Promise<void>[]) =>
    (await Promise.allSettled(promises)).map((each) => (each.status === "fulfilled" ? "there" : (each.reason as Error).message));

  it("finds the one address the service refuses, and adds the others", async () => {
    const { exempter, simulator } = await create({ faults: [{ kind: 422, method: "PUT", body: "odd@" }] });
    const names = ["a", "b", "odd", "c", "d", "e"];
    const outcomes = await settle(names.map((name) => exempter.add(`${name}@acme.test`)));
    expect(outcomes.map((each) => each === "there")).to.deep.equal(names.map((name) => name !== "odd"));
    expect(outcomes[2]).to.contain("Could not exempt odd@acme.test from Azure sync: the API answered 422");
    expect(simulator.exemptions()).to.have.members(names.filter((name) => name !== "odd").map((name) => `${name}@acme.test`));
  });

  it("believes the list where an answer was lost", async () => {
    const { exempter, simulator } = await create({ faults: [{ kind: "cut_after", method: "PUT", times: 1 }] });
    expect(await settle([exempter.add("a@acme.test"), exempter.add("b@acme.test")])).to.deep.equal(["there", "there"]);
    expect(simulator.requests.filter(({ method }) => method === "PUT")).to.have.length(1);
  });

  it("reports to each why it could not be added", async () => {
    const { exempter } = await create({ faults: [{ kind: 500, method: "PUT" }] });
    for (const outcome of await settle([exempter.add("a@acme.test"), exempter.add("b@acme.test")]))
      expect(outcome).to.contain("answered 500");
  });

  it("cuts a long list into several", async () => {
    const { exempter, simulator } = await create();
    await Promise.all(Array.from({ length: 1100 }, (_, index) => exempter.add(`u${index}@acme.test`)));
    expect(simulator.requests.filter(({ method }) => method === "PUT")).to.have.length(3);
    expect(simulator.exemptions()).to.have.length(1100);
  });
});
