import { readFileSync } from 'node:fs';
import { mergeConfig } from 'vitest/config';
import base, { sharedModules } from '../../vitest.base.js';

/** What the build's loader does with a model of the zoo (tsup.config.ts). */
const bnmModules = {
  name: 'bnm-modules',
  enforce: 'pre' as const,
  load(id: string) {
    if (!id.endsWith('.bnm')) return undefined;
    return `export default ${JSON.stringify(readFileSync(id).toString('base64'))};`;
  },
};

export default mergeConfig(base, { ...sharedModules, plugins: [bnmModules] });
