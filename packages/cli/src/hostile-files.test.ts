// Model files whose text once ran a program: five kinds of them through the command, which does its work and runs nothing.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { quantize, writeBitnetmcuHeader } from '@bitnetmcu/exporter';
import { FIRMWARE_KIND_NAMES } from '@bitnetmcu/exporter/internal/node';
import { hostCompiler } from '@bitnetmcu/mcu-runtime/node';
import { type QuantizedModel, quantizeInput, type TrainedNetwork } from '@bitnetmcu/models';
import { ReferenceModel } from '@bitnetmcu/models/internal';
import { readModelFile, writeModelFile, writeTrainedNetworkFile } from '@bitnetmcu/models/node';
import { readCheckpoint } from '@bitnetmcu/trainer';
import { writeCheckpoint } from '@bitnetmcu/trainer/internal';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runWarm } from './__fixtures__/run-cli.js';
import { writeSyntheticIdx } from './__fixtures__/synthetic-idx.js';
import { STYLE, UNSEEN } from './__fixtures__/unseen.js';
import { expectWritten } from './__fixtures__/written-project.js';
import { EXIT_CODES } from './exit-codes.js';

const onnxFixture = fileURLToPath(
  new URL('../../exporter/src/onnx/__fixtures__/bitlinear-torchscript.onnx', import.meta.url),
);

const hasAvr = spawnSync('avr-gcc', ['--version']).status === 0;
let cwd = '';
/** Made by whatever is run that should not be. Its path is short, so that the old comment kept it on one line. */
let marker = '';
let data: string[] = [];
let trained: TrainedNetwork;
const run = (...args: string[]) => runWarm(args, { cwd });

