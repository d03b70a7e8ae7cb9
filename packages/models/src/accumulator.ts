// What an int32 of one node must hold, and the refusal of what it cannot.
import { ModelError } from './errors.js';
import type { Range } from './intervals.js';

const INT32_MAX = 2 ** 31 - 1;
const INT32_MIN = -(2 ** 31);

/** A node whose accumulators int32 cannot hold for every input. */
export class AccumulatorOverflow extends ModelError {
  static override readonly className: string = 'AccumulatorOverflow';

  constructor(
    /** Name of the node. */
    readonly node: string,
    op: string,
    /** The value that it can reach. */
    readonly reaches: number,
    limit: number,
    remedy: string,
  ) {
    super(
      'accumulator-overflow',
      `Node '${node}' (${op}) can reach ${reaches}, but int32 ends at ${limit}: ${remedy}.`,
    );
  }
}

/** Collects every value that an int32 of one node must hold, and refuses the first that it cannot. */
export class Accumulator {
  #min = 0;
  #max = 0;

  /** @param remedy what to do where it overflows, for the message */
  constructor(
    private readonly node: { readonly name: string; readonly op: string },
    private readonly remedy: string,
  ) {}

  get range(): Range {
    return { min: this.#min, max: this.#max };
  }

  /** @throws AccumulatorOverflow where int32 does not reach from `min` to `max` */
  hold(min: number, max: number): void {
    this.#min = Math.min(this.#min, min);
    this.#max = Math.max(this.#max, max);
    if (this.#min >= INT32_MIN && this.#max <= INT32_MAX) return;
    const [bound, limit] = this.#max > INT32_MAX ? [this.#max, INT32_MAX] : [this.#min, INT32_MIN];
    throw new AccumulatorOverflow(this.node.name, this.node.op, bound, limit, this.remedy);
  }
}
