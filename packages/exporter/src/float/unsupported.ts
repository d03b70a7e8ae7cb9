// The refusal of a model: every node that has no integer form here, in one error.
import { visibleText } from '@bitnetmcu/models';
import { ExporterError } from '../errors.js';

/** One node that cannot be imported. */
export interface UnsupportedNode {
  /** As in the file. */
  readonly name: string;
  readonly operator: string;
  /** What about it is unsupported. */
  readonly reason: string;
  /** The nearest form that is supported. */
  readonly nearest: string;
}

/** Thrown when a model contains nodes without an integer form; lists all of them. */
export class OnnxUnsupportedError extends ExporterError {
  static override readonly className: string = 'OnnxUnsupportedError';

  constructor(readonly nodes: readonly UnsupportedNode[]) {
    const shown = nodes.slice(0, 50);
    const lines = shown.map(
      ({ name, operator, reason, nearest }) => `  ${visibleText(`${name} (${operator}): ${reason}; ${nearest}`)}`,
    );
    const more = nodes.length > shown.length ? [`  and ${nodes.length - shown.length} more`] : [];
    super(
      'onnx-unsupported',
      `${nodes.length === 1 ? 'one node' : `${nodes.length} nodes`} of the model cannot be imported:\n${[...lines, ...more].join('\n')}`,
    );
  }
}
