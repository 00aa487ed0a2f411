/** What all that take options here check alike. Knows no option. */

/** A misspelled option would be left out without a word. @throws {TypeError} that names it and those there are */
export function refuseUnknown(options: object, known: readonly string[]): void {
  const unknown = Object.keys(options).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const expected = known.length === 0 ? 'no options' : `options among ${known.join(', ')}`;
  throw new TypeError(`Expected ${expected}, got \`${unknown}\``);
}
