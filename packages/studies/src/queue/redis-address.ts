// Where Redis is and how one logs in. The password is in no text that leaves this file but the options of the connection.
import { visibleText } from '@bitnetmcu/models/internal';
import { StudyError } from '../errors.js';

export interface RedisAddress {
  readonly host: string;
  readonly port: number;
  readonly database: number;
  readonly tls: boolean;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  /** For people: without the login. */
  readonly shown: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Variables that hold logins; processes that run jobs do not get them. */
export const SECRET_VARIABLES = ['REDIS_URL', 'REDIS_USERNAME', 'REDIS_PASSWORD'] as const;

const DEFAULT_PORT = 6379;
const WANTED = 'redis://host:port, or rediss:// with TLS, wanted';

/** @param given else it is `REDIS_URL`; `REDIS_USERNAME` and `REDIS_PASSWORD` hold a login that the URL has not. @throws StudyError `invalid-argument` */
export function redisAddress(given: string | undefined, environment: Environment = process.env): RedisAddress {
  const text = given ?? environment.REDIS_URL;
  if (text === undefined || text === '') {
    throw invalid(`There is no address of Redis: ${WANTED}. Give it, or set REDIS_URL.`);
  }
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || (url.protocol !== 'redis:' && url.protocol !== 'rediss:') || url.hostname === '') {
    throw invalid(`The address of Redis (${withoutLogin(text)}) is none: ${WANTED}.`);
  }
  const database = url.pathname.replace(/^\//, '') || '0';
  if (!/^\d{1,4}$/.test(database)) {
    throw invalid(
      `The address of Redis (${withoutLogin(text)}) names no database: its number, or nothing, wanted after the host.`,
    );
  }
  const tls = url.protocol === 'rediss:';
  const port = url.port === '' ? DEFAULT_PORT : Number(url.port);
  const username = decoded(url.username) || environment.REDIS_USERNAME;
  const password = decoded(url.password) || environment.REDIS_PASSWORD;
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port,
    database: Number(database),
    tls,
    ...(username && { username }),
    ...(password && { password }),
    shown: visibleText(`${url.protocol}//${url.hostname}:${port}${database === '0' ? '' : `/${database}`}`),
  };
}

/** Whether an address holds a password, which then stands in every list of processes if it is an argument of a command. */
export function holdsPassword(address: string): boolean {
  return URL.canParse(address) && new URL(address).password !== '';
}

/** What an error said, should it have repeated the login. */
export function withoutSecrets(text: string, { password }: RedisAddress): string {
  const secrets = password === undefined ? [] : [password, encodeURIComponent(password)];
  return visibleText(secrets.reduce((rest, secret) => rest.replaceAll(secret, '***'), text));
}

/** Everything up to the last @ may be a login, however the rest is written. */
function withoutLogin(text: string): string {
  return visibleText(text.replace(/^(\w+:\/\/)?.*@/s, '$1***@')).slice(0, 200);
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function invalid(message: string): StudyError {
  return new StudyError('invalid-argument', message);
}
