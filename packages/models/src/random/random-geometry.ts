// Random sizes: of inputs, of the windows that slide over maps, of what is cut out of them.
import { elementCount, type Pair, type Shape } from '../tensor-shape.js';
import type { SeededRandom } from './seeded-random.js';

type Size = readonly [height: number, width: number];

/** A window on its way over a map. */
export interface Windows {
  readonly size: Pair;
  readonly stride: Pair;
  readonly padding: Pair;
}

/** Mostly odd numbers of features, one included. */
export function randomFeatures(random: SeededRandom, limit: number): number {
  const [min, max] = random.pick([
    [1, 9],
    [6, 40],
    [6, 40],
    [6, 40],
    [20, 300],
  ] as const);
  return Math.min(limit, random.integer(min, max));
}

/** Maps of every kind: rows (1×N), columns (N×1), single elements, squares and none. */
export function randomMaps(random: SeededRandom, limit: number): Shape {
  const [height, width] = random.pick<() => Size>([
    () => [1, random.integer(2, 24)],
    () => [random.integer(2, 24), 1],
    () => (random.chance(0.3) ? [1, 1] : [random.integer(1, 3), random.integer(1, 3)]),
    () => [random.integer(2, 8), random.integer(3, 16)],
    () => [random.integer(3, 12), random.integer(3, 16)],
    () => [random.integer(3, 16), random.integer(2, 9)],
    () => [8, random.integer(3, 16)],
    () => [16, random.integer(3, 16)],
  ])();
  const fitting = Math.max(1, Math.floor(limit / (height * width)));
  const shape = [random.integer(1, Math.min(random.pick([3, 3, 6]), fitting)), height, width] as const;
  return elementCount(shape) <= limit ? shape : [1, 3, Math.max(1, Math.floor(limit / 3))];
}

/** Kernel, stride and padding of a convolution: strides longer than the kernel, padding at least as wide as it, 1×1, the whole map. */
export function randomKernel(random: SeededRandom, [height, width]: Size): Windows {
  const padding = random.chance(0.35) ? ([random.integer(0, 3), random.integer(0, 3)] as const) : ([0, 0] as const);
  const rows = height + 2 * padding[0];
  const columns = width + 2 * padding[1];
  const size = random.chance(0.06)
    ? ([rows, columns] as const)
    : ([
        Math.min(rows, random.pick([1, 1, 2, 3, 3, 3, 4, 5])),
        Math.min(columns, random.pick([1, 1, 2, 3, 3, 3, 4, 9])),
      ] as const);
  return { size, stride: random.chance(0.55) ? [1, 1] : randomStride(random), padding };
}

/** Window, stride and padding of a pool: squares, any others, the whole map; overlapping, side by side and with gaps. */
export function randomPool(random: SeededRandom, [height, width]: Size): Windows {
  if (random.chance(0.1)) return { size: [height, width], stride: [height, width], padding: [0, 0] };
  const square = random.pick([2, 2, 2, 3, 4]);
  const size = random.chance(0.5)
    ? ([Math.min(height, square), Math.min(width, square)] as const)
    : ([random.integer(1, Math.min(5, height)), random.integer(1, Math.min(9, width))] as const);
  const stride = random.chance(0.55) ? size : randomStride(random);
  const padding = random.chance(0.5)
    ? ([0, 0] as const)
    : ([random.integer(0, size[0] - 1), random.integer(0, size[1] - 1)] as const);
  return { size, stride, padding };
}

function randomStride(random: SeededRandom): Pair {
  return [random.integer(1, 4), random.integer(1, 4)];
}

/** Rows and columns of what windows over a map give. */
export function windowsOver([height, width]: Size, { size, stride, padding }: Windows): Size {
  return [
    Math.floor((height + 2 * padding[0] - size[0]) / stride[0]) + 1,
    Math.floor((width + 2 * padding[1] - size[1]) / stride[1]) + 1,
  ];
}

/** A part of a map, at least half of each side or a single element. */
export function randomCrop(random: SeededRandom, [rows, columns]: Size) {
  const single = random.chance(0.05);
  const height = single ? 1 : random.integer(Math.ceil(rows / 2), rows);
  const width = single ? 1 : random.integer(Math.ceil(columns / 2), columns);
  return { top: random.integer(0, rows - height), left: random.integer(0, columns - width), height, width };
}

/** One, as many as there are channels, or any number between that divides them. */
export function randomGroups(random: SeededRandom, channels: number): number {
  const divisors = Array.from({ length: channels }, (_, i) => i + 1).filter((d) => channels % d === 0);
  return random.pick([1, channels, channels, random.pick(divisors)]);
}
