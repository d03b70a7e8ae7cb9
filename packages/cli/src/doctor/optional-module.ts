// Whether an optional npm package loads, and why not.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

export type OptionalModule =
  | { readonly present: true; readonly version: string }
  | { readonly present: false; readonly reason: string };

/**
 * Looks for a package beside this one and in the current project and loads it: an installed package whose native part is missing counts
 * as absent. Whatever it throws becomes the reason.
 */
export async function probeModule(name: string): Promise<OptionalModule> {
  for (const base of [import.meta.url, pathToFileURL(join(process.cwd(), 'package.json')).href]) {
    const require = createRequire(base);
    let entry: string;
    try {
      entry = require.resolve(name);
    } catch {
      continue;
    }
    try {
      await import(pathToFileURL(entry).href);
      const { version } = require(`${name}/package.json`) as { version: string };
      return { present: true, version };
    } catch (error) {
      return { present: false, reason: `installed, but it does not load: ${(error as Error).message.split('\n')[0]}` };
    }
  }
  return { present: false, reason: 'not installed' };
}
