// maxPool2d: the maximum of each window.
import type { Windows } from '../random/random-geometry.js';
import { pooledShape } from '../spatial-shapes.js';
import type { OpDefinition } from './op-definition.js';
import { eachWindow, type PoolNode, poolMemory, poolSchema, randomWindows } from './pool-windows.js';

/** Maximum of what each window has of the map. */
export interface MaxPool2dNode extends PoolNode {
  readonly op: 'maxPool2d';
}

export const maxPool2d: OpDefinition<MaxPool2dNode, Windows> = {
  op: 'maxPool2d',
  meaning: 'maximum of what the window [height, width] has of the map; padding is never the maximum',
  schema: poolSchema,
  inputs: 1,
  shape: (node, [input], who) => pooledShape(who, input!, node),
  type: (_, input) => input,
  reference({ node, inputShapes, outputShape }, inputs, out) {
    const x = inputs[0]!;
    const inShape = inputShapes[0]!;
    const inWidth = inShape[2]!;
    return () =>
      eachWindow(node, inShape, outputShape, (p, start, { top, bottom, left, right }) => {
        let best = x[start + top * inWidth + left]!;
        for (let row = start + top * inWidth; row < start + bottom * inWidth; row += inWidth) {
          for (let i = row + left; i < row + right; i++) if (x[i]! > best) best = x[i]!;
        }
        out[p] = best;
      });
  },
  bounds: (_, [input]) => input!,
  memory: poolMemory,
  describe: ({ size, stride }) => `maxPool2d ${size}/${stride}`,
  *random(site, windows = randomWindows(site)) {
    if (windows !== undefined) yield { op: 'maxPool2d', ...windows };
  },
};
