// The names that a header declares: distinct, for C and for C++, where typedefs, tags of enumerations and functions share one space.

/** How this package declares names, a line each. */
const DECLARATIONS = [
  /^#define (\w+)/,
  /^typedef \w+ (\w+);/,
  /^} (\w+);/,
  /^enum (\w+)/,
  /^ {2}(\w+) = \d+,?$/,
  /^(?:const )?\w+ \*?(\w+)\(/,
];

/** Macros, types, tags, constants and functions, in their order. */
export function declaredNames(header: string): string[] {
  return header.split('\n').flatMap((line) => {
    const name = DECLARATIONS.map((declaration) => declaration.exec(line)?.[1]).find((found) => found !== undefined);
    return name === undefined ? [] : [name];
  });
}

/** A header as it is. Texts of a model stand behind a prefix that no other name has, so none is declared twice. */
export function withDistinctNames(header: string): string {
  const taken = new Set<string>();
  for (const name of declaredNames(header)) {
    if (taken.has(name)) throw new Error(`The header declares ${name} twice`);
    taken.add(name);
  }
  return header;
}
