// The one error class of this package.
import { BitnetmcuError } from '@bitnetmcu/quant';

/** What went wrong, for programs. */
export type ModelErrorCode =
  | 'invalid-spec'
  | 'invalid-option'
  | 'unknown-preset'
  | 'unknown-zoo-model'
  | 'duplicate-name'
  | 'unknown-input'
  | 'unused-node'
  | 'input-count'
  | 'unknown-operation'
  | 'shape-mismatch'
  | 'invalid-model'
  | 'invalid-weights'
  | 'invalid-labels'
  | 'invalid-parameters'
  | 'invalid-input'
  | 'invalid-output'
  | 'model-too-large'
  | 'accumulator-overflow'
  | 'closed'
  | 'wrong-magic'
  | 'unsupported-version'
  | 'truncated-file'
  | 'corrupt-file'
  | 'invalid-file'
  | 'file-error'
  | 'file-exists'
  | 'folder-in-use';

/** One problem at one place of a JSON document. */
export interface SchemaIssue {
  /** Where: `layers[2].weights.format`; empty for the document itself. */
  readonly path: string;
  /** What was found, what is wanted and, where one is close, the nearest right key or value. */
  readonly message: string;
}

/**
 * A mistake in a network, a model or a model file: the message says what was found, what is wanted and what to do.
 *
 * @example
 * ```ts
 * import { decodeBnm, ModelError } from '@bitnetmcu/models';
 *
 * try {
 *   decodeBnm(new Uint8Array(4));
 * } catch (error) {
 *   if (ModelError.isInstance(error)) console.log(error.code, error.message);
 * }
 * ```
 */
export class ModelError extends BitnetmcuError<ModelErrorCode> {
  static override readonly className: string = 'ModelError';
  /** Every problem where a JSON document had several; else empty. */
  readonly issues: readonly SchemaIssue[];

  constructor(
    code: ModelErrorCode,
    message: string,
    options: { issues?: readonly SchemaIssue[]; cause?: unknown } = {},
  ) {
    super(code, message, options);
    this.issues = options.issues ?? [];
  }
}
