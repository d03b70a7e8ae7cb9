// What exported C takes from the runtime.

export interface RuntimeUse {
  /** Included with `#include`. */
  readonly headers: readonly string[];
  /** Names of the functions called, and of types, which no file defines. */
  readonly functions: readonly string[];
}

/** The runtime's names in code that this package wrote; a model's own text stands in comments only, which are skipped. */
export function runtimeFunctions(...code: readonly string[]): string[] {
  const names = code.flatMap((text) => text.replace(/\/\*[\s\S]*?\*\//g, '').match(/\bbnm_\w+/g) ?? []);
  return [...new Set(names)].sort();
}
