// What exported C takes from the runtime and of memory, noted while it is written.
import { StaticMemory } from './static-memory.js';

export interface RuntimeUse {
  /** Included with `#include`. */
  readonly headers: readonly string[];
  /** Names of the functions that are called or pointed to. */
  readonly functions: readonly string[];
}

/** Writes the runtime's functions into C text: whatever stands there because of it is known to be needed. */
export class RuntimeCalls {
  readonly #functions = new Set<string>();
  readonly #headers = new Set(['bnm.h']);
  readonly memory = new StaticMemory();

  /** The statement of a call: `bnm_<name>(…);`. */
  call(name: string, ...values: readonly (string | number)[]): string {
    return `${this.reference(`bnm_${name}`)}(${values.join(', ')});`;
  }

  /** A function by its whole name, for a call or as a pointer. @param header that declares it */
  reference(functionName: string, header = 'bnm.h'): string {
    this.#functions.add(functionName);
    this.#headers.add(header);
    return functionName;
  }

  get use(): RuntimeUse {
    return { headers: [...this.#headers], functions: [...this.#functions].sort() };
  }
}
