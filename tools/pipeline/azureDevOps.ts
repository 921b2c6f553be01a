import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ForgeError, forgeClient, need, type Forge, type ForgeEnvironment } from "./forge.ts";

const version = "api-version=7.1";
const tag = "proofpoint-drift";
const remedy =
  "The build service needs Contribute to pull requests on the repository and Edit work items on the area path, and the step env: SYSTEM_ACCESSTOKEN: $(System.AccessToken).";

interface Thread {
  readonly id: number;
  readonly isDeleted?: boolean;
  readonly comments?: readonly { readonly id: number; readonly content?: string; readonly isDeleted?: boolean }[];
}

/**
 * Azure DevOps, with the token of the job and no other. Source: learn.microsoft.com/rest/api/azure/devops. Work items are
 * of type WORK_ITEM_TYPE (Issue) and closed by the state WORK_ITEM_CLOSED (Done), which differ by a project's process.
 */
export function azureDevOps(environment: ForgeEnvironment): Forge {
  const given = (name: string) => need(environment, name, "Azure Pipelines sets it.");
  const token = need(environment, "SYSTEM_ACCESSTOKEN", "Give the step `env: SYSTEM_ACCESSTOKEN: $(System.AccessToken)`.");
  const project = `${given("SYSTEM_COLLECTIONURI").replace(/\/$/, "")}/${encodeURIComponent(given("SYSTEM_TEAMPROJECT"))}/_apis`;
  const type = environment["WORK_ITEM_TYPE"] || "Issue";
  const closed = environment["WORK_ITEM_CLOSED"] || "Done";
  const client = forgeClient(project, { Authorization: `Bearer ${token}` }, remedy);
  const patch = { headers: { "Content-Type": "application/json-patch+json" } };
  const fields = (values: Record<string, string>) =>
    Object.entries(values).map(([name, value]) => ({ op: "add", path: `/fields/${name}`, value }));

  const findIssue = async (mark: string): Promise<number | undefined> => {
    const where = [
      "[System.TeamProject] = @project",
      `[System.WorkItemType] = ${quote(type)}`,
      `[System.State] <> ${quote(closed)}`,
      `[System.Tags] CONTAINS ${quote(tagOf(mark))}`,
    ];
    const query = `SELECT [System.Id] FROM WorkItems WHERE ${where.join(" AND ")} ORDER BY [System.Id]`;
    const { data } = await client.post<{ workItems: { id: number }[] }>(`/wit/wiql?${version}`, { query });
    if (!Array.isArray(data.workItems)) throw noList("wiql");
    return data.workItems[0]?.id;
  };
  return {
    comment: async (mark, body) => {
      const number = environment["SYSTEM_PULLREQUEST_PULLREQUESTID"];
      if (number === undefined) return;
      const threads = `/git/repositories/${given("BUILD_REPOSITORY_ID")}/pullRequests/${number}/threads`;
      const content = `${mark}\n${body}`;
      const { data } = await client.get<{ value: Thread[] }>(`${threads}?${version}`);
      if (!Array.isArray(data.value)) throw noList("threads");
      for (const { id, comments = [], isDeleted } of data.value) {
        const written = comments.find((comment) => comment.content?.startsWith(mark) && !comment.isDeleted);
        if (isDeleted || !written) continue;
        await client.patch(`${threads}/${id}/comments/${written.id}?${version}`, { content });
        return;
      }
      // Closed from the start: it informs, and blocks no merge.
      const comments = [{ parentCommentId: 0, content, commentType: "text" }];
      await client.post(`${threads}?${version}`, { comments, status: "closed" });
    },
    raise: async (mark, title, text) => {
      const open = await findIssue(mark);
      const values = { "System.Title": title, "System.Description": asHtml(text) };
      if (open !== undefined) await client.patch(`/wit/workitems/${open}?${version}`, fields(values), patch);
      else await client.post(`/wit/workitems/$${type}?${version}`, fields({ ...values, "System.Tags": `${tag}; ${tagOf(mark)}` }), patch);
    },
    settle: async (mark, word) => {
      const open = await findIssue(mark);
      if (open === undefined) return;
      await client.patch(`/wit/workitems/${open}?${version}`, fields({ "System.State": closed, "System.History": asHtml(word) }), patch);
    },
    summarize: async (body) => {
      const path = join(await mkdtemp(join(environment["AGENT_TEMPDIRECTORY"] ?? tmpdir(), "proofpoint-")), "summary.md");
      await writeFile(path, body);
      console.log(`##vso[task.uploadsummary]${path}`);
    },
  };
}

/** A login page instead of JSON is how a token without the right is answered, with 203. */
function noList(what: string): ForgeError {
  return new ForgeError(`${what}: it answered with something that is no list. ${remedy}`);
}

/** A tag holds no markup: `<!-- proofpoint-drift prod -->` becomes `proofpoint-drift prod`. */
function tagOf(mark: string): string {
  return mark.replace(/[^\w. -]/g, "").replace(/^[\s-]+|[\s-]+$/g, "");
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** Descriptions are HTML there; a report is text. */
function asHtml(text: string): string {
  return `<pre>${text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")}</pre>`;
}
