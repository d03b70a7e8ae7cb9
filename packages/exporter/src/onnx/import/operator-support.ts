// Which ONNX operators import takes, as data: for documentation and for tools that look at a graph before they send it here.
import * as operators from '../ir/ops/index.js';
import { MAPPINGS, NEAREST } from './operators.js';

export type OperatorSupport =
  /** Becomes a part of the integer network. */
  | { readonly kind: 'imported'; readonly operator: string; readonly becomes: string; readonly where?: string }
  /** Computed at import where it does not depend on the sample, or is a part of a form that is recognized (a norm, a shape). */
  | { readonly kind: 'evaluated'; readonly operator: string }
  /** Has no integer form; `nearest` is what to use instead. Operators that are not listed are refused as well. */
  | { readonly kind: 'refused'; readonly operator: string; readonly nearest: string };

/**
 * Every operator that the importer knows by name, in alphabetical order within its kind.
 *
 * @example
 * ```ts
 * import { onnxOperatorSupport } from '@bitnetmcu/exporter';
 *
 * for (const { operator, kind } of onnxOperatorSupport()) console.log(operator, kind);
 * ```
 */
export function onnxOperatorSupport(): OperatorSupport[] {
  const imported = Object.entries(MAPPINGS).map(([operator, { becomes, where }]): OperatorSupport => {
    return { kind: 'imported', operator, becomes, ...(where === undefined ? {} : { where }) };
  });
  const evaluated = Object.keys(operators)
    .filter((operator) => !Object.hasOwn(MAPPINGS, operator))
    .map((operator): OperatorSupport => ({ kind: 'evaluated', operator }));
  const refused = Object.entries(NEAREST)
    .filter(([operator]) => !Object.hasOwn(MAPPINGS, operator))
    .map(([operator, nearest]): OperatorSupport => ({ kind: 'refused', operator, nearest }));
  const byName = (a: OperatorSupport, b: OperatorSupport) => a.operator.localeCompare(b.operator);
  return [imported, evaluated, refused].flatMap((kind) => kind.sort(byName));
}
