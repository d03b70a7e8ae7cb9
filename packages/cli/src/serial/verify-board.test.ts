// A board as one meets it: right, silent, of another model, wrong, noisy, late, talking, faulting, gone.
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
const IDENTITY = `\\r\\nbitnetmcu 2 ${sha256} 2 2\\r\\n`;
const INPUTS = Int8Array.of(3, 4, -5, 1);
const said = (decision: number, logits: string, cycles: number, sum: number) =>
  `\\r\\nclass ${decision}\\r\\nlogits ${logits}\\r\\ncycles ${cycles} ${sum}\\r\\n`;
/** 3 + 4 + 249 is 256, −5 + 1 + 4 is 0. */
const FIRST = said(1, '-7 7', 100, 249);
const SECOND = said(0, '4 -4', 300, 4);
const ERROR = '\\r\\nerror\\r\\n';

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

  it('tells a logit and a class that are others each of two times', async () => {
    const wrong = said(1, '-7 8', 100, 249);
    const port = await fake(IDENTITY, wrong, wrong, said(1, '4 -4', 100, 4));
    const result = await verifyBoard(model, INPUTS, request(port));
    expect(result).toMatchObject({ done: 2, differing: 2, differingLogits: 1, differingDecisions: 1, differedOnce: 0 });
    expect(result.first).toEqual([
      { sample: 0, logits: 1, decision: false },
      { sample: 1, logits: 0, decision: true },
    ]);
  });

  it('asks once more where a digit came as another one', async () => {
    const port = await fake(IDENTITY, said(1, '-7 8', 999, 249), FIRST, SECOND);
    const result = await verifyBoard(model, INPUTS, request(port));
    expect(result).toMatchObject({ done: 2, differing: 0, differedOnce: 1, first: [], cycles: { most: 300 } });
  });

  it('asks once more where a late answer is that to another sample with the same sum', async () => {
    // −128 − 121 is −249, and 7 modulo 256 as 3 + 4 is.
    const other = said(0, '249 -249', 200, 249);
    const inputs = Int8Array.of(-128, -121, 3, 4, -5, 1);
    const port = await fake(IDENTITY, other, `${other}{wait 0.05}${FIRST}`, FIRST, SECOND);
    const result = await verifyBoard(model, inputs, request(port));
    expect(result).toMatchObject({ samples: 3, done: 3, differing: 0, differedOnce: 1, repeated: 0 });
  });

  it('sends a line again that was not understood, and one that was answered by half', async () => {
    const port = await fake(IDENTITY, 'error\\r\\n', FIRST, '\\r\\nclass 1\\r\\nlog', SECOND);
    expect(await verifyBoard(model, INPUTS, request(port))).toMatchObject({ done: 2, differing: 0, repeated: 2 });
  });

  it('passes over who is there where that comes late', async () => {
    const port = await fake(
      IDENTITY,
      `${IDENTITY}${FIRST}`,
      `\\r\\nclass 0${IDENTITY}\\r\\nlogits 4 -4\\r\\ncycles 1 4\\r\\n`,
    );
    expect(await verifyBoard(model, INPUTS, request(port))).toMatchObject({ done: 2, differing: 0, repeated: 0 });
  });

  it.each([
    ['an error of an earlier line comes before an answer', [`${ERROR}{wait 0.05}${FIRST}`, SECOND], 0],
    ['an error of an earlier line comes long before an answer', [`${ERROR}{wait 0.5}${FIRST}`, SECOND], 0],
    ['an answer comes twice', [`${FIRST}${FIRST}`, SECOND], 0],
    ['an answer comes once more behind the next sample', [FIRST, `${FIRST}{wait 0.05}${SECOND}`], 0],
    ['the class of an answer is garbled', [FIRST.replace('class', 'cl\\x01ss'), FIRST, SECOND], 1],
    ['a logit of an answer is lost', [FIRST.replace('-7 7', '-7'), FIRST, SECOND], 1],
    ['the end of an answer is lost, and the class of the next', [FIRST.replace('cycles', ''), FIRST, SECOND], 1],
    ['the sum of an answer is garbled', [FIRST.replace('249', '24x'), FIRST, SECOND], 1],
    ['characters are lost while it prints an error', ['error\\r\\n{deaf 0.1}', FIRST, SECOND], 1],
  ])('where %s, nothing differs', async (_, answers, repeated) => {
    const port = await fake(IDENTITY, ...answers);
    const result = await verifyBoard(model, INPUTS, request(port));
    expect(result).toMatchObject({ done: 2, differing: 0, repeated, cycles: { least: 100, most: 300 } });
  });

  it('does not wait for ever for a board that says who it is again and again', async () => {
    const began = performance.now();
    const port = await fake(`${IDENTITY}{every 0.1}`, '');
    await expect(verifyBoard(model, INPUTS, request(port))).rejects.toMatchObject({
      code: 'not-understood',
      message: expect.stringMatching(/does not stop talking: "bitnetmcu 2 .*Is it resetting/),
    });
    expect(performance.now() - began).toBeLessThan(4000);
  });

  it('sends a sample of thousands of values to a board that takes it slowly', async () => {
    const port = await SerialPort.open(await fake('{slow}', ''), 115_200);
    try {
      const began = performance.now();
      await port.write(`:${'00'.repeat(24_000)}\n`, new AbortController().signal);
      expect(performance.now() - began).toBeGreaterThan(1000);
    } finally {
      port.close();
    }
  });

  it('is interrupted while a board takes a sample slowly', async () => {
    const port = await SerialPort.open(await fake('{slow}', ''), 115_200);
    try {
      const began = performance.now();
      await port.write(`:${'00'.repeat(24_000)}\n`, AbortSignal.timeout(100));
      expect(performance.now() - began).toBeLessThan(800);
    } finally {
      port.close();
    }
  });

  it.each([
    ['nothing answers', '', [], 'no-answer', /Nothing came from \/dev\/.* within 1 s/],
    [
      'garbage comes',
      '\\x80\\xff\\x00\\x1b[31m\\r\\n',
      [],
      'not-understood',
      /says "[^\p{Cc}]*"; wanted: `bitnetmcu 2 …`/u,
    ],
    ['garbage without an end comes', 'Arduino', [], 'not-understood', /says "(Arduino)+"/],
    ['an earlier version is there', IDENTITY.replace('2 ', '1 '), [], 'not-understood', /one of an earlier version/],
    ['another model is there', IDENTITY.replace(/[0-9a-f]{8}/, '01234567'), [], 'wrong-model', /SHA-256 01234567/],
    [
      'samples are never understood',
      IDENTITY,
      ['error\\r\\n'],
      'not-understood',
      /says "error" to a sample that was sent 3 times/,
    ],
    [
      'samples are not answered',
      IDENTITY,
      [''],
      'no-answer',
      /No answer to a sample came from .* within 1 s, each of the 3 times that it was sent/,
    ],
    [
      'nothing is answered any more',
      `${IDENTITY}{then}`,
      [''],
      'no-answer',
      /No answer to a sample came from .* within 1 s, and none to `\?` in as long behind it/,
    ],
    [
      'an answer takes longer than it may',
      IDENTITY,
      [`{wait 1.5}${FIRST}`],
      'no-answer',
      /came too late .*: 1\.[5-9] s behind it; wanted: within 1 s\. Give it more time: --timeout/,
    ],
    [
      'the core faults',
      IDENTITY,
      ['\\r\\nFAULT 00000002 08000100\\r\\n'],
      'check-failed',
      /core faulted: "FAULT 00000002/,
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
