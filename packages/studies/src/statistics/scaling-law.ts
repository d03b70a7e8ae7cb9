// A power law of loss over size with one factor a group: what a weight of one group is worth in those of another.

export interface ScalingPoint {
  readonly group: string;
  /** Above 0. */
  readonly size: number;
  /** Above 0. */
  readonly loss: number;
}

export interface ScalingLaw {
  /** a of ln loss = c − a · ln(size · unit of the group). */
  readonly exponent: number;
  /** By group: the unit of the reference is what was given. */
  readonly units: ReadonlyMap<string, number>;
  /** Root mean square of ln loss − fit. */
  readonly residual: number;
}

/**
 * Least squares of ln loss over the groups: one slope, an intercept a group. A group's unit follows from how its intercept differs.
 * @returns undefined where the reference is missing, or no group has two sizes
 */
export function scalingLaw(
  points: readonly ScalingPoint[],
  { reference, unit }: { readonly reference: string; readonly unit: number },
): ScalingLaw | undefined {
  const groups = new Map<string, { x: number; y: number }[]>();
  for (const { group, size, loss } of points) {
    groups.set(group, [...(groups.get(group) ?? []), { x: Math.log(size), y: Math.log(loss) }]);
  }
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const centres = new Map(
    [...groups].map(([group, own]) => [group, { x: mean(own.map(({ x }) => x)), y: mean(own.map(({ y }) => y)) }]),
  );
  let [xy, xx] = [0, 0];
  for (const [group, own] of groups) {
    const centre = centres.get(group)!;
    for (const { x, y } of own) {
      xy += (x - centre.x) * (y - centre.y);
      xx += (x - centre.x) ** 2;
    }
  }
  const from = centres.get(reference);
  if (from === undefined || xx === 0 || xy === 0) return undefined;
  const slope = xy / xx;
  const intercept = ({ x, y }: { x: number; y: number }) => y - slope * x;
  const units = [...centres].map(
    ([group, centre]) => [group, unit * Math.exp((intercept(centre) - intercept(from)) / slope)] as const,
  );
  let squares = 0;
  for (const [group, own] of groups)
    for (const { x, y } of own) squares += (y - slope * x - intercept(centres.get(group)!)) ** 2;
  return { exponent: -slope, units: new Map(units), residual: Math.sqrt(squares / points.length) };
}
