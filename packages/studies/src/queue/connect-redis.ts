// A connection to Redis: refused at once where it cannot be had, kept up for ever once it was there.
import type { Redis } from 'ioredis';
import { StudyError } from '../errors.js';
import { type RedisAddress, withoutSecrets } from './redis-address.js';

export interface RedisConnection {
  readonly redis: Redis;
  readonly address: RedisAddress;
  /** Tells of an error of the queue; that the connection is lost was told already. */
  report(error: Error): void;
  close(): Promise<void>;
}

const CONNECT_MILLISECONDS = 10_000;
const LONGEST_RETRY_MILLISECONDS = 2000;
/** What an orderly end may take, with a Redis that may be away. */
const CLOSE_MILLISECONDS = 5000;

/** @param onNotice told that the connection was lost, and that it is back. @throws StudyError `queue-failed` where Redis does not answer or refuses the login */
export async function connectRedis(
  address: RedisAddress,
  onNotice: (text: string) => void = () => {},
): Promise<RedisConnection> {
  // Loaded here: who has no queue pays nothing for it.
  const { Redis } = await import('ioredis');
  let wasReady = false;
  let isLost = false;
  let isClosed = false;
  let last: Error | undefined;
  const redis = new Redis({
    host: address.host,
    port: address.port,
    db: address.database,
    ...(address.username !== undefined && { username: address.username }),
    ...(address.password !== undefined && { password: address.password }),
    ...(address.tls && { tls: { servername: address.host } }),
    connectTimeout: CONNECT_MILLISECONDS,
    // Commands wait for as long as Redis is away.
    maxRetriesPerRequest: null,
    // Also of the connections that are made of this one.
    retryStrategy: (times) =>
      wasReady && !isClosed ? Math.min(50 * 2 ** Math.min(times, 10), LONGEST_RETRY_MILLISECONDS) : null,
  });
  redis.on('error', (error: Error) => {
    last = error;
  });
  redis.on('close', () => {
    if (!wasReady || isLost || isClosed) return;
    isLost = true;
    onNotice(`The connection to ${address.shown} is lost; trying again`);
  });
  redis.on('ready', () => {
    wasReady = true;
    if (isLost) onNotice(`The connection to ${address.shown} is back`);
    isLost = false;
  });
  try {
    await new Promise((resolve, reject) => {
      redis.once('ready', resolve);
      redis.once('end', () => reject(last ?? new Error('it closed the connection')));
    });
  } catch (error) {
    redis.disconnect();
    throw refusal(address, error as Error);
  }
  return {
    redis,
    address,
    report(error) {
      const { code = '' } = error as NodeJS.ErrnoException;
      if (/^(ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN)/.test(code) || /connection is closed/i.test(error.message))
        return;
      onNotice(`The queue: ${withoutSecrets(error.message, address)}`);
    },
    async close() {
      isClosed = true;
      if (redis.status === 'ready') await ended(redis.quit());
      redis.disconnect();
    },
  };
}

/** Waits for an end, and no longer than it may take. */
export async function ended(end: Promise<unknown>, milliseconds = CLOSE_MILLISECONDS): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  await Promise.race([end.catch(() => {}), late]);
  clearTimeout(timer);
}

/** Without the error as its cause: errors of the client hold the commands that failed, of a login its password. */
function refusal(address: RedisAddress, error: Error): StudyError {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  const said = withoutSecrets(error.message || code, address);
  return new StudyError('queue-failed', `${address.shown}: ${meaning(code, said)}`);
}

function meaning(code: string, said: string): string {
  if (/WRONGPASS|NOAUTH|NOPERM|invalid (username|password)/i.test(said)) {
    return `Redis refuses the login (${said}). Set REDIS_PASSWORD (and REDIS_USERNAME), or have them in REDIS_URL.`;
  }
  if (/CERT|SELF.?SIGNED|ALTNAME/i.test(`${code} ${said}`)) {
    return `the certificate of Redis is not trusted (${said}). Name the file of its authority in NODE_EXTRA_CA_CERTS, and Redis as its certificate does.`;
  }
  if (/SSL|TLS|wrong version number|ECONNRESET|EPROTO/i.test(`${code} ${said}`)) {
    return `Redis does not speak as was asked (${said}). rediss:// is for a port with TLS, redis:// for one without.`;
  }
  return `Redis cannot be reached (${said}). Start it, or correct the address.`;
}
