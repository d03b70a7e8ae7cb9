// Shapes of what an unsupported operator gives are not known: the operator is named, and the file is not called damaged.
import { describe, expect, it } from 'vitest';
import { quantize } from '../../quantize.js';
import { graphOf, node } from '../__fixtures__/build-graph.js';

describe('a shape of what is not known', () => {
  it('leaves the refusal to the operator before it', () => {
    const graph = graphOf([1, 4, 8], {}, [
      node('LSTM', ['x'], 'hidden'),
      node('Shape', ['hidden'], 'shape'),
      node('Gather', ['shape', 'shape'], 'size'),
      node('Reshape', ['hidden', 'size'], 'y'),
    ]);
    expect(() => quantize(graph)).toThrow(/hidden_LSTM \(LSTM\): .*layers that remember or attend/);
    expect(() => quantize(graph)).not.toThrow('damaged');
  });
});
