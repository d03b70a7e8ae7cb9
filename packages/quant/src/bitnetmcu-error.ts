// The base of every typed error of the packages. What an error is can be asked across copies and versions of a package, where `instanceof` fails.

/** Under this key an error carries the names of its classes. Registered for the whole program, so that every copy of this file finds it. */
const CLASSES = Symbol.for('bitnetmcu.error.classes');

/** A message may quote a file, and a file holds texts of any length. What is cut is in the middle: the place is at the start, the remedy at the end. */
const MAX_MESSAGE = { start: 6000, end: 2000 } as const;

function bounded(message: string): string {
  const { start, end } = MAX_MESSAGE;
  // Surrogate pairs stay whole: half a pair is no character.
  const head = message.slice(0, start).replace(/[\ud800-\udbff]$/, '');
  const tail = message.slice(Math.max(head.length, message.length - end)).replace(/^[\udc00-\udfff]/, '');
  const left = message.length - head.length - tail.length;
  return left <= 0 ? message : `${head} … (${left} characters left out) … ${tail}`;
}

interface ErrorClass<Instance> {
  readonly className: string;
  readonly prototype: Instance;
}

/**
 * A refusal: a mistake of the caller, a file that is not what it should be, a part that is missing. `code` is for programs; the message names
 * the place, what was found, what is wanted and what to do.
 *
 * Every error class of the packages derives from it: `QuantError`, `ModelError`, `TrainerError`, `RuntimeError`, `SimulatorError`, `ExporterError`.
 *
 * @example
 * ```ts
 * import { BitnetmcuError, getFormat } from '@bitnetmcu/quant';
 *
 * try {
 *   getFormat('5bitsim');
 * } catch (error) {
 *   if (!BitnetmcuError.isInstance(error)) throw error; // a bug, not a refusal
 *   console.log(error.code, error.message); // unknown-format There is no weight format "5bitsim". Did you mean "5bitsym"? …
 * }
 * ```
 */
export class BitnetmcuError<Code extends string = string> extends Error {
  /** The name of the class; each subclass gives its own. */
  static readonly className: string = 'BitnetmcuError';

  /** What went wrong, in kebab-case. */
  readonly code: Code;

  constructor(code: Code, message: string, options: { readonly cause?: unknown } = {}) {
    super(bounded(message), options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.className;
    this.code = code;
    // Not enumerable: it is nothing to print.
    Object.defineProperty(this, CLASSES, { value: classNames(new.target) });
  }

  /**
   * Whether a value is an error of this class or of one that derives from it, whichever copy or version of the package threw it.
   * To be preferred to `instanceof`, which knows one copy only.
   */
  static isInstance<Instance>(this: ErrorClass<Instance>, value: unknown): value is Instance {
    if (typeof value !== 'object' || value === null) return false;
    const classes: unknown = (value as { [CLASSES]?: unknown })[CLASSES];
    // biome-ignore lint/complexity/noThisInStatic: `this` is the class that is asked about, which may be one that derives from this.
    return Array.isArray(classes) && classes.includes(this.className);
  }
}

/** Names from a class up to the base. */
function classNames(errorClass: { readonly className: string }): string[] {
  const names: string[] = [];
  for (let at = errorClass; typeof at.className === 'string'; at = Object.getPrototypeOf(at)) names.push(at.className);
  return names;
}
