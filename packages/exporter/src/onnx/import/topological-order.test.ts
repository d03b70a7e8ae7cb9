import { describe, expect, it } from 'vitest';
import { node } from '../__fixtures__/build-graph.js';
import { topologicalOrder } from './topological-order.js';

describe('topologicalOrder', () => {
  const [cast, relu, add] = [node('Cast', ['x'], 'c'), node('Relu', ['c'], 'r'), node('Add', ['r', 'c'], 'y')];

  it('puts each node behind those that it reads, and leaves an order that does as it is', () => {
    expect(topologicalOrder([cast, relu, add])).toEqual([cast, relu, add]);
    expect(topologicalOrder([add, relu, cast])).toEqual([cast, relu, add]);
  });

  it('refuses nodes in a circle by their names', () => {
    const [first, second] = [node('Add', ['x', 'b'], 'a'), node('Add', ['a', 'x'], 'b')];
    expect(() => topologicalOrder([cast, first, second])).toThrow(
      'The nodes a_Add, b_Add wait for each other in a circle',
    );
  });
});
