// Which model exported C holds and what wrote it, to be read by the program that runs it.
import { createHash } from 'node:crypto';
import { encodeBnm, type QuantizedModel } from '@bitnetmcu/models';
import { version } from '../../package.json';

export interface ModelIdentity {
  /** SHA-256 of the model's .bnm file, in hexadecimal digits. */
  readonly sha256: string;
  /** Of @bitnetmcu/exporter. */
  readonly version: string;
}

/** @throws ModelError where the model is wrong */
export function modelIdentity(model: QuantizedModel): ModelIdentity {
  return { sha256: createHash('sha256').update(encodeBnm(model)).digest('hex'), version };
}

/** Functions that linkers drop where nothing calls them. */
export function identitySource(name: string): string {
  const M = name.toUpperCase();
  return `const char *${name}_sha256(void)
{
  return ${M}_SHA256;
}

const char *${name}_version(void)
{
  return ${M}_VERSION;
}
`;
}

export function identityHeader(name: string, { sha256, version }: ModelIdentity): string {
  const M = name.toUpperCase();
  return `/** What ${name}_sha256 gives. */
#define ${M}_SHA256 "${sha256}"
/** What ${name}_version gives. */
#define ${M}_VERSION "${version}"
/**
 * Which model this is.
 *
 * @return  SHA-256 of the model file (.bnm) that this was exported from, in hexadecimal digits
 */
const char *${name}_sha256(void);
/**
 * What exported it.
 *
 * @return  version of the exporter
 */
const char *${name}_version(void);
`;
}
