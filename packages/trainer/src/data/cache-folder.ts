// Where downloaded data sets are kept, by each system's convention, and how files get there whole.
import { randomBytes } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The cache folder of bitnetmcu: BITNETMCU_CACHE, else `bitnetmcu` in XDG_CACHE_HOME or ~/.cache (Linux and others),
 * ~/Library/Caches (macOS), LOCALAPPDATA (Windows). Not created here.
 */
export function cacheFolder(
  environment: Environment = process.env,
  platform: NodeJS.Platform = process.platform,
  home: string = homedir(),
): string {
  if (environment.BITNETMCU_CACHE) return environment.BITNETMCU_CACHE;
  switch (platform) {
    case 'darwin':
      return join(home, 'Library', 'Caches', 'bitnetmcu');
    case 'win32':
      return join(environment.LOCALAPPDATA || join(home, 'AppData', 'Local'), 'bitnetmcu');
    default:
      return join(environment.XDG_CACHE_HOME || join(home, '.cache'), 'bitnetmcu');
  }
}

/** Writes a file so that other processes see the old one or the whole new one: temporary file beside it, fsync, rename. */
export async function writeFileAtomically(path: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}-${randomBytes(4).toString('hex')}.tmp`;
  try {
    const file = await open(temporary, 'wx');
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
