// A board as one meets it: right, silent, of another model, wrong, noisy, faulting, gone.
import { createHash } from 'node:crypto';
import { encodeBnm, type QuantizedModel } from '@bitnetmcu/models';
import { describe, expect, it } from 'vitest';
import { boards, noTerminals } from './__fixtures__/pseudo-terminals.js';
import { SerialPort } from './serial-port.js';
import { type BoardRequest, verifyBoard } from './verify-board.js';

const missing = noTerminals();
if (missing !== undefined) console.warn(`skipped: ${missing}`);
const { fake } = boards();

/** Two outputs, of weights −1 (code 0) and of weights 1: the opposite of the sum of two inputs, and the sum. */
const model: QuantizedModel = {
  name: 'sum',
  input: { shape: [2], preprocessing: { divisor: 255, mean: 0, deviation: 1 }, quantization: { kind: 'dynamic' } },
  nodes: [
    {
      op: 'linear',
      name: 'fc',
      inputs: ['input'],
      inFeatures: 2,
      outFeatures: 2,
      weights: { format: 'Binary', codes: Uint8Array.of(0, 0, 1, 1) },
    },
  ],
  labels: [],
  provenance: {},
};
const sha256 = createHash('sha256').update(encodeBnm(model)).digest('hex');
const IDENTITY = `\\r\\nbitnetmcu 1 ${sha256} 2 2\\r\\n`;
const INPUTS = Int8Array.of(3, 4, -5, 1);
const said = (decision: number, logits: string, cycles = 100) =>
  `\\r\\nclass ${decision}\\r\\nlogits ${logits}\\r\\ncycles ${cycles}\\r\\n`;
const FIRST = said(1, '-7 7', 100);
const SECOND = said(0, '4 -4', 300);

const request = (port: string, more: Partial<BoardRequest> = {}): BoardRequest => ({
  ...{ port, baud: 115_200, timeoutSeconds: 1, signal: new AbortController().signal, onProgress: () => {} },
  ...more,
});

describe.skipIf(missing !== undefined)('verifyBoard', () => {
  it('compares every answer, and sums up cycles', async () => {
    const progress: number[] = [];
    const port = await fake(IDENTITY, FIRST, SECOND);
    const result = await verifyBoard(model, INPUTS, request(port, { onProgress: (done) => progress.push(done) }));
    expect(result).toMatchObject({ samples: 2, done: 2, differing: 0, differingLogits: 0, repeated: 0, first: [] });
    expect(result.cycles).toEqual({ mean: 200, least: 100, most: 300 });
    expect(progress).toEqual([1, 2]);
  });

  it('tells a logit and a class that are others', async () => {
    const port = await fake(IDENTITY, said(1, '-7 8'), said(1, '4 -4'));
    const result = await verifyBoard(model, INPUTS, request(port));
    expect(result).toMatchObject({ done: 2, differing: 2, differingLogits: 1, differingDecisions: 1 });
    expect(result.first).toEqual([
      { sample: 0, logits: 1, decision: false },
      { sample: 1, logits: 0, decision: true },
    ]);
  });

  it('sends a line again that was not understood, and one that was answered by half', async () => {
    const port = await fake(IDENTITY, 'error\\r\\n', FIRST, '\\r\\nclass 1\\r\\nlog', SECOND);
    expect(await verifyBoard(model, INPUTS, request(port))).toMatchObject({ done: 2, differing: 0, repeated: 2 });
  });

  it('passes over who is there where that comes late', async () => {
    const port = await fake(
      IDENTITY,
      `${IDENTITY}${FIRST}`,
      `\\r\\nclass 0${IDENTITY}\\r\\nlogits 4 -4\\r\\ncycles 1\\r\\n`,
    );
    expect(await verifyBoard(model, INPUTS, request(port))).toMatchObject({ done: 2, differing: 0, repeated: 0 });
  });

  it.each([
    ['nothing answers', '', [], 'no-answer', /Nothing came from \/dev\/.* within 1 s/],
    [
      'garbage comes',
      '\\x80\\xff\\x00\\x1b[31m\\r\\n',
      [],
      'not-understood',
      /says "[^\p{Cc}]*"; wanted: `bitnetmcu 1 …`/u,
    ],
    ['garbage without an end comes', 'Arduino', [], 'not-understood', /says "(Arduino)+"/],
    ['another model is there', IDENTITY.replace(/[0-9a-f]{8}/, '01234567'), [], 'wrong-model', /SHA-256 01234567/],
    [
      'samples are never understood',
      IDENTITY,
      ['error\\r\\n'],
      'not-understood',
      /says "error" to a sample that was sent 3 times/,
    ],
    ['samples are not answered', IDENTITY, [''], 'no-answer', /No answer to a sample came/],
    [
      'the core faults',
      IDENTITY,
      ['\\r\\nFAULT 00000002 08000100\\r\\n'],
      'check-failed',
      /core faulted: FAULT 00000002/,
    ],
  ] as const)('where %s it says so', async (_, identity, answers, code, message) => {
    const port = await fake(identity, ...answers, ...(answers.length === 0 ? [''] : []));
    const refusal = expect(verifyBoard(model, INPUTS, request(port))).rejects;
    await refusal.toMatchObject({ name: 'CliError', code, message: expect.stringMatching(message) });
  });

  it('tells what it has when it is interrupted', async () => {
    const port = await fake(IDENTITY, FIRST, '');
    const controller = new AbortController();
    const onProgress = () => void setTimeout(() => controller.abort(), 50);
    const { signal } = controller;
    const began = performance.now();
    const result = await verifyBoard(model, INPUTS, request(port, { timeoutSeconds: 60, signal, onProgress }));
    expect(result).toMatchObject({ samples: 2, done: 1, differing: 0, cycles: { mean: 100 } });
    expect(performance.now() - began).toBeLessThan(30_000);
  });
});

describe.skipIf(process.platform === 'win32')('SerialPort', () => {
  it.each([
    ['/dev/there-is-none', /Cannot open \/dev\/there-is-none \(ENOENT\)\. .*(plugged in|Adapters)/],
    [import.meta.filename, /is a file; wanted: a serial port/],
    ['/dev/null', /Cannot set \/dev\/null to 115200 baud by stty: /],
  ])('refuses %s', async (path, message) => {
    await expect(SerialPort.open(path, 115_200)).rejects.toMatchObject({
      code: 'port',
      message: expect.stringMatching(message),
    });
  });
});
