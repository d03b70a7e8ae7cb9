// The activation functions of @bitnetmcu/models as C over the engine's vectors: each record's arithmetic, written down as expressions.
import { ACTIVATIONS } from '@bitnetmcu/models/internal';

const call =
  (name) =>
  (...operands) =>
    `${name}(${operands.join(', ')})`;
const infix = (operator) => (a, b) => `(${a} ${operator} ${b})`;

/** Texts of C expressions; the functions with an underscore are those of native/vector.h. */
const C_ARITHMETIC = {
  constant: (value) => `splat(${Number.isInteger(value) ? value.toFixed(1) : value}f)`,
  add: infix('+'),
  multiply: infix('*'),
  minimum: call('min_'),
  maximum: call('max_'),
  sigmoid: call('sigmoid_'),
  whereGreater: (a, b, chosen, other) => `select_((vi)(${a} > ${b}), ${chosen}, ${other})`,
};

/** @returns the header's text: their numbers, a function and a gradient for each, and EACH_ACTIVATION, which a kernel makes its cases of. */
export function activationsHeader() {
  const names = Object.keys(ACTIVATIONS);
  return [
    '// Made from the activation functions of @bitnetmcu/models.',
    '#pragma once',
    '#include "vector.h"',
    '',
    `enum { ${names.map((name, i) => `ACTIVATION_${name} = ${i}`).join(', ')} };`,
    `#define EACH_ACTIVATION(CASE) ${names.map((name) => `CASE(${name})`).join(' ')}`,
    '',
    ...names.flatMap((name) => [
      `INLINE vf activate_${name}(vf x) { return ${ACTIVATIONS[name].apply(C_ARITHMETIC, 'x')}; }`,
      `INLINE vf gradient_${name}(vf x, vf gradient) { return ${ACTIVATIONS[name].backward(C_ARITHMETIC, 'x', 'gradient')}; }`,
      '',
    ]),
  ].join('\n');
}