/** The proof of the trial: leaves a comment in which the ends are replaced before the backslashes. */
const proof = () => `*\\int(system)();__attribute__((constructor))void(p)(){system("id>${marker}");}\\*`;
/** More that a terminal, a shell, a compiler or a reader might fall for. */
const labels = () => [
  proof(),
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

beforeAll(async () => {
  cwd = mkdtempSync(join(tmpdir(), 'b-'));
  marker = join(cwd, 'P');
  data = writeSyntheticIdx(join(cwd, 'data'), 80, 20);
  writeFileSync(join(cwd, 'network.json'), JSON.stringify(network));
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
  trained = { ...checkpoint.network, labels: labels(), provenance };
  writeTrainedNetworkFile(join(cwd, 'hostile.bnt'), trained);
  writeModelFile(join(cwd, 'hostile.bnm'), quantize(trained).model);
  // Of a field that occurs twice, the last one counts: producer_name is field 2 of a ModelProto.
  const producer = Buffer.from(proof());
  writeFileSync(
    join(cwd, 'evil.onnx'),
    Buffer.concat([readFileSync(onnxFixture), Buffer.of(0x12, producer.length), producer]),
  );
}, 60_000);
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

/** The first so many test samples as a model's inputs. */
function testInputs(model: QuantizedModel, count: number): Int8Array {
  return quantizeInput(model, readFileSync(join(cwd, 'data', 'test-images.idx')).subarray(16, 16 + 256 * count));
}

async function expectHarmless(file: string, model: QuantizedModel, kinds: readonly string[]): Promise<void> {
  const verified = await run('verify', file, ...data, '--images', '5', '--json');
  expect(verified.exitCode, verified.stderr).toBe(EXIT_CODES.ok);
  const { implementations, mismatches, skipped } = JSON.parse(verified.stdout);
  expect([mismatches, implementations.length + Object.keys(skipped).length]).toEqual([0, 6]);
  expect(existsSync(marker), `verify ${file}`).toBe(false);

  const folder = `${file}-c`;
  const exported = await run('export', file, '-o', folder);
  expect(exported.exitCode, exported.stderr).toBe(EXIT_CODES.ok);
  if (hostCompiler().kind === 'found') {
    // Compiled and run as a user would.
    const sources = readdirSync(join(cwd, folder), { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.c'),
    );
    const args = ['-O0', '-Imodel', '-o', 'program', ...sources];
    const built = spawnSync('cc', args, { cwd: join(cwd, folder), encoding: 'utf8' });
    expect([built.stderr, built.status]).toEqual(['', 0]);
    const inputs = testInputs(model, 3);
    const { stdout } = spawnSync(join(cwd, folder, 'program'), ['--binary'], { input: new Uint8Array(inputs.buffer) });
    const logits = new Int32Array(Uint8Array.from(stdout).buffer);
    expect([...logits]).toEqual([...new ReferenceModel(model).infer(inputs, 3)]);
  }
  expect(existsSync(marker), `export ${file}`).toBe(false);

  for (const kind of kinds) {
    const made = await run(
      'firmware',
      file,
      '--target',
      kind,
      '--samples',
      '1',
      ...data,
      '-o',
      `${file}-${kind}`,
      '--json',
    );
    // Of a part without its compiler the estimate decides, by which the smallest part has too little RAM.
    const isTooLarge = kind === 'attiny85' && !hasAvr && JSON.parse(made.stdout).error?.code === 'does-not-fit';
    if (!isTooLarge) {
      expectWritten(made);
      expect(JSON.parse(made.stdout).selfTest).not.toBe(false);
    }
    expect(existsSync(marker), `firmware ${kind} of ${file}`).toBe(false);
  }
}

describe('files whose text once ran a program', () => {
  it.each(['evil.bnt', 'evil.bnc', 'evil.h', 'hostile.bnm'])(
    '%s: verify, export, firmware',
    async (file) => {
      // Every kind is built from evil.bnm; the files differ in how they are read.
      await expectHarmless(file, quantize(trained).model, [file.startsWith('hostile') ? 'ch32v003' : 'arduino']);
    },
    120_000,
  );

  it('evil.bnm: verify, export, every kind of firmware', async () => {
    await expectHarmless('evil.bnm', readModelFile(join(cwd, 'evil.bnm')), FIRMWARE_KIND_NAMES);
  }, 300_000);

  it('evil.onnx: import, verify, export, firmware', async () => {
    const imported = await run('import', 'evil.onnx', ...data, '-o', 'imported.bnm');
    expect(imported.exitCode, imported.stderr).toBe(EXIT_CODES.ok);
    const model = readModelFile(join(cwd, 'imported.bnm'));
    expect(model.provenance.tool).toContain(proof());
    const inputs = ['--data-labels', 'a,b,c,d,e,f,g,h,i,j'];
    data.push(...inputs);
    await expectHarmless('imported.bnm', model, ['platformio']);
    data.splice(-2);
  }, 120_000);

  it('evil.h: import', async () => {
    const imported = await run('import', 'evil.h', '-o', 'from-header.bnm');
    expect(imported.exitCode, imported.stderr).toBe(EXIT_CODES.ok);
    expect(readModelFile(join(cwd, 'from-header.bnm'))).toEqual(readModelFile(join(cwd, 'evil.bnm')));
  });
});

describe('what a terminal is shown of them', () => {
  const commands = () => [
    ['inspect', 'hostile.bnm'],
    ['inspect', 'hostile.bnt'],
    ['infer', 'hostile.bnm', '0', '1', '2', ...data],
    ['verify', 'hostile.bnm', '--implementations', 'typescript,wasm', '--images', '5', ...data],
    ['sim', 'hostile.bnm', '--images', '2', '--profile', 'flames.svg', ...data],
    ['export', 'hostile.bnm', '-o', 'shown', '--format', 'c,bnm,onnx,bitnetmcu'],
    ['data', ...data, '--data-labels', 'a\u001b[2J,b\u202e,c\nd,d', '--show', '0'],
  ];

  it('is visible, whatever the command', async () => {
    for (const args of commands()) {
      const { exitCode, stdout, stderr } = await run(...args);
      expect(exitCode, stderr).toBe(EXIT_CODES.ok);
      expect(stdout + stderr, args.join(' ')).not.toMatch(UNSEEN);
      // No line of ours is made by a line feed of theirs.
      expect(stdout, args.join(' ')).not.toMatch(/^✓ identical logits on all images$/m);
    }
    const inspected = await run('inspect', 'hostile.bnm');
    expect(inspected.stdout).toContain('\\x1b]0;title\\x07\\x1b[2J\\x9b8m\\x1b[8m');
    expect(inspected.stdout).toContain('title                \\u202egnp.x\\u2066\\u200b');
    expect(readFileSync(join(cwd, 'flames.svg'), 'utf8')).not.toMatch(UNSEEN);
  }, 60_000);

  it('has no colours but our own', async () => {
    for (const args of commands().slice(0, 4)) {
      const { stdout, stderr } = await runWarm(args, { cwd, environment: { FORCE_COLOR: '1' } });
      const shown = stdout + stderr;
      for (const [, style] of shown.matchAll(STYLE)) {
        expect(style).toMatch(/^(?:0|1|2|22|31|32|33|36|39|38;5;\d+;48;5;\d+)$/);
      }
      expect(shown.replace(STYLE, ''), args.join(' ')).not.toMatch(UNSEEN);
    }
  }, 60_000);

  it('as JSON is escaped and complete', async () => {
    for (const args of commands()) {
      const { stdout, stderr } = await run(...args, '--json');
      expect(stdout + stderr, args.join(' ')).not.toMatch(UNSEEN);
      expect(JSON.parse(stdout)).toBeDefined();
    }
    const { stdout } = await run('inspect', 'hostile.bnm', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ labels: labels(), provenance: trained.provenance });
  }, 60_000);

  it('of files and keys with such names too', async () => {
    writeFileSync(join(cwd, 'keys.yaml'), '"ep\\e[2Joch\\nerror": 1\nepochs: "\\u202e7"\n');
    const name = 'no\u001b[2J\u202e\nerror [bug] such';
    for (const args of [
      ['train', 'keys.yaml'],
      ['verify', name],
      ['inspect', `${name}.json`],
      ['export', 'hostile.bnm', '--name', name],
      ['import', 'evil.h', '--name', name],
    ]) {
      const { exitCode, stdout, stderr } = await run(...args);
      expect(exitCode).not.toBe(EXIT_CODES.ok);
      expect(stdout + stderr).not.toMatch(UNSEEN);
      expect(stderr).not.toContain('    at ');
      expect(stderr.split('\n').slice(1).join('\n'), args.join(' ')).not.toMatch(/^error/m);
    }
    const unknown = await run('verify', 'hostile.bnm', '--\u001b[2J');
    expect(unknown.stderr).toContain("unknown option '--\\x1b[2J'");
    writeFileSync(join(cwd, 'no\u001b[2J\nmodel'), 'x');
    const { stderr } = await run('inspect', 'no\u001b[2J\nmodel');
    expect(stderr).toContain('no\\x1b[2J\\nmodel is no model');
  });
});
