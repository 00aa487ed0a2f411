/**
 * The text between a call's parentheses and the input it stands for: positional arguments in the order of the schema's
 * keys, optional ones after all others (prompts show those that are required). A one-key schema takes the text whole.
 * Strings may be bare or in JSON's double quotes.
 */

/** A JSON schema of an object, as far as arguments need it. */
export interface ObjectSchema {
  properties?: Record<string, ValueSchema>;
  required?: string[];
}

interface ValueSchema {
  type?: string | string[];
  anyOf?: ValueSchema[];
  allOf?: ValueSchema[];
}

/** @returns the input by key, not yet checked against the schema; undefined where the text cannot be read */
export function parseArguments(text: string, schema: ObjectSchema): Record<string, unknown> | undefined {
  const keys = positions(schema);
  const parts = keys.length === 1 ? [text.trim()] : splitArguments(text);
  if (parts === undefined || parts.length > keys.length) return undefined;
  const written = parts
    .map((part, index) => ({ part, key: keys[index]! }))
    .filter(({ part, key }) => part !== '' || schema.required?.includes(key)); // an optional one may be left blank
  return Object.fromEntries(written.map(({ part, key }) => [key, readValue(part, typesOf(schema, key))]));
}

/** The inverse: how a model would write this input. */
export function formatArguments(input: Record<string, unknown>, schema: ObjectSchema): string {
  const keys = positions(schema);
  const last = keys.findLastIndex((key) => input[key] !== undefined);
  const isWhole = keys.length === 1;
  return keys
    .slice(0, last + 1)
    .map((key) => writeValue(input[key], typesOf(schema, key), isWhole ? /[\s\S]/ : PLAIN))
    .join(', ');
}

function positions({ properties = {}, required = [] }: ObjectSchema): string[] {
  const keys = Object.keys(properties);
  return [...keys.filter((key) => required.includes(key)), ...keys.filter((key) => !required.includes(key))];
}

/** What needs no quotes among other arguments. */
const PLAIN = /^[\p{L}\p{N}][\p{L}\p{N}_.:/-]*$/u;

/** A text stands bare where it may and is read back as itself; undefined is a blank. */
function writeValue(value: unknown, types: readonly string[], bare: RegExp): string {
  if (value === undefined) return '';
  const isBare = typeof value === 'string' && bare.test(value) && readValue(value.trim(), types) === value;
  return isBare ? value : JSON.stringify(value);
}

/** JSON's own types that the schema allows; none where it does not say. */
function typesOf(schema: ObjectSchema, key: string): string[] {
  const collect = ({ type, anyOf = [], allOf = [] }: ValueSchema): string[] =>
    [type ?? [], ...[...anyOf, ...allOf].map(collect)].flat();
  return collect(schema.properties?.[key] ?? {}).map((type) => (type === 'integer' ? 'number' : type));
}

/** Whatever does not fit is left to the schema's check, which names what is wrong. */
function readValue(part: string, types: readonly string[]): unknown {
  const value = parseJson(part);
  if (value === undefined) return part;
  return types.includes('string') && !types.includes(typeOf(value)) ? part : value;
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
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
    else if (')]}'.includes(character)) depth = Math.max(0, depth - 1);
    else if (character === ',' && depth === 0) {
      parts.push(text.slice(start, index).trim());
      start = index + 1;
    }
  }
  if (isQuoted) return undefined;
  parts.push(text.slice(start).trim());
  return parts.length === 1 && parts[0] === '' ? [] : parts;
}
