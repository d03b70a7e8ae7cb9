// Every kind of reader with what is no regular file: it must be refused at once, whoever waits at the other end of the pipe.
import { spawn, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tinyModel } from './__fixtures__/tiny-model.js';
import { EXIT_CODES } from './exit-codes.js';

/** `@` stands for the file, whose name ends as it should; `@@` for a folder that holds it under the names that are looked for. */
const READERS: readonly (readonly [string, string])[] = [
  ['.bnm', 'infer @ 1'],
  ['.bnm', 'inspect @'],
  ['.bnm', 'export @ -o out'],
  ['.bnm', 'verify @'],
  ['.bnm', 'sim @'],
  ['.bnm', 'firmware @'],
  ['.json', 'inspect @'],
  ['.onnx', 'import @ -o out.bnm'],
  ['.h', 'import @ -o out.bnm'],
  ['.onnx', 'verify tiny.bnm --against @ --data mnist'],
  ['.png', 'infer tiny.bnm @'],
  ['.jpg', 'infer tiny.bnm @'],
  ['.yaml', 'train @'],
  ['.json', 'train --network @'],
  ['.bnt', 'train --from @'],
  ['.bnc', 'train --resume @'],
  ['.bnc', 'import net.onnx --resume @'],
  ['.csv', 'data --data csv --data-train @'],
  ['.csv', 'data --data csv --data-train data.csv --data-test @'],
  ['.npz', 'data --data npz --data-path @'],
  ['.npy', 'data --data npy --data-train-images @ --data-train-labels @'],
  ['.idx', 'data --data idx --data-train-images @ --data-train-labels @'],
  ['.gz', 'data --data idx --data-train-images @ --data-train-labels @'],
  ['', 'data --data folder --data-train @@'],
  ['', 'data --data mnist --data-path @@'],
  ['', 'data --data emnist --data-split letters --data-path @@'],
  ['.bnc', 'train --network net.json --loss @teacher --data csv --data-train data.csv --validation 0'],
];
const FOLDER_NAMES = [
  'class/a.png',
  'train-images-idx3-ubyte',
  'emnist-letters-train-images-idx3-ubyte',
  'emnist-letters-train-images-idx3-ubyte.gz',
];
const KINDS = ['pipe', 'device', 'folder'] as const;

let cwd = '';
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'bitnetmcu-special-'));
  writeFileSync(join(cwd, 'tiny.bnm'), tinyModel());
  copyFileSync(
    new URL('../../exporter/src/onnx/__fixtures__/bitlinear-dynamo.onnx', import.meta.url),
    join(cwd, 'net.onnx'),
  );
  writeFileSync(
    join(cwd, 'data.csv'),
    ['a,label', ...Array.from({ length: 20 }, (_, i) => `${i},${'xy'[i % 2]}`), ''].join('\n'),
  );
  const network = {
    name: 'n',
    input: { shape: [1] },
    layers: [{ type: 'linear', name: 'fc', outputs: 2, weights: { format: '8bit' } }],
  };
  writeFileSync(join(cwd, 'net.json'), JSON.stringify(network));
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

function make(kind: (typeof KINDS)[number], path: string): void {
  if (kind === 'pipe') spawnSync('mkfifo', [path]);
  else if (kind === 'device') symlinkSync('/dev/zero', path);
  else mkdirSync(path);
}

function commandOf(
  kind: (typeof KINDS)[number],
  [extension, line]: readonly [string, string],
  number: number,
): string[] {
  const name = `${kind}-${number}${extension}`;
  if (line.includes('@@')) {
    mkdirSync(join(cwd, name, 'class'), { recursive: true });
    for (const file of FOLDER_NAMES) make(kind, join(cwd, name, file));
  } else make(kind, join(cwd, name));
  return line.split(' ').map((word) => {
    if (word !== '@teacher') return word.replace(/@@?/, name);
    return JSON.stringify([{ kind: 'crossEntropy' }, { kind: 'distillation', teacher: name }]);
  });
}

/** All commands in one process, which is killed when one of them waits. */
function runAll(commands: readonly string[][]): Promise<{ exitCode: number; code?: string; message?: string }[]> {
  const program = `
    import { main } from ${JSON.stringify(new URL('../dist/index.js', import.meta.url).href)};
    const silent = { write() {} };
    for (const args of JSON.parse(process.argv[1])) {
      let out = '';
      const exitCode = await main([...args, '--json'], { stdout: { write: (text) => (out += text) }, stderr: silent });
      console.log(JSON.stringify({ exitCode, ...JSON.parse(out || '{}').error }));
    }`;
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', program, JSON.stringify(commands)], {
      cwd,
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, BITNETMCU_CACHE: join(cwd, 'cache') },
      timeout: 60_000,
      killSignal: 'SIGKILL',
    });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    child.on('error', reject);
    child.on('close', () =>
      resolve(
        output
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line || '{}')),
      ),
    );
  });
}

describe.skipIf(process.platform === 'win32').each(KINDS)('a %s in the place of a file', (kind) => {
  it(`is refused by every one of ${READERS.length} readers`, async () => {
    const commands = READERS.map((reader, number) => commandOf(kind, reader, number));
    const results = await runAll(commands);
    const answers = commands.map((args, i) => ({ command: args.join(' '), ...results[i] }));
    const allowed: number[] = [EXIT_CODES.usage, EXIT_CODES.badInput, EXIT_CODES.missingPart];
    const wrong = answers.filter(
      ({ exitCode, code, message }) =>
        exitCode === undefined ||
        !allowed.includes(exitCode) ||
        code === 'bug' ||
        !/a regular file is wanted|a file is wanted|is a folder(\. Name its| without .*) files|neither|no folders|no \.png|is no data that is known|checkpoint\.bnc: there is no such file/.test(
          message ?? '',
        ),
    );
    expect(wrong).toEqual([]);
  }, 90_000);
});
