// The one error class of this package. `code` is for programs, the message for people: value found, value wanted, what to do.
import { BitnetmcuError } from '@bitnetmcu/quant';

export type ExporterErrorCode =
  // quantizing a network or graph
  | 'no-calibration'
  | 'invalid-calibration'
  | 'invalid-option'
  | 'invalid-weights'
  | 'float-layer'
  | 'unfoldable-norm'
  | 'unsupported-graph'
  | 'accumulator-overflow'
  // generating C
  | 'unsupported-node'
  | 'name'
  | 'unknown-target'
  | 'no-target'
  | 'no-kernels'
  | 'soft-float'
  | 'write'
  | 'no-compiler'
  | 'compile'
  | 'harness'
  // firmware
  | 'invalid-samples'
  | 'unknown-kernels'
  | 'no-receiver'
  | 'build'
  | 'does-not-fit'
  | 'self-test'
  // verification
  | 'verify-input'
  | 'aborted'
  // BitNetMCU headers
  | 'header-syntax'
  | 'header-content'
  | 'header-shape'
  // ONNX
  | 'onnx'
  | 'onnx-unsupported'
  | 'onnx-limit'
  | 'onnx-external-data'
  | 'onnx-input';

/**
 * Every failure that a user of this package can cause.
 *
 * @example
 * ```ts
 * import { ExporterError, exportC } from '@bitnetmcu/exporter';
 *
 * try {
 *   exportC(model, { name: 'not a C name' });
 * } catch (error) {
 *   if (ExporterError.isInstance(error)) console.log(error.code, error.layer, error.message);
 * }
 * ```
 */
export class ExporterError extends BitnetmcuError<ExporterErrorCode> {
  static override readonly className: string = 'ExporterError';
  /** Layer or node at fault, where there is one. */
  readonly layer?: string;
  /** Line of the text at fault (1-based), where there is one. */
  readonly line?: number;

  constructor(
    code: ExporterErrorCode,
    message: string,
    details: { readonly layer?: string; readonly line?: number; readonly cause?: unknown } = {},
  ) {
    super(code, message, details);
    if (details.layer !== undefined) this.layer = details.layer;
    if (details.line !== undefined) this.line = details.line;
  }
}
