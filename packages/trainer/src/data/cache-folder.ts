// Where downloaded data sets are kept, by each system's convention.
import { homedir } from 'node:os';
import { join } from 'node:path';

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
