// What an operator over maps [channels, height, width] reads: a layer's maps as they are, turned by a quarter, or a picture's rows.
import type { Mapper, Refusal } from './mapper.js';

type Maps = readonly [number, number, number];

export interface ReadMaps {
  readonly layer: string;
  /** As the graph has them, without the zeros of a Pad. */
  readonly maps: Maps;
  /** Of the layer. */
  readonly inShape: Maps;
  /**
   * `same`: the graph's maps are the layer's. `turned`: signals, whose one axis is the layer's other one. `rows`: the graph's signal
   * [features, length] is the layer's picture [1, length, features].
   */
  readonly as: 'same' | 'turned' | 'rows';
}

/** The maps that a value holds, or why a layer cannot read them so. */
export function readMaps(mapper: Mapper, name: string): ReadMaps | { readonly refusal: Refusal } | undefined {
  const value = mapper.value(name);
  const padded = mapper.mapsOf(name);
  if (!value) return undefined;
  const zeros = value.zeros ?? [0, 0, 0, 0];
  const maps =
    padded && ([padded[0], padded[1] - zeros[0] - zeros[2], padded[2] - zeros[1] - zeros[3]] as const satisfies Maps);
  if (!maps) {
    const found = mapper.specialized.shapes.get(name) ?? [];
    return unreadable(`it reads maps out of the shape ${found.join('×')}`);
  }
  const { layer, order } = value;
  const shape = mapper.layerShape(layer);
  if (shape.length === 3) {
    const [channels, height, width] = shape;
    const read = { layer, maps, inShape: shape };
    if (order === undefined && String(maps) === String(shape)) return { ...read, as: 'same' };
    const isTurned = maps[0] === channels && maps[1] === width && maps[2] === height && (height === 1 || width === 1);
    if (order === undefined && isTurned) return { ...read, as: 'turned' };
    const isSignal = channels === 1 && maps[0] === width && maps[1] * maps[2] === height && maps.includes(height, 1);
    if (isSignal && order?.every((element, i) => element === (i % height) * width + Math.floor(i / height))) {
      return { ...read, as: 'rows' };
    }
  }
  return unreadable(
    `it reads ${maps.join('×')} out of a layer's ${shape.join('×')}${order ? ' in another order' : ''}`,
  );
}

function unreadable(reason: string): { readonly refusal: Refusal } {
  return {
    refusal: {
      reason,
      nearest:
        'maps [batch, channels, height, width], or channels last with a Transpose before the operator, are supported; reshapes between two layers are not',
    },
  };
}
