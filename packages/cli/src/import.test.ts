// `bitnetmcu import` on files that the real tools made, and on files that are none.
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { evaluateOnnx } from '@bitnetmcu/exporter/internal';
import { readOnnxFile } from '@bitnetmcu/exporter/node';
import type { QuantizedModel } from '@bitnetmcu/models';
import { readModelFile } from '@bitnetmcu/models/node';
import { loadZooModel } from '@bitnetmcu/models/zoo';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli, runWarm } from './__fixtures__/run-cli.js';
import { writeSyntheticIdx } from './__fixtures__/synthetic-idx.js';
import { EXIT_CODES } from './exit-codes.js';

const fixture = (name: string) =>
  fileURLToPath(new URL(`../../exporter/src/onnx/__fixtures__/${name}.onnx`, import.meta.url));

let cwd = '';
let data: string[] = [];
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'bitnetmcu-import-'));
  data = writeSyntheticIdx(join(cwd, 'data'), 60, 20);
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const run = (...args: string[]) => runWarm(args, { cwd });

/** The graphs have ten outputs. */
const tenClasses = ['--data-labels', 'a,b,c,d,e,f,g,h,i,j'];

describe('import', () => {
  it('keeps the weight codes of a network trained with 4 bits', async () => {
    const { exitCode, stdout, stderr } = await run(
      ...['import', fixture('bitlinear-dynamo'), '-o', 'bit.bnm', '--json', ...data],
    );
    expect(exitCode, stderr).toBe(EXIT_CODES.ok);
    const report = JSON.parse(stdout);
    // 256·64 + 64·64 + 64·10 weights of half a byte.
    expect(report).toMatchObject({ model: 'bit.bnm', name: 'bitlinear-dynamo', weightBytes: 10_560 });
    for (const layer of report.report.layers) expect(layer).toMatchObject({ format: '4bitsym', gridDetected: true });
    expect(readModelFile(join(cwd, 'bit.bnm')).name).toBe('bitlinear-dynamo');
  });

  it('quantizes a float network to the formats asked for', async () => {
    const { exitCode, stdout, stderr } = await run(
      ...['import', fixture('mlp-bias-torchscript'), '-o', 'mlp.bnm', '--json', '--calibrate', 'idx', ...data.slice(2)],
      ...['--quantizer', '4bitsym', '--mixed', 'layer5=8bit', '--input-scale', '40', '--preprocessing', '255,0.25,0.5'],
    );
    expect(exitCode, stderr).toBe(EXIT_CODES.ok);
    const { report } = JSON.parse(stdout);
    expect(report.layers.map(({ format }: { format: string }) => format)).toEqual(['4bitsym', '4bitsym', '8bit']);
    expect(readModelFile(join(cwd, 'mlp.bnm')).input).toEqual({
      shape: [256],
      preprocessing: { divisor: 255, mean: 0.25, deviation: 0.5 },
      quantization: { kind: 'static', scale: 40 },
    });
  });

  it('says what is wrong with the options and the file, and writes nothing', async () => {
    const format = await run('import', fixture('mlp-bias-torchscript'), '--quantizer', '4bitsim', ...data);
    expect(format).toMatchObject({ exitCode: EXIT_CODES.usage });
    expect(format.stderr).toContain('Did you mean "4bitsym"');
    const bytes = readFileSync(fixture('mlp-bias-torchscript'));
    writeFileSync(join(cwd, 'cut.onnx'), bytes.subarray(0, 5000));
    const cut = await run('import', 'cut.onnx', '-o', 'cut.bnm', ...data);
    expect(cut).toMatchObject({ exitCode: EXIT_CODES.badInput });
    expect(cut.stderr).not.toContain('    at ');
    expect(() => readModelFile(join(cwd, 'cut.bnm'))).toThrow();
  });
});

