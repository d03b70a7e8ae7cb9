// Model files of five kinds whose text once ran a program, and data for them.
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { quantize, writeBitnetmcuHeader } from '@bitnetmcu/exporter';
import type { TrainedNetwork } from '@bitnetmcu/models';
import { writeModelFile, writeTrainedNetworkFile } from '@bitnetmcu/models/node';
import { readCheckpoint } from '@bitnetmcu/trainer';
import { writeCheckpoint } from '@bitnetmcu/trainer/internal';
import { expect } from 'vitest';
import { EXIT_CODES } from '../exit-codes.js';
import { type CliResult, runWarm } from './run-cli.js';
import { writeSyntheticIdx } from './synthetic-idx.js';

const onnxFixture = fileURLToPath(
  new URL('../../../exporter/src/onnx/__fixtures__/bitlinear-torchscript.onnx', import.meta.url),
);

export interface HostileFiles {
  /** Holds evil.bnt, .bnc, .bnm, .h and .onnx with the proof of the trial, hostile.bnt and .bnm with nothing but hostile text. */
  readonly cwd: string;
  /** Made by whatever is run that should not be. Its path is short, so that the old comment kept it on one line. */
  readonly marker: string;
  /** Flags that name the data. */
  readonly data: string[];
  readonly proof: () => string;
  readonly labels: () => string[];
  /** What hostile.bnm was made of. */
  readonly trained: TrainedNetwork;
  readonly run: (...args: string[]) => Promise<CliResult>;
}

/** The proof of the trial: leaves a comment in which the ends are replaced before the backslashes. */
const proofOf = (marker: string) => `*\\int(system)();__attribute__((constructor))void(p)(){system("id>${marker}");}\\*`;
/** More that a terminal, a shell, a compiler or a reader might fall for. */
const labelsOf = (marker: string) => [
  proofOf(marker),
  '\u001b]0;title\u0007\u001b[2J\u009b8m\u001b[8m',
  'x\n✓ identical logits on all images',
  '\u202egnp.x\u2066\u200b "*" $(touch P) `touch P` */ ??/\n',
];

const network = {
  name: 'evil',
  input: { shape: [1, 16, 16] },
  layers: [
    { type: 'flatten', name: 'flatten' },
    ...[16, 16, 4].flatMap((outputs, i) => [
      { type: 'linear', name: `fc${i + 1}`, outputs, weights: { format: '4bitsym' } },
      ...(i < 2 ? [{ type: 'activation', name: `relu${i + 1}`, function: 'relu' }] : []),
    ]),
  ],
};

/** Trains a small network and writes it in every kind of file, in a new folder. */
export async function writeHostileFiles(): Promise<HostileFiles> {
  const cwd = mkdtempSync(join(tmpdir(), 'b-'));
  const marker = join(cwd, 'P');
  const data = writeSyntheticIdx(join(cwd, 'data'), 80, 20);
  writeFileSync(join(cwd, 'network.json'), JSON.stringify(network));
  const run = (...args: string[]) => runWarm(args, { cwd });
  const [proof, labels] = [() => proofOf(marker), () => labelsOf(marker)];
  const made = await run(
    'train',
    '--network',
    'network.json',
    ...data,
    '--epochs',
    '2',
    '--batch-size',
    '8',
    '--validation',
    '0',
    '--output',
    'run',
  );
  expect(made.exitCode, made.stderr).toBe(EXIT_CODES.ok);
  const checkpoint = readCheckpoint(join(cwd, 'run', 'checkpoint.bnc'));
  const proven = { ...checkpoint.network, labels: ['a', 'b', 'c', 'd'], provenance: { dataset: proof() } };
  writeCheckpoint(join(cwd, 'evil.bnc'), { ...checkpoint, network: proven });
  writeTrainedNetworkFile(join(cwd, 'evil.bnt'), proven);
  const { model } = quantize(proven);
  writeModelFile(join(cwd, 'evil.bnm'), model);
  writeFileSync(join(cwd, 'evil.h'), writeBitnetmcuHeader(model));
  // The same network with nothing but hostile text.
  const provenance = {
    ...{ title: labels()[3]!, tool: proof(), created: proof(), dataset: proof(), datasetSha256: proof() },
    ...{ metrics: { [proof()]: 0.5, [labels()[1]!]: 1, [labels()[2]!]: 2 }, config: { [proof()]: [labels()] } },
  };
  const trained: TrainedNetwork = { ...checkpoint.network, labels: labels(), provenance };
  writeTrainedNetworkFile(join(cwd, 'hostile.bnt'), trained);
  writeModelFile(join(cwd, 'hostile.bnm'), quantize(trained).model);
  // Of a field that occurs twice, the last one counts: producer_name is field 2 of a ModelProto.
  const producer = Buffer.from(proof());
  writeFileSync(
    join(cwd, 'evil.onnx'),
    Buffer.concat([readFileSync(onnxFixture), Buffer.of(0x12, producer.length), producer]),
  );
  return { cwd, marker, data, proof, labels, trained, run };
}
