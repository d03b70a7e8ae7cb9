// Text that is safe inside C source: comments, identifiers, wrapped tables.

/** `text` on one line, unable to end a comment or to continue its line. */
export function cComment(text: string): string {
  return text
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .replaceAll('*/', '* /')
    .replaceAll('/*', '/ *')
    .replaceAll('??', '? ?')
    .replaceAll('\\', '/')
    .replace(/ {2,}/g, ' ')
    .trim();
}

/** `text` as a C identifier in lower case: other characters become `_`; a leading digit gets an `m`. */
export function cIdentifier(text: string): string {
  const word = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '');
  return /^[a-z]/.test(word) ? word : `m${word && `_${word}`}`;
}

/** Values separated by commas, at most `width` characters a line, indented by two spaces. */
export function wrapValues(values: readonly string[], width = 116): string[] {
  const lines: string[] = [];
  let line = '';
  for (const value of values) {
    const longer = line === '' ? `${value},` : `${line} ${value},`;
    if (longer.length > width && line !== '') {
      lines.push(`  ${line}`);
      line = `${value},`;
    } else line = longer;
  }
  if (line !== '') lines.push(`  ${line}`);
  return lines;
}
