// The JSON schema of NetworkSpec, for editors; shipped as schema/network-spec.schema.json.
import { z } from 'zod';
import { networkSpecSchema } from './network-spec.js';

/**
 * JSON schema (draft 7, which every editor knows) of what a user may write as a network.
 *
 * @example
 * ```ts
 * import { networkSpecJsonSchema } from '@bitnetmcu/models';
 *
 * console.log(JSON.stringify(networkSpecJsonSchema(), null, 2)); // for editors
 * ```
 */
export function networkSpecJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(networkSpecSchema, { io: 'input', target: 'draft-7' });
  return { ...schema, title: 'bitnetmcu network' };
}
