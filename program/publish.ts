import * as pulumi from "@pulumi/pulumi";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { renderConsole, renderJson, renderMarkdown } from "./render.ts";
import type { Report } from "./report.ts";
import { ErrorForPeople, systemAnswer } from "../provider/essentials/errors.ts";

/** The report could not be written. */
export class ReportError extends ErrorForPeople {}

/**
 * Prints the report and, where a path is given, writes it as PATH.json and PATH.md.
 * @param path relative to the project's root, without an ending
 */
export async function publish(report: Report, path: string | undefined): Promise<void> {
  await pulumi.log.info(renderConsole(report));
  if (path === undefined) return;
  const base = resolve(path);
  try {
    await mkdir(dirname(base), { recursive: true });
    await writeFile(`${base}.json`, renderJson(report));
    await writeFile(`${base}.md`, renderMarkdown(report));
  } catch (error) {
    throw new ReportError(
      `Could not write the report ${base}.json and .md: ${systemAnswer(error)}. Check proofpoint:report. Nothing was changed.`,
    );
  }
}
