// JSON with one text for one value, whatever the order of its keys: what is hashed and compared.

/**
 * Keys sorted by their UTF-16 units, no white space, numbers as JavaScript writes them (RFC 8785); keys without a value are left out.
 * @param value plain JSON
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((member) => canonicalJson(member ?? null)).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`);
  return `{${members.join(',')}}`;
}
