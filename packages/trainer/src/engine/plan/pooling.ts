// The windows of a pooling layer as the kernels read them.
import type { LayerOf } from '@bitnetmcu/models';

type PoolLayer = LayerOf<'maxPool2d'> | LayerOf<'avgPool2d'>;

/** A `Pooling` of native/kernels/pooling.h; without a layer a window of one. */
export function poolingWords(layer: PoolLayer | null): number[] {
  if (layer === null) return [1, 1, 1, 1, 0, 0, 0];
  const countsPadding = layer.type === 'avgPool2d' && layer.countIncludePad;
  return [...layer.size, ...(layer.stride ?? layer.size), ...layer.padding, Number(countsPadding)];
}
