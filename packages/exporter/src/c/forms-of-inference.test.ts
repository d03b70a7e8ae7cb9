// What a program may ask of exported C: two models at once, memory of its own, a hook between steps, which model it holds.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeBnm, type QuantizedModel } from '@bitnetmcu/models';
import { makeLogitScale, presets, ReferenceModel } from '@bitnetmcu/models/internal';
import { describe, expect, it } from 'vitest';
import { MODELS } from '../../conformance/raw-values/cases.mjs';
import { randomNetwork } from '../__fixtures__/random-network.js';
import { isMissing, smallInputs, smallModel, temporaryFolders } from '../firmware/__fixtures__/projects.js';
import { exportFolder } from '../node/write-export.js';
import { quantize } from '../quantize.js';
import { exportC } from './export-c.js';

const newFolder = temporaryFolders();
const missing = isMissing('cc');
const STRICT = ['-std=c99', '-Wall', '-Wextra', '-Wpedantic', '-Wconversion', '-Wshadow', '-Werror'];

const cnn = quantize(randomNetwork(presets['cnn-16-small'].build(10), 1)).model;
const image = Int8Array.from({ length: 256 }, (_, i) => ((i * 37) % 256) - 128);
const logitsOf = (model: QuantizedModel, input: Int8Array) => [...new ReferenceModel(model).infer(input, 1)];
const array = (values: Int8Array) => `{${[...values].join(',')}}`;

/** Compiles models and a main together, and gives what the program prints. */
function run(
  models: Readonly<Record<string, QuantizedModel>>,
  main: string,
  definitions: readonly string[] = [],
): string {
  const folder = newFolder();
  const exported = Object.entries(models).map(([name, model]) => exportC(model, { name }));
  const files = [...exportFolder(exported, false), { path: 'main.c', content: main }];
  for (const { path, content } of files) writeFileSync(join(folder, path), content);
  const sources = files.map(({ path }) => path).filter((path) => path.endsWith('.c'));
  const compiled = spawnSync('cc', [...STRICT, ...definitions, ...sources, '-o', 'program'], {
    cwd: folder,
    encoding: 'utf8',
  });
  expect([compiled.stderr, compiled.status]).toEqual(['', 0]);
  const { stdout, status } = spawnSync(join(folder, 'program'), { encoding: 'utf8' });
  expect(status).toBe(0);
  return stdout;
}

const PRINT = `static void print(const int32_t *logits, int count)
{
  for (int i = 0; i < count; i++) printf("%ld ", (long)logits[i]);
  printf("\\n");
}
`;

