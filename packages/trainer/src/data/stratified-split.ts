// Divides samples in two so that every class has its share in both, and samples that belong together stay together.
import { TrainerError } from '../errors.js';
import { permutation, Random } from '../random.js';
import { classQuotas } from './draw-samples.js';

/** Keeps the split's stream apart from every other use of the same seed. */
const STRATIFIED_STREAM = 0x57_a71f;

/** What of the samples the split looks at. */
export interface SplitSamples {
  /** Class numbers. */
  readonly labels: Uint16Array;
  /** Numbers of recordings, persons, …: samples of one go to the same side. */
  readonly groups?: Uint32Array | undefined;
  /** Whether labels are classes, which both sides want of each; otherwise they are ranges of a number, of which shares are near enough. Default: true. */
  readonly areClasses?: boolean | undefined;
}

/**
 * The numbers of the samples that are held out, ascending. Of each class as many as its share of all (largest remainders), at least one and not
 * all of a class with two samples or more. With groups, whole groups are taken in a random order, each if it brings the classes nearer to
 * their shares; then one group for each class that has none on one side, or, where labels are ranges of a number, one if there is none at all.
 * @param count how many, 0 … labels.length − 1; with groups and with tiny classes about so many
 * @throws TrainerError `invalid-argument` for another count.
 */
export function stratifiedChoice(samples: SplitSamples, count: number, seed: number): Uint32Array {
  const { labels, groups, areClasses = true } = samples;
  if (!Number.isInteger(count) || count < 0 || count >= Math.max(1, labels.length)) {
    throw new TrainerError(
      'invalid-argument',
      `${count} samples cannot be held out of ${labels.length}; use 0 to ${labels.length - 1}.`,
    );
  }
  if (count === 0) return new Uint32Array(0);
  return groups ? chooseGroups(labels, groups, areClasses, count, seed) : chooseSamples(labels, count, seed);
}

function sizesOf(labels: Uint16Array): Map<number, number> {
  const sizes = new Map<number, number>();
  for (const label of labels) sizes.set(label, (sizes.get(label) ?? 0) + 1);
  return sizes;
}

function chooseSamples(labels: Uint16Array, count: number, seed: number): Uint32Array {
  const sizes = sizesOf(labels);
  // The only sample of a class is learned from.
  const divided = labels.filter((label) => sizes.get(label)! > 1);
  const quotas = classQuotas(divided, Math.min(count, divided.length));
  for (const [label, size] of sizes) {
    quotas.set(label, Math.min(Math.max(quotas.get(label) ?? 0, 1), size - 1));
  }
  const chosen: number[] = [];
  for (const number of permutation(labels.length, Random.of(seed, STRATIFIED_STREAM))) {
    const left = quotas.get(labels[number]!)!;
    if (left === 0) continue;
    quotas.set(labels[number]!, left - 1);
    chosen.push(number);
  }
  return Uint32Array.from(chosen).sort();
}

interface Group {
  readonly id: number;
  /** Samples of each class. */
  readonly sizes: Map<number, number>;
}

function chooseGroups(
  labels: Uint16Array,
  groups: Uint32Array,
  areClasses: boolean,
  count: number,
  seed: number,
): Uint32Array {
  const all = groupsOf(labels, groups);
  const random = permutation(all.length, Random.of(seed, STRATIFIED_STREAM));
  // Large groups first: small ones then fill what is left. Of equal ones the order is random.
  const order = [...random].map((i) => all[i]!).sort((a, b) => sizeOf(b) - sizeOf(a));
  const classes = sizesOf(labels);
  const share = count / labels.length;
  const held = new Map<number, number>();
  const chosen = new Set<number>();
  const take = (group: Group): void => {
    chosen.add(group.id);
    for (const [label, size] of group.sizes) held.set(label, (held.get(label) ?? 0) + size);
  };
  const keepsRest = (group: Group): boolean =>
    areClasses
      ? [...group.sizes].every(([label, size]) => (held.get(label) ?? 0) + size < classes.get(label)!)
      : chosen.size + 1 < all.length;
  for (const group of order) {
    if (!keepsRest(group)) continue;
    // Σ over classes of ((held − share·size)/size)², with and without the group.
    let change = 0;
    for (const [label, size] of group.sizes) {
      const whole = classes.get(label)!;
      const before = (held.get(label) ?? 0) / whole - share;
      change += (before + size / whole) ** 2 - before ** 2;
    }
    if (change < 0) take(group);
  }
  // A class that is missing on the held-out side gives its smallest group whose classes all keep another one.
  for (const label of areClasses ? classes.keys() : []) {
    if ((held.get(label) ?? 0) > 0) continue;
    const smallest = order
      .filter((group) => group.sizes.has(label) && !chosen.has(group.id) && keepsRest(group))
      .at(-1);
    if (smallest) take(smallest);
  }
  // Long stretches of a number that drifts are each far from the shares of its ranges; one is held out all the same.
  if (!areClasses && chosen.size === 0 && all.length > 1) take(order.at(-1)!);
  return Uint32Array.from([...labels.keys()].filter((i) => chosen.has(groups[i]!)));
}

const sizeOf = ({ sizes }: Group): number => [...sizes.values()].reduce((sum, size) => sum + size, 0);

function groupsOf(labels: Uint16Array, groups: Uint32Array): Group[] {
  const found = new Map<number, Group>();
  for (const [i, id] of groups.entries()) {
    const group = found.get(id) ?? { id, sizes: new Map() };
    found.set(id, group);
    group.sizes.set(labels[i]!, (group.sizes.get(labels[i]!) ?? 0) + 1);
  }
  return [...found.values()];
}
