// Two images of the same kernels, compared by what they do: logits and cycles of conformance models in the simulated part, and sizes.
import type { QuantizedModel } from '@bitnetmcu/models';
import { conformanceInputs, conformanceModel } from '@bitnetmcu/models/conformance';
import { elementCount, ReferenceModel } from '@bitnetmcu/models/internal';
import type { KernelImage } from '../src/targets/kernel-image.js';
import type { KernelVariant } from '../src/targets/kernel-variants.js';
import { loadSimulation } from '../src/targets/loaded-simulation.js';
import { SIMULATION_TARGETS, type SimulationTarget } from '../src/targets/simulation-targets.js';

const MODELS = 6;
const SAMPLES = 2;
const SEED = 12;

export interface ImageComparison {
  /** Cycles of all models and samples. */
  readonly prebuiltCycles: number;
  readonly builtCycles: number;
  /** Models of which the image built here gives other logits than the reference inference. */
  readonly wrongLogits: readonly string[];
  /** Models that the prebuilt image computes wrongly or does not run at all: it is of older sources. */
  readonly prebuiltFails: readonly string[];
  /** One line for each function and table that only one of them has, or that has another size. */
  readonly sizes: readonly string[];
}

/** Runs the models through every target and layout that uses the image `name`. */
export async function compareImages(name: string, prebuilt: KernelImage, built: KernelImage): Promise<ImageComparison> {
  let [prebuiltCycles, builtCycles] = [0, 0];
  const [wrongLogits, prebuiltFails]: [string[], string[]] = [[], []];
  for (const [target, variant] of usersOf(name)) {
    for (let index = 0; index < MODELS; index++) {
      const model = conformanceModel(SEED, index);
      const which = `conformance model ${index} of seed ${SEED} on ${target.name}, ${variant.name}`;
      const after = await run(model, index, target, variant, built);
      if (!after.isRight) wrongLogits.push(which);
      // A stale image may miss what today's program for it calls.
      const before = await run(model, index, target, variant, prebuilt).catch(() => undefined);
      if (before?.isRight !== true) prebuiltFails.push(which);
      if (before === undefined) continue;
      prebuiltCycles += before.cycles;
      builtCycles += after.cycles;
    }
  }
  return { prebuiltCycles, builtCycles, wrongLogits, prebuiltFails, sizes: differentSizes(prebuilt, built) };
}

/** Targets with the variant of each layout that runs on the image. */
function usersOf(image: string): (readonly [SimulationTarget, KernelVariant])[] {
  return Object.values(SIMULATION_TARGETS).flatMap((target: SimulationTarget) => {
    const ofImage = target.variants.filter((variant) => variant.image === image);
    return [...new Map(ofImage.map((variant) => [variant.layout, variant])).values()].map(
      (variant) => [target, variant] as const,
    );
  });
}

async function run(
  model: QuantizedModel,
  index: number,
  target: SimulationTarget,
  variant: KernelVariant,
  image: KernelImage,
): Promise<{ readonly cycles: number; readonly isRight: boolean }> {
  const loading = await loadSimulation(model, target, variant, image);
  if (loading.kind === 'too-large') return { cycles: 0, isRight: true };
  const inputs = elementCount(model.input.shape);
  const samples = conformanceInputs(SEED, index, inputs, SAMPLES);
  const reference = new ReferenceModel(model);
  let cycles = 0;
  let isRight = true;
  for (let i = 0; i < SAMPLES; i++) {
    const sample = samples.subarray(i * inputs, (i + 1) * inputs);
    const { logits, calls } = loading.simulation.infer(sample);
    cycles += calls[0].cycles + calls[1].cycles;
    isRight &&= reference.infer(sample, 1).every((value, output) => value === logits[output]);
  }
  return { cycles, isRight };
}

function differentSizes(prebuilt: KernelImage, built: KernelImage): string[] {
  const sizes = ({ program }: KernelImage) => new Map(program.symbols.map(({ name, size }) => [name, size]));
  const [before, after] = [sizes(prebuilt), sizes(built)];
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((name) => before.get(name) !== after.get(name))
    .map((name) => `${name}: ${before.get(name) ?? 'absent'} → ${after.get(name) ?? 'absent'} bytes`);
}