describe.skipIf(missing)('exported C', () => {
  it('of two models is one program, without a name in common', () => {
    const main = `#include <stdio.h>
#include "a.h"
#include "b.h"
${PRINT}
int main(void)
{
  static const int8_t small[] = ${array(smallInputs.subarray(0, 16))}, image[] = ${array(image)};
  int32_t a[A_OUTPUTS], b[B_OUTPUTS];
  a_infer(small, a);
  b_infer(image, b);
  print(a, A_OUTPUTS);
  print(b, B_OUTPUTS);
  a_infer(small, a);
  print(a, A_OUTPUTS);
  return 0;
}
`;
    const a = logitsOf(smallModel(), smallInputs.subarray(0, 16)).join(' ');
    expect(run({ a: smallModel(), b: cnn }, main)).toBe(`${a} \n${logitsOf(cnn, image).join(' ')} \n${a} \n`);
  });

  it('runs in memory of the caller, an inference within another', () => {
    // The hook of the first inference, after each of its steps, runs a whole one over another sample: with shared memory it would destroy it.
    const main = `#include <stdio.h>
#include "m.h"
${PRINT}
static const int8_t first[] = ${array(image)}, second[] = ${array(image.toReversed())};
static int32_t inner[M_OUTPUTS];
static int depth, calls;
void m_yield(unsigned done, unsigned steps)
{
  if (depth != 0) return;
  calls++;
  depth = 1;
  static m_memory other;
  m_infer_in(&other, second, inner);
  depth = 0;
  if (done == steps) printf("%u steps, %d calls\\n", steps, calls);
}
int main(void)
{
  m_memory memory;
  int32_t outer[M_OUTPUTS];
  m_infer_in(&memory, first, outer);
  print(outer, M_OUTPUTS);
  print(inner, M_OUTPUTS);
  depth = 1;
  printf("%d\\n", m_classify(first) == m_infer(first, inner));
  return 0;
}
`;
    const lines = run({ m: cnn }, main, ['-DM_REENTRANT', '-DM_HOOKS']).split('\n');
    const [, steps, calls] = /^(\d+) steps, (\d+) calls$/.exec(lines[0]!)!;
    expect(Number(steps)).toBeGreaterThan(3);
    // Before the first and behind each.
    expect(Number(calls)).toBe(Number(steps) + 1);
    expect(lines.slice(1, 4)).toEqual([
      ...[image, image.toReversed()].map((input) => `${logitsOf(cnn, input).join(' ')} `),
      '1',
    ]);
  });

  it('has a hook that does nothing until a program defines one', () => {
    const main = `#include <stdio.h>
#include "m.h"
${PRINT}
int main(void)
{
  static const int8_t input[] = ${array(image)};
  int32_t logits[M_OUTPUTS];
  m_infer(input, logits);
  print(logits, M_OUTPUTS);
  return 0;
}
`;
    expect(run({ m: cnn }, main, ['-DM_HOOKS'])).toBe(`${logitsOf(cnn, image).join(' ')} \n`);
  });

  it('has no memory to share where a network is one layer', () => {
    const [fc1] = smallModel().nodes;
    const model = { ...smallModel(), nodes: [fc1!] };
    const main = `#include <stdio.h>
#include "m.h"
${PRINT}
int main(void)
{
  static const int8_t input[] = ${array(smallInputs.subarray(0, 16))};
  m_memory memory;
  int32_t logits[M_OUTPUTS];
  m_infer_in(&memory, input, logits);
  print(logits, M_OUTPUTS);
  return 0;
}
`;
    expect(run({ m: model }, main, ['-DM_REENTRANT'])).toBe(
      `${logitsOf(model, smallInputs.subarray(0, 16)).join(' ')} \n`,
    );
  });

  it('tells which model it is: the checksum of its file, whether its texts were exported or not', () => {
    const path = join(newFolder(), 'small.bnm');
    writeFileSync(path, encodeBnm(smallModel()));
    const [sum] = spawnSync('sha256sum', [path], { encoding: 'utf8' }).stdout.split(' ');
    expect(sum).toMatch(/^[0-9a-f]{64}$/);
    const main = `#include <stdio.h>
#include "m.h"
int main(void)
{
  printf("%s %s", m_sha256(), m_version());
  return 0;
}
`;
    expect(run({ m: smallModel() }, main)).toMatch(new RegExp(`^${sum} \\d+\\.\\d+\\.\\d+`));
    expect(exportC(smallModel(), { name: 'm', text: false }).files[1]!.content).toContain(`"${sum}"`);
  });

  it('refuses memory of the caller for the scores of anomalies, which are static', () => {
    const weights = { format: '8bit', codes: new Uint8Array(25) } as const;
    const fc = { op: 'linear', name: 'fc', inputs: ['input'], inFeatures: 5, outFeatures: 5, weights } as const;
    const reconstruction = makeLogitScale({ slope: 0.004, intercept: 0 }, [-128, 127], 'reconstruction');
    const model: QuantizedModel = {
      ...{ ...MODELS['table-i16']!, labels: [], nodes: [fc] },
      output: { task: 'anomaly', reconstruction, threshold: 5, quantile: 0.9 },
    };
    const folder = newFolder();
    for (const { path, content } of exportFolder([exportC(model, { name: 'm' })], false))
      writeFileSync(join(folder, path), content);
    const compile = (...flags: string[]) => spawnSync('cc', [...flags, '-c', 'm.c'], { cwd: folder, encoding: 'utf8' });
    expect(compile().status).toBe(0);
    const { status, stderr } = compile('-DM_REENTRANT');
    expect(status).not.toBe(0);
    expect(stderr).toContain('the score of an anomaly is kept in static memory');
  });
});
