// JSON with one text for one value, whatever the order of its keys: what is hashed and compared.

/**
 * Keys sorted by their UTF-16 units, no white space, numbers as JavaScript writes them (RFC 8785); keys without a value are left out.
 */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => {
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return inner;
    const entries = Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    // Without a prototype, so that a key "__proto__" is one like all others.
    return Object.assign(Object.create(null), Object.fromEntries(entries));
  });
}
