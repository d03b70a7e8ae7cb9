// The working memory of an exported model: one union, and a named pointer for every buffer in it.
import type { Buffer, BufferPlan, Program } from '@bitnetmcu/mcu-runtime/internal';
import type { TensorType } from '@bitnetmcu/models/internal';
import type { CNames } from './c-names.js';

/** Element types of buffers; int16 holds the taps of convolutions. */
export type BufferType = TensorType | 'int16';

const BYTES: Readonly<Record<BufferType, number>> = { int8: 1, int16: 2, int32: 4 };

/** The union of an inference's buffers. */
export interface WorkingMemory {
  /** Its declarations: of one that nothing needs, a word. */
  readonly members: readonly string[];
  readonly isUsed: boolean;
}

/** Names of buffers in the generated code, and the declarations of those that were asked for. */
export class BufferPointers {
  readonly #plan: BufferPlan;
  readonly #names: CNames;
  readonly #nodeOf = new Map<Buffer, string>();
  readonly #declared = new Map<string, string>();
  readonly #types = new Set<BufferType>();

  constructor(program: Program, plan: BufferPlan, names: CNames) {
    this.#plan = plan;
    this.#names = names;
    for (const [node, { buffer }] of program.tensors) if (!this.#nodeOf.has(buffer)) this.#nodeOf.set(buffer, node);
  }

  /**
   * An expression for a buffer as a pointer to `type`.
   * @param role its name where it is no node's output
   */
  pointer(buffer: Buffer, type: BufferType, role = type === 'int16' ? 'taps' : 'plane'): string {
    if (buffer.place !== 'ram') return buffer.place;
    const offset = this.#plan.offsets.get(buffer)! / BYTES[type];
    const node = this.#nodeOf.get(buffer);
    // Buffers inside a channel loop hold one plane of one channel; they have no node of their own.
    const wish = node !== undefined ? `${node}_out` : role;
    const identifier = this.#names.of(`${node ?? ''}@${offset * BYTES[type]} ${type}`, wish);
    this.#types.add(type);
    this.#declared.set(
      identifier,
      `  ${type}_t *const ${identifier} = ${offset === 0 ? `ram->${type}` : `&ram->${type}[${offset}]`};`,
    );
    return identifier;
  }

  get ramBytes(): number {
    return this.#plan.ramBytes;
  }

  /** Local pointers, in the order of their first use. */
  get declarations(): string[] {
    return [...this.#declared.values()];
  }

  /** Bytes of the union below. */
  get storageBytes(): number {
    return this.#types.size === 0 ? 0 : 4 * Math.ceil(this.#plan.ramBytes / 4);
  }

  /** The union that they point into. */
  get memory(): WorkingMemory {
    const bytes = Math.max(this.#plan.ramBytes, 1);
    // int32 gives the union the alignment that the plan counts on.
    const types = (['int8', 'int16', 'int32'] as const).filter((type) => type === 'int32' || this.#types.has(type));
    const members = types.map((type) => `${type}_t ${type}[${Math.ceil(bytes / BYTES[type])}];`);
    return { members, isUsed: this.#types.size > 0 };
  }
}
