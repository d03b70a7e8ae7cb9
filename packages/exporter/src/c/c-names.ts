// Distinct C identifiers for the names of a model's nodes.
import { cIdentifier } from './c-text.js';

/** Hands out identifiers; names that would give the same one get a number. */
export class CNames {
  readonly #byName = new Map<string, string>();
  readonly #taken = new Set<string>();

  /** The identifier of a name, the same one each time, made from `wish`. */
  of(name: string, wish = name): string {
    const known = this.#byName.get(name);
    if (known !== undefined) return known;
    const wanted = cIdentifier(wish);
    let identifier = wanted;
    for (let number = 2; this.#taken.has(identifier); number++) identifier = `${wanted}_${number}`;
    this.#taken.add(identifier);
    this.#byName.set(name, identifier);
    return identifier;
  }
}
