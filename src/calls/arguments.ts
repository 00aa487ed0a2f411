/**
 * The text between a call's parentheses and the input it stands for: positional arguments in the order of the schema's
 * keys. A one-key schema takes the text whole. Strings may be bare or in JSON's double quotes.
 */

/** A JSON schema of an object, as far as arguments need it. */
export interface ObjectSchema {
  properties?: Record<string, { type?: string | string[] }>;
  required?: string[];
}

/** @returns the input by key, not yet checked against the schema; undefined where the text cannot be read */
export function parseArguments(text: string, schema: ObjectSchema): Record<string, unknown> | undefined {
  const keys = Object.keys(schema.properties ?? {});
  if (keys.length === 0) return text.trim() === '' ? {} : undefined;
  if (keys.length === 1) return { [keys[0]!]: readValue(text.trim(), typeOf(schema, keys[0]!)) };
  const parts = splitArguments(text);
  if (parts === undefined || parts.length > keys.length) return undefined;
  return Object.fromEntries(parts.map((part, index) => [keys[index]!, readValue(part, typeOf(schema, keys[index]!))]));
}

/** The inverse: how a model would write this input. */
export function formatArguments(input: Record<string, unknown>, schema: ObjectSchema): string {
  const keys = Object.keys(schema.properties ?? {}).filter((key) => input[key] !== undefined);
  const [only] = keys;
  if (Object.keys(schema.properties ?? {}).length === 1 && only !== undefined) return bare(input[only]);
  return keys.map((key) => writeValue(input[key])).join(', ');
}

function bare(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function writeValue(value: unknown): string {
  if (typeof value !== 'string') return JSON.stringify(value);
  return /^[\p{L}\p{N}][\p{L}\p{N}_.:/-]*$/u.test(value) ? value : JSON.stringify(value);
}

function typeOf(schema: ObjectSchema, key: string): string | undefined {
  const type = schema.properties?.[key]?.type;
  return Array.isArray(type) ? type[0] : type;
}

function readValue(part: string, type: string | undefined): unknown {
  const unquoted = /^"[\s\S]*"$/.test(part) ? parseJson(part) : undefined;
  if (type === 'string') return typeof unquoted === 'string' ? unquoted : part;
  return parseJson(part) ?? part; // the schema check names what is wrong
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Commas between arguments, but not inside quotes or brackets. Undefined where a quote is left open. */
function splitArguments(text: string): string[] | undefined {
  const parts: string[] = [];
  let start = 0;
  let depth = 0;
  let isQuoted = false;
  for (let index = 0; index < text.length; index++) {
    const character = text[index]!;
    if (isQuoted) {
      if (character === '\\') index++;
      else if (character === '"') isQuoted = false;
    } else if (character === '"') isQuoted = true;
    else if ('([{'.includes(character)) depth++;
    else if (')]}'.includes(character)) depth--;
    else if (character === ',' && depth === 0) {
      parts.push(text.slice(start, index).trim());
      start = index + 1;
    }
  }
  if (isQuoted) return undefined;
  parts.push(text.slice(start).trim());
  return parts.length === 1 && parts[0] === '' ? [] : parts;
}
