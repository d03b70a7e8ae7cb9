// What the keywords cost on a part without a multiplier, and on one with it, by the simulators:
//
//   node examples/keywords/measure.mjs <folder of speak.mjs> <model.bnm> [parts, default ch32v003 ch32v006]
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { simulateFrontEnd } from '@bitnetmcu/mcu-runtime/internal/targets';
import { findSimulationTarget, simulateModel } from '@bitnetmcu/mcu-runtime/targets';
import { quantizeRaw, summarizeModel } from '@bitnetmcu/models';
import { computeFrontEnd, windowOf } from '@bitnetmcu/models/internal';
import { readModelFile } from '@bitnetmcu/models/node';
import { WORDS } from './voices.mjs';

const [folder, path, ...named] = process.argv.slice(2);
const model = readModelFile(path);
const { frontEnd, raw, ...input } = model.input;
const { shape } = input;
/** The features are simulated apart: with frames of speech, and counted for every frame, however many are between two decisions. */
const withoutFeatures = { ...model, input };
const window = windowOf(frontEnd);
const signals = WORDS.map((word) => {
  const test = join(folder, 'test', word);
  const bytes = readFileSync(join(test, readdirSync(test).sort()[0]));
  return new Int16Array(bytes.buffer.slice(bytes.byteOffset + 44, bytes.byteOffset + 44 + 2 * window));
});
const frames = Int16Array.from(
  signals.flatMap((signal) =>
    Array.from({ length: 6 }, (_, i) =>
      Array.from(signal.subarray(8 * i * frontEnd.hop, 8 * i * frontEnd.hop + frontEnd.frame)),
    ).flat(),
  ),
);
const inputs = Int8Array.from(
  signals.flatMap((s) => Array.from(quantizeRaw(raw, shape, computeFrontEnd(frontEnd, s)))),
);
/** Decisions a second, and frames. */
const DECISIONS = 4;
const FRAMES = 8000 / frontEnd.hop;
for (const part of named.length > 0 ? named : ['ch32v003', 'ch32v006']) {
  const target = findSimulationTarget(part);
  const features = await simulateFrontEnd(frontEnd, part, frames);
  const network = await simulateModel(withoutFeatures, { target: part, inputs });
  const inference = network.kind === 'simulated' ? network.cycles.max : undefined;
  const perSecond = FRAMES * features.cycles.max + DECISIONS * (inference ?? 0);
  console.log(
    JSON.stringify({
      ...{
        part,
        clockHz: target.clockHz,
        frame: features.cycles,
        calls: features.calls,
        inference: inference ?? network.missing,
      },
      load: perSecond / target.clockHz,
      frontEnd: {
        flash: features.flashBytes,
        ram: features.ramBytes,
        stack: features.stackBytes,
        scaling: 16 * raw.features.length,
      },
      network: {
        ...network.flash,
        ram: network.ram,
        weightBytes: summarizeModel(model).total.bytes,
        kernels: network.kernels,
      },
    }),
  );
}