describe('names of files', () => {
  it.each([
    ['model (1).onnx', 'model_1', 'model (1)'],
    ['2024-05-01.onnx', 'm_2024-05-01', '2024-05-01'],
    ['модель.onnx', 'model', 'модель'],
    ['main.onnx', 'main', undefined],
  ])('%s imports, and exports as C that has it', async (file, name, title) => {
    copyFileSync(fixture('bitlinear-dynamo'), join(cwd, file));
    const imported = await run('import', file, ...data);
    expect(imported.exitCode, imported.stderr).toBe(EXIT_CODES.ok);
    const bnm = file.replace('.onnx', '.bnm');
    const model = readModelFile(join(cwd, bnm));
    expect([model.name, model.provenance.title]).toEqual([name, title]);
    // The commands that it proposes name the file as one word.
    expect(imported.stdout).toContain(`bitnetmcu verify ${/[^\w.-]/.test(bnm) ? `'${bnm}'` : bnm} `);
    const { stdout } = await run('inspect', bnm);
    expect(stdout.includes(`title                ${title}`)).toBe(title !== undefined);
    const exported = await run('export', bnm, '--json', '-o', `${bnm}-c`);
    const source = (JSON.parse(exported.stdout).files as string[]).find((path) =>
      /[/\\](?!bnm_|main)\w+\.c$/.test(path),
    );
    expect(readFileSync(join(cwd, source!), 'utf8')).toContain(`${source!.match(/(\w+)\.c$/)![1]}_infer(`);
  });

  it('a model called main becomes firmware', async () => {
    const { exitCode, stdout, stderr } = await run(
      'firmware',
      'main.bnm',
      '--target',
      'pico',
      ...data,
      '-o',
      'pico',
      '--json',
    );
    const { built, selfTest } = JSON.parse(stdout);
    // Without the cross compiler the project is written and not built, which has an exit code of its own.
    expect(exitCode, stderr).toBe(built === null ? EXIT_CODES.missingPart : EXIT_CODES.ok);
    expect(selfTest).not.toBe(false);
  });

  it('a header of another class under a name that begins with a digit', async () => {
    const exported = await run('export', 'zoo:fc-1k', '--format', 'bitnetmcu', '-o', 'header', '--name', 'net');
    expect(exported.exitCode, exported.stderr).toBe(EXIT_CODES.ok);
    const text = readFileSync(join(cwd, 'header', 'net.h'), 'utf8');
    // As others write it: without our metadata, and of a class of their own.
    const own = text.replace('MODEL_FCMNIST', 'MODEL_FC_Sensors').replace(/^#define MODEL_METADATA.*$/m, '');
    writeFileSync(join(cwd, '12k.h'), own);
    const imported = await run('import', '12k.h');
    expect(imported.exitCode, imported.stderr).toBe(EXIT_CODES.ok);
    const [model, zoo] = [readModelFile(join(cwd, '12k.bnm')), await loadZooModel('fc-1k')];
    expect(model).toMatchObject({ name: 'm_12k', provenance: { title: '12k' } });
    const codes = ({ nodes }: QuantizedModel) =>
      nodes.flatMap((node) => ('weights' in node ? [...node.weights.codes] : []));
    expect(codes(model)).toEqual(codes(zoo));
    writeFileSync(join(cwd, 'other.h'), '#define MODEL_OTHER\nint x;\n');
    expect(await run('import', 'other.h')).toMatchObject({ exitCode: EXIT_CODES.badInput });
  });

  it('a name that is asked for and is none is refused before any work', async () => {
    const { exitCode, stderr } = await run('import', 'missing.onnx', '--name', 'model (1)');
    expect(exitCode).toBe(EXIT_CODES.usage);
    expect(stderr).toContain('--name model (1)');
    expect(stderr).toContain('such as model_1');
  });
});

describe('import of a graph with channels last', () => {
  it('feeds it samples of a data set, which have channels first', async () => {
    const graph = await readOnnxFile(fixture('keras-rgb'));
    const [channels, side, count] = [3, 13, 60];
    const positions = side * side;
    const lines = [`label,${Array.from({ length: channels * positions }, (_, i) => `f${i}`).join()}`];
    let state = 1;
    for (let s = 0; s < count; s++) {
      const sample = Array.from({ length: channels * positions }, () => {
        state = (state * 48_271) % 2_147_483_647;
        return state % 256;
      });
      const last = Float32Array.from(
        sample,
        (_, i) => sample[(i % channels) * positions + Math.floor(i / channels)]! / 255,
      );
      const tensor = { type: 'float32', shape: [1, side, side, channels], data: last } as const;
      const [scores] = evaluateOnnx(graph, { [graph.inputs[0]!.name]: tensor }).values();
      const label = scores!.data.indexOf(Math.max(...scores!.data) as never);
      lines.push(['abcdefghij'[label], ...sample].join());
    }
    writeFileSync(join(cwd, 'rgb.csv'), `${lines.join('\n')}\n`);
    const csv = ['--data', 'csv', '--data-train', 'rgb.csv', '--data-test', 'rgb.csv', '--data-range', '0,255'];
    const labels = tenClasses;
    const imported = await run(
      'import',
      fixture('keras-rgb'),
      '-o',
      'rgb.bnm',
      '--preprocessing',
      '255,0,1',
      ...csv,
      ...labels,
    );
    expect(imported.exitCode, imported.stderr).toBe(EXIT_CODES.ok);
    expect(readModelFile(join(cwd, 'rgb.bnm')).input.shape).toEqual([3, 13, 13]);
    const verified = await run('verify', 'rgb.bnm', '--against', fixture('keras-rgb'), '--json', ...csv, ...labels);
    const { accuracy } = JSON.parse(verified.stdout);
    expect(accuracy.float).toBe(1);
    expect(accuracy.integer).toBeGreaterThan(0.9);
  });
});

describe('import --finetune', () => {
  it('trains from the weights of the graph and keeps its biases', async () => {
    const { exitCode, stdout, stderr } = await run(
      ...['import', fixture('mlp-bias-torchscript'), '-o', 'tuned.bnm', '--json', ...data, ...tenClasses],
      ...['--finetune', 'idx', '--epochs', '3', '--batch-size', '8', '--validation', '10', '--run', 'tuned'],
    );
    expect(exitCode, stderr).toBe(EXIT_CODES.ok);
    expect(JSON.parse(stdout)).toMatchObject({ model: 'tuned.bnm', fineTuning: { epochs: 3 } });
    expect(stderr).toContain('epoch 3/3');
    const linear = readModelFile(join(cwd, 'tuned.bnm')).nodes.filter((node) => node.op === 'linear');
    expect(linear.map(({ weights }) => weights.format)).toEqual(['4bitsym', '4bitsym', '4bitsym']);
    for (const { weights } of linear) expect(weights.bias?.some((bias) => bias !== 0)).toBe(true);
  });

  it('saves on Ctrl-C, says how to go on, and goes on', async () => {
    let interrupted = false;
    const args = ['import', fixture('mlp-bias-torchscript'), '-o', 'stopped.bnm', '--json', ...data, ...tenClasses];
    const stopped = await runCli(
      [...args, '--finetune', 'idx', '--epochs', '60', '--validation', '10', '--run', 'stopped'],
      {
        cwd,
        // A second signal would end the process at once.
        onStderr: (text, child) => {
          if (interrupted || !text.includes('epoch ')) return;
          interrupted = true;
          child.kill('SIGINT');
        },
      },
    );
    expect(stopped.exitCode, stopped.stderr).toBe(EXIT_CODES.interrupted);
    const { resume, checkpoint } = JSON.parse(stopped.stdout);
    expect(resume).toContain(`--output stopped.bnm --resume ${checkpoint}`);
    const resumed = await run(...args, '--resume', checkpoint);
    expect(resumed.exitCode, resumed.stderr).toBe(EXIT_CODES.ok);
    expect(JSON.parse(resumed.stdout)).toMatchObject({ fineTuning: { epochs: 60 } });
  });

  it('refuses what does not go together', async () => {
    const graph = fixture('mlp-bias-torchscript');
    const alone = await run('import', graph, '--epochs', '3', ...data);
    expect(alone).toMatchObject({ exitCode: EXIT_CODES.usage });
    expect(alone.stderr).toContain('Nothing is trained without --finetune');
    const scale = await run('import', graph, '--preprocessing', '255,0.5', ...data);
    expect(scale).toMatchObject({ exitCode: EXIT_CODES.usage });
    // Said before the first epoch.
    const unknown = await run('import', graph, '--finetune', 'idx', '--mixed', 'fc9=8bit', ...data, ...tenClasses);
    expect(unknown.stderr).toContain('it has layer1, layer3, layer5');
    expect(unknown.stderr).not.toContain('epoch ');
  });
});
