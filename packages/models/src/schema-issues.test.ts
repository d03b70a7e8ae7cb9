import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ModelError } from './errors.js';
import { MAX_SHOWN_ISSUES } from './limits.js';
import { parseWithSchema } from './schema-issues.js';

const schema = z.strictObject({ name: z.string(), sizes: z.array(z.number()).optional() });

function refusal(value: unknown): ModelError {
  try {
    parseWithSchema(schema, value, 'document', 'invalid-file');
  } catch (error) {
    if (ModelError.isInstance(error)) return error;
    throw error;
  }
  throw new Error('accepted');
}

describe('a document with very many problems', () => {
  it('half a million unknown keys: the first are named, the rest is counted, in no time', () => {
    const document = Object.fromEntries(Array.from({ length: 500_000 }, (_, i) => [`nam${i}`, 0]));
    const before = process.cpuUsage().user;
    const { message, issues } = refusal(document);
    expect((process.cpuUsage().user - before) / 1e6, 'seconds of processor time').toBeLessThan(2);
    expect(issues).toHaveLength(MAX_SHOWN_ISSUES);
    // The missing name is the first problem; all keys are unknown.
    expect(message).toMatch(
      /^The document has 500001 problems:\n {2}name: nothing found, a string wanted\n {2}nam0: unknown key; did you mean 'name'\?/,
    );
    expect(message).toMatch(/\n {2}… and 499981 more$/);
    expect(message.length).toBeLessThan(5000);
  });

  it('a hundred thousand wrong entries likewise', () => {
    const { message, issues } = refusal({ name: 'a', sizes: Array(100_000).fill('x') });
    expect(issues).toHaveLength(MAX_SHOWN_ISSUES);
    expect(message).toContain('has 100000 problems');
    expect(message).toMatch(/… and 99980 more$/);
  });

  it('a key of a megabyte is cut', () => {
    expect(refusal({ name: 'a', ['k'.repeat(1e6)]: 1 }).message.length).toBeLessThan(300);
  });
});

describe('what a key may be', () => {
  const inner = z.strictObject({
    items: z.array(
      z.discriminatedUnion('type', [
        z.strictObject({ type: z.literal('a'), size: z.number() }),
        z.strictObject({ type: z.enum(['b', 'c']), width: z.number() }),
      ]),
    ),
  });
  const outer = z.strictObject({ network: z.union([z.enum(['small', 'large']), inner]) });

  it('is found behind a union of a name and a document', () => {
    const issue = (value: unknown): string => {
      try {
        parseWithSchema(outer, value, 'document', 'invalid-file');
      } catch (error) {
        return (error as Error).message;
      }
      return 'accepted';
    };
    expect(issue({ network: { items: [{ type: 'x' }] } })).toContain(
      "network.items[0].type: 'x' found, one of a, b, c wanted",
    );
    expect(issue({ network: { items: [{ type: 'a', siz: 1 }] } })).toContain(
      "network.items[0].siz: unknown key; did you mean 'size'? (keys here: type, size)",
    );
    expect(issue({ network: { items: [{ type: 'c', widht: 1 }] } })).toContain(
      "network.items[0].widht: unknown key; did you mean 'width'? (keys here: type, width)",
    );
  });
});

describe('a discriminator that has no text form', () => {
  const union = z.object({
    items: z.array(z.discriminatedUnion('type', [z.object({ type: z.literal('a'), n: z.number() })])),
  });

  // String() of each of these throws, or gives a text that only looks like a branch.
  it.each([
    ['an object whose toString is no function', { toString: 1, valueOf: 1 }],
    ['an array of such', [{ toString: 1, valueOf: 1 }]],
    ['an array that reads as a branch', ['a']],
  ])('%s is refused with the place', (_, type) => {
    for (const document of [{ items: [{ type }] }, { items: [{ type, toString: 1, constructor: {}, n: {} }] }]) {
      let refused: unknown;
      try {
        parseWithSchema(union, document, 'document', 'invalid-file');
      } catch (error) {
        refused = error;
      }
      expect(refused).toBeInstanceOf(ModelError);
      expect((refused as Error).message).toMatch(/items\[0\]\.type: .* found, one of a wanted/);
    }
  });
});
