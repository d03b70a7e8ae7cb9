// The windows of a pooling layer as the kernels read them.
import type { LayerOf } from '@bitnetmcu/models';
import type { Pair } from '@bitnetmcu/models/internal';
import { recordWords } from './records.js';

type PoolLayer = LayerOf<'maxPool2d'> | LayerOf<'avgPool2d'>;

const ONE: { size: Pair; padding: Pair } = { size: [1, 1], padding: [0, 0] };

/** A `Pooling` of native/records.json; without a layer a window of one. */
export function poolingWords(layer: PoolLayer | null): number[] {
  const { size, stride = size, padding }: { size: Pair; stride?: Pair; padding: Pair } = layer ?? ONE;
  return recordWords('Pooling', {
    windowHeight: size[0],
    windowWidth: size[1],
    strideY: stride[0],
    strideX: stride[1],
    paddingY: padding[0],
    paddingX: padding[1],
    countPadding: Number(layer?.type === 'avgPool2d' && layer.countIncludePad),
  });
}
