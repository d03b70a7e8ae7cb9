// The refusal of a model: every node that has no integer form here, in one error.
import { visibleText } from '@bitnetmcu/models/internal';
import { ExporterError } from '../errors.js';

/** One node, or layer, without an integer form. */
export interface UnsupportedNode {
  /** As in the file; of a trained network the layer's. */
  readonly name: string;
  readonly operator: string;
  /** What about it is unsupported. */
  readonly reason: string;
  /** The nearest form that is supported. */
  readonly nearest: string;
}

/**
 * Thrown when a model contains nodes without an integer form; lists all of them.
 *
 * @example
 * ```ts
 * import { quantize, readOnnx, UnsupportedGraphError } from '@bitnetmcu/exporter';
 *
 * try {
 *   quantize(await readOnnx(bytes));
 * } catch (error) {
 *   if (!UnsupportedGraphError.isInstance(error)) throw error;
 *   for (const { name, operator, nearest } of error.nodes) console.log(name, operator, nearest);
 * }
 * ```
 */
export class UnsupportedGraphError extends ExporterError {
  static override readonly className: string = 'UnsupportedGraphError';

  constructor(readonly nodes: readonly UnsupportedNode[]) {
    const shown = nodes.slice(0, 50);
    const lines = shown.map(
      ({ name, operator, reason, nearest }) => `  ${visibleText(`${name} (${operator}): ${reason}; ${nearest}`)}`,
    );
    const more = nodes.length > shown.length ? [`  and ${nodes.length - shown.length} more`] : [];
    super(
      'unsupported-graph',
      `${nodes.length === 1 ? 'one node' : `${nodes.length} nodes`} of the model cannot be expressed:\n${[...lines, ...more].join('\n')}`,
    );
  }
}
