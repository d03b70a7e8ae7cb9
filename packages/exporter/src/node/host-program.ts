// A C program for the host around exported models: shows classes to people, or gives raw logits to the tools that verify them.

import type { Task } from '@bitnetmcu/models/internal';
import type { CExport } from '../c/export-c.js';
import { hostRows } from './host-rows.js';

/** What the function of a task returns; undefined for what is no number. */
const WORDS: Readonly<Record<Task, string | undefined>> = {
  classification: 'class',
  anomaly: 'anomaly',
  regression: undefined,
  multiLabel: undefined,
};

/** How the rows lie that the program reads; undefined where it reads int8 samples. */
export function layoutOfRows([first, ...more]: readonly CExport[]): CExport['raw'] {
  return more.length === 0 ? first?.raw : undefined;
}

/**
 * The text of `main.c`. Samples come from standard input as raw int8 values, one after another.
 * `<program> [number]` prints the class (or whether it is an anomaly) and logits of each sample with model `number` (default 0);
 * `<program> --binary [number]` writes the logits as int32 in the machine's byte order.
 * Of a model with raw values samples are rows of numbers instead, but for `--binary`.
 */
export function hostProgram(models: readonly CExport[]): string {
  const [first] = models;
  const layout = layoutOfRows(models);
  const rows = layout && hostRows(first!, layout);
  const entries = models.map(({ name, sizes }) => `  {"${name}", ${sizes.inputs}, ${sizes.outputs}, ${name}_infer},`);
  const largest = (size: 'inputs' | 'outputs') => Math.max(...models.map(({ sizes }) => sizes[size]));
  const tasks = new Set(models.map(({ task }) => task));
  const word = WORDS[tasks.size === 1 ? first!.task : 'classification'];
  return `/*
 * Runs exported models on the host, written by @bitnetmcu/exporter.
 *
${
  rows?.usage ??
  ` *   program [number] < samples            ${word === undefined ? '' : `${word} and `}logits of every sample
 *   program --binary [number] < samples   logits as int32 in this machine's byte order
 *
 * samples: int8 values, one sample after another. number: which model, from 0; default 0.
`
} */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#ifdef _WIN32
#include <fcntl.h>
#include <io.h>
#endif

${rows === undefined ? '' : '#include "bnm_row.h"\n'}${models.map(({ name }) => `#include "${name}.h"`).join('\n')}

static const struct {
  const char *name;
  size_t inputs;
  size_t outputs;
  int (*infer)(const int8_t *input, int32_t *logits);
} models[] = {
${entries.join('\n')}
};

static int8_t input[${largest('inputs')}];
static int32_t logits[${largest('outputs')}];

${rows?.functions ?? ''}int main(int argc, char **argv)
{
${rows?.start ?? ''}  const int binary = argc > 1 && strcmp(argv[1], "--binary") == 0;
  const char *const number = argc > 1 + binary ? argv[1 + binary] : "0";
  const size_t model = (size_t)strtoul(number, NULL, 10);
  if (model >= sizeof models / sizeof models[0]) {
    fprintf(stderr, "There is no model %s; there are %u.\\n", number, (unsigned)(sizeof models / sizeof models[0]));
    return 2;
  }
#ifdef _WIN32
  _setmode(_fileno(stdin), _O_BINARY);
  if (binary) _setmode(_fileno(stdout), _O_BINARY);
#endif
  size_t read;
  for (unsigned long sample = 0; (read = fread(input, 1, models[model].inputs, stdin)) == models[model].inputs; sample++) {
    const int answer = models[model].infer(input, logits);
    if (binary) {
      if (fwrite(logits, sizeof logits[0], models[model].outputs, stdout) != models[model].outputs) return 1;
      continue;
    }
    ${
      word === undefined
        ? `(void)answer;
    printf("sample %lu: logits", sample);`
        : `printf("sample %lu: ${word} %d, logits", sample, answer);`
    }
    for (size_t o = 0; o < models[model].outputs; o++) printf(" %ld", (long)logits[o]);
    printf("\\n");
  }
  if (read != 0) {
    fprintf(stderr, "%s: the input ends within a sample of %u values.\\n", models[model].name, (unsigned)models[model].inputs);
    return 2;
  }
  return 0;
}
`;
}
