// Symmetric uniform formats: levels at ±0.5, ±1.5, … without a zero; the integer weights are the odd numbers (level · 2).

/** What a format record says of `levelCount` such levels. */
export function symmetric(levelCount: number) {
  const half = levelCount / 2;
  const levels = Float64Array.from({ length: levelCount }, (_, code) => code - half + 0.5);
  return {
    levels,
    integers: Int16Array.from(levels, (level) => level * 2),
    integerScale: 2,
    scaleNumerator: half,
    meanScaled: false,
    encoding: { kind: 'uniform', offset: 0.5, min: -half, max: half - 1 },
  } as const;
}
