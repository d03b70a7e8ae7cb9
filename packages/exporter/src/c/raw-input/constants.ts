// Texts of a model (class names, feature names) as constants of C: upper case, safe and distinct.

/** Longest part of a constant that comes from a text. */
const MAX_LENGTH = 40;

/** What a number stands for. */
const MEANINGS = { class: 'classes', feature: 'values of a sample', answer: 'answers', label: 'labels' } as const;

/**
 * An enumeration `<name>_<what>` with one constant `<NAME>_<WHAT>_<TEXT>` for each text, numbered in their order. Accents are left out,
 * what is no letter or digit becomes `_`; a text of which nothing is left gets its number, and of equal ones the later get theirs.
 */
export function enumeration(name: string, what: keyof typeof MEANINGS, texts: readonly string[]): string {
  const meaning = MEANINGS[what];
  const taken = new Set<string>();
  const constants = texts.map((text, i) => {
    const word = constantWord(text);
    const wanted = word === '' ? `${i}` : word;
    // A number may itself be another's text.
    let constant = wanted;
    for (let number = i; taken.has(constant); number++) constant = `${wanted}_${number}`;
    taken.add(constant);
    return `  ${name.toUpperCase()}_${what.toUpperCase()}_${constant} = ${i}`;
  });
  return `/** Numbers of the ${meaning}, by name. */
enum ${name}_${what} {\n${constants.join(',\n')}\n};\n`;
}

function constantWord(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, MAX_LENGTH);
}
