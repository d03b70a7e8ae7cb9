// crop: a window cut out of every channel.
import { z } from 'zod';
import { randomCrop } from '../random/random-geometry.js';
import { dimension } from '../schema-parts.js';
import { croppedShape } from '../spatial-shapes.js';
import type { Node, OpDefinition } from './op-definition.js';

/** The window [top, top + height) × [left, left + width) of every channel. */
export interface CropNode extends Node {
  readonly op: 'crop';
  readonly top: number;
  readonly left: number;
  readonly height: number;
  readonly width: number;
}

const offset = z.int().min(0).max(65_534);

export const crop: OpDefinition<CropNode> = {
  op: 'crop',
  meaning: 'rows top … top + height − 1 and columns left … left + width − 1 of each map; no arithmetic',
  schema: { top: offset, left: offset, height: dimension, width: dimension },
  inputs: 1,
  shape: (node, [input], who) => croppedShape(who, input!, node),
  type: (_, input) => input,
  reference({ node: { top, left, height, width }, inputShapes }, [x], out) {
    const [channels, inHeight, inWidth] = inputShapes[0] as readonly [number, number, number];
    return () => {
      for (let c = 0, p = 0; c < channels; c++) {
        for (let y = 0; y < height; y++, p += width) {
          const start = (c * inHeight + top + y) * inWidth + left;
          out.set(x!.subarray(start, start + width), p);
        }
      }
    };
  },
  bounds: (_, [input]) => input!,
  memory: () => ({ inPlace: true, channelwise: 'continue' }),
  describe: () => 'crop',
  *random({ random, shape }) {
    if (shape.length === 3) yield { op: 'crop', ...randomCrop(random, [shape[1], shape[2]]) };
  },
};
