/** Keeps a terminal from obeying what a model, a tool or a file says. */

/** Unicode's control characters (C0, delete, and C1, whose U+009B begins an escape sequence by itself) but tab and line feed. */
const CONTROL = /[^\P{Cc}\t\n]/gu;

/** Control characters as pictures of themselves: `␛[2J` clears no screen. */
export function showControlCharacters(text: string): string {
  return text.replaceAll('\r\n', '\n').replace(CONTROL, (character) => {
    const code = character.charCodeAt(0);
    return code < 0x20 ? String.fromCharCode(0x2400 + code) : code === 0x7f ? '␡' : '\ufffd';
  });
}

/** JSON on a terminal: it escapes C0 itself, and what it leaves can be written as escapes too. */
export function escapeControlCharacters(json: string): string {
  return json.replace(CONTROL, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
