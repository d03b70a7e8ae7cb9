// The files of the C runtime that exported models need, as a flat folder takes them.
import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { layouts } from '@bitnetmcu/mcu-runtime/internal';
import { linkedSources } from '@bitnetmcu/mcu-runtime/internal/node';
import type { CExport, ExportedFile } from '../c/export-c.js';

/** Sources and headers that these models call and include, under their bare file names. */
export function neededRuntimeFiles(
  models: readonly Pick<CExport, 'runtime' | 'layout' | 'assembly' | 'raw'>[],
): ExportedFile[] {
  // Programs around a model with raw values read rows of numbers.
  const readsRows = models.some(({ raw }) => raw !== undefined);
  const paths = linkedSources({
    functions: [...models.flatMap(({ runtime }) => runtime.functions), ...(readsRows ? ['bnm_row_add'] : [])],
    headers: [...models.flatMap(({ runtime }) => runtime.headers), ...(readsRows ? ['bnm_row.h'] : [])],
    variant: variantOf(models),
    assembly: models.flatMap(({ assembly }) => assembly),
  });
  return paths.map((path) => ({ path: basename(path), content: flatText(path) }));
}

/** The kernels that read the weights of all of them. */
function variantOf(models: readonly Pick<CExport, 'layout'>[]): 'plain' | 'fast' | 'avr' {
  const readers = models.map(({ layout }) => layouts[layout].readBy);
  return readers.includes('avr') ? 'avr' : models.some(({ layout }) => layout !== 'plain') ? 'fast' : 'plain';
}

/** A source that includes another one gets its text: in a flat folder both would have the same name. */
function flatText(path: string): string {
  return readFileSync(path, 'utf8').replace(/^#include "(\.\.\/[a-z0-9_/]+\.c)"$/gm, (_, included: string) =>
    readFileSync(join(dirname(path), included), 'utf8').trimEnd(),
  );
}
