import { appendFile } from "node:fs/promises";
import { ForgeError, forgeClient, need, type Forge, type ForgeEnvironment } from "./forge.ts";

const label = "proofpoint-drift";
const remedy = "The job needs `permissions:` pull-requests: write for comments and issues: write for issues.";

interface Written {
  readonly id: number;
  readonly number: number;
  readonly body?: string | null;
  readonly user?: { readonly type?: string } | null;
}

/** GitHub, with the token of the job and no other. Source: docs.github.com/rest. */
export function gitHub(environment: ForgeEnvironment): Forge {
  const repository = `/repos/${need(environment, "GITHUB_REPOSITORY", "GitHub Actions sets it.")}`;
  const token = need(environment, "GITHUB_TOKEN", "Give the step `env: GITHUB_TOKEN: ${{ github.token }}`.");
  const client = forgeClient(
    environment["GITHUB_API_URL"] ?? "https://api.github.com",
    { Authorization: `Bearer ${token}`, Accept: "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28" },
    remedy,
  );
  /** What this pipeline has written; what a person writes is theirs, whatever mark it bears. */
  const find = async (path: string, mark: string): Promise<Written | undefined> => {
    for (let page = 1; ; page += 1) {
      const { data } = await client.get<Written[]>(path, { params: { per_page: 100, page } });
      if (!Array.isArray(data)) throw new ForgeError(`GET ${path}: it answered with something that is no list. Check GITHUB_API_URL.`);
      const found = data.find(({ body, user }) => body?.startsWith(mark) && user?.type === "Bot");
      if (found || data.length < 100) return found;
    }
  };
  const findIssue = (mark: string) => find(`${repository}/issues?state=open&labels=${label}`, mark);
  return {
    comment: async (mark, body) => {
      const number = /^refs\/pull\/(\d+)\//.exec(environment["GITHUB_REF"] ?? "")?.[1];
      if (number === undefined) return;
      const comments = `${repository}/issues/${number}/comments`;
      const written = await find(comments, mark);
      if (written) await client.patch(`${repository}/issues/comments/${written.id}`, { body: `${mark}\n${body}` });
      else await client.post(comments, { body: `${mark}\n${body}` });
    },
    raise: async (mark, title, text) => {
      const body = `${mark}\n${text}`;
      const open = await findIssue(mark);
      if (open) await client.patch(`${repository}/issues/${open.number}`, { title, body });
      else await client.post(`${repository}/issues`, { title, body, labels: [label] });
    },
    settle: async (mark, word) => {
      const open = await findIssue(mark);
      if (!open) return;
      await client.post(`${repository}/issues/${open.number}/comments`, { body: word });
      await client.patch(`${repository}/issues/${open.number}`, { state: "closed", state_reason: "completed" });
    },
    summarize: async (body) => {
      const path = environment["GITHUB_STEP_SUMMARY"];
      if (path !== undefined) await appendFile(path, `${body}\n`);
    },
  };
}
