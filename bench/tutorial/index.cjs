// The same job as tutorials for dynamic providers write it: a provider object for each resource, its libraries in its
// closure, one GET for each read. It stands here to be measured against.
"use strict";
const pulumi = require("@pulumi/pulumi");
const axios = require("axios");
const { readFileSync } = require("node:fs");

const config = new pulumi.Config();
const apiUrl = config.require("apiUrl");
const domain = config.require("domain");
const headers = { "X-User": "admin@acme.test", "X-Password": "simulator" };

function createProvider() {
  const url = (email) => `${apiUrl}/api/v1/orgs/${domain}/users/${encodeURIComponent(email)}`;
  const getUser = async (email) => {
    const axios = require("axios");
    const { z } = require("zod");
    const schema = z.object({ primary_email: z.string(), type: z.string(), alias_emails: z.array(z.string()) }).loose();
    const { data } = await axios.get(url(email), { headers });
    return schema.parse(data);
  };
  const setType = async (email, type) => {
    const axios = require("axios");
    const user = await getUser(email);
    if (user.type !== type) await axios.put(url(email), { ...user, type }, { headers });
  };
  return {
    async diff(_id, olds, news) {
      return { changes: olds.type !== news.type, replaces: olds.email === news.email ? [] : ["email"] };
    },
    async create(inputs) {
      await setType(inputs.email, inputs.type);
      return { id: inputs.email, outs: inputs };
    },
    async read(id, props) {
      const user = await getUser(id);
      return { id, props: { ...props, type: user.type } };
    },
    async update(_id, _olds, news) {
      await setType(news.email, news.type);
      return { outs: news };
    },
    async delete() {},
  };
}

class TutorialUser extends pulumi.dynamic.Resource {
  constructor(name, props) {
    super(createProvider(), name, props);
  }
}

async function main() {
  const rows = readFileSync(config.require("csv"), "utf8").trim().split("\n").slice(1);
  const status = new Map(rows.map((row) => [row.split(",")[1], row.split(",")[0]]));
  const { data } = await axios.get(`${apiUrl}/api/v1/orgs/${domain}/users`, { headers });
  for (const { primary_email: email, type } of data.users) {
    const gone = (status.get(email) ?? "Terminated") === "Terminated";
    new TutorialUser(email, { email, type: type === "end_user" && gone ? "functional_account" : type });
  }
}

main();
