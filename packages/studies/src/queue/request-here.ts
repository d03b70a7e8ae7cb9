// A request as a worker's machine reads it: its files stand elsewhere.
import { basename, join } from 'node:path';
import { mapPaths } from '@bitnetmcu/trainer/internal';
import { withTeachers } from '../run/run-key.js';
import type { RunRequest } from '../run/run-request.js';

/** Files are those of this name in the folder, and no others: a job names no file outside of it. */
export function requestIn(folder: string, request: RunRequest): RunRequest {
  // A path of Windows has other separators than this machine.
  const here = (path: string) => join(folder, basename(path.replaceAll('\\', '/')));
  const config = withTeachers(request.config, here);
  return { ...request, config: { ...config, data: mapPaths(config.data, here) } };
}
