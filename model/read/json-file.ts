/** JSON files, and in one line what is wrong with one. Knows no schema of its own. */
import { readFile } from 'node:fs/promises';
import type { ZodError } from 'zod';

/** @throws {Error} with one line that names the file, where it is missing, unreadable or no JSON */
export async function readJsonFile(path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new Error(error.code === 'ENOENT' ? `${path} is missing` : `${path} cannot be read: ${error.message}`);
  });
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${path} is not JSON: ${(error as Error).message}`);
  }
}

/** The first thing that does not fit a schema, with the field's name. */
export function firstIssue(error: ZodError): string {
  const issue = error.issues[0]!;
  return issue.path.length > 0 ? `\`${issue.path.join('.')}\`: ${issue.message}` : issue.message;
}
