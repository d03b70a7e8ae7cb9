import { describe, expect, it } from 'vitest';
import { networkSpecJsonSchema } from './json-schema.js';

describe('JSON schema', () => {
  it('is the one that is shipped; `npx vitest run src/json-schema.test.ts -u` writes it anew', async () => {
    const text = `${JSON.stringify(networkSpecJsonSchema(), null, 2)}\n`;
    await expect(text).toMatchFileSnapshot('../schema/network-spec.schema.json');
  });

  it('describes what users write: defaults may be left out, unknown keys may not occur', () => {
    const schema = networkSpecJsonSchema();
    expect(schema.required).toEqual(['name', 'input', 'layers']);
    expect(schema.additionalProperties).toBe(false);
    expect(JSON.stringify(schema)).toContain('"4bitsym"');
  });
});
