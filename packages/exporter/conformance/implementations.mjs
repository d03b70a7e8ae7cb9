// Every implementation of integer inference, as functions from many networks with samples to the logits of each.

import { ExportedCBackend } from '@bitnetmcu/exporter/node';
import { LAYOUT_NAMES, WasmBackend } from '@bitnetmcu/mcu-runtime';
import { layouts } from '@bitnetmcu/mcu-runtime/internal';
import { CHostBackend } from '@bitnetmcu/mcu-runtime/node';
import { SIMULATION_TARGETS, SimulatorBackend } from '@bitnetmcu/mcu-runtime/targets';
import { NaiveInference } from '@bitnetmcu/models/internal/conformance';
import { SANITIZERS } from './c-flags.mjs';

/** With as much about the source as a report needs. */
const SANITIZED = ['-g1', ...SANITIZERS];
/** Exported C is compiled anew for every network: quickly, and without a warning. */
const STRICT = ['-O0', '-Wall', '-Wextra', '-Werror'];

/** One network after another. */
function singly(name, backend) {
  return {
    name,
    runAll: async (jobs) => {
      const results = [];
      for (const { model, inputs, count } of jobs) {
        const loaded = await backend.load(model);
        results.push(await loaded.infer(inputs, count));
        loaded.close();
      }
      return results;
    },
  };
}

/** `guarded`: with memory that nobody may touch behind every buffer and table, as the sanitizer sees it. Else as on a part. */
function cOnHost(kernels, options, cache) {
  // Code that is not optimized at all takes twice as long to run, fully optimized code twice as long to compile.
  const flags = ['-O1', ...SANITIZED];
  return [false, true].map((guarded) => {
    const backend = new CHostBackend({ ...options, guarded, cache, flags });
    const name = `c ${options.layout} (${kernels} kernels${guarded ? ', guarded' : ''})`;
    return { name, runAll: (jobs) => backend.inferAll(jobs) };
  });
}

function exportedC(target, cache) {
  const options = { cache, flags: [...STRICT, ...SANITIZED], ...(target ? { target } : {}) };
  return {
    name: `exported c ${target ?? 'plain'}`,
    // A backend of its own each time: it remembers what it compiled.
    runAll: async (jobs) => {
      const backend = new ExportedCBackend(options);
      await backend.compile(jobs.map(({ model }) => model));
      return singly('', backend).runAll(jobs);
    },
  };
}

/** Layouts of kernels in assembly run on simulated parts only. */
const HOST_LAYOUTS = LAYOUT_NAMES.filter((layout) => layouts[layout].readBy !== 'avr');

/** The kernels that each layout is for, and the plain layout under all of them. */
export function cImplementations(cache) {
  return [
    ...HOST_LAYOUTS.flatMap((layout) => {
      const { readBy } = layouts[layout];
      return cOnHost(readBy === 'every' ? 'plain' : readBy, { layout }, cache);
    }),
    ...['host', 'fast'].flatMap((variant) => cOnHost(variant, { layout: 'plain', variant }, cache)),
  ];
}

/** One for each family of kernels: plain ones, those without and those with a multiplier. */
export function exportedImplementations(cache) {
  return [undefined, 'ch32v003', 'ch32v002'].map((target) => exportedC(target, cache));
}

export function simulators() {
  return Object.values(SIMULATION_TARGETS).flatMap(({ name, variants }) =>
    variants.map((variant) => singly(`sim ${name} ${variant.name}`, new SimulatorBackend(name, variant.name))),
  );
}

export function portableImplementations() {
  return [
    singly('naive', new NaiveInference()),
    ...HOST_LAYOUTS.filter((layout) => layouts[layout].readBy !== 'fast').map((layout) =>
      singly(`webassembly ${layout}`, new WasmBackend({ layout })),
    ),
  ];
}
