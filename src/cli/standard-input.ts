/** Standard input as text. */

/** @throws {Error} where it is not UTF-8 */
export async function readStandardInput(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks)).trimEnd();
  } catch {
    throw new Error('standard input is not valid UTF-8: convert it first, e.g. with iconv');
  }
}
