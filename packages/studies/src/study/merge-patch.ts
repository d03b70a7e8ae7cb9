// Overrides of a configuration: a JSON merge patch (RFC 7396), with one rule more for things of a kind.

type Json = Readonly<Record<string, unknown>>;

/**
 * `base` with the members of `patch` in place of its own: null removes one, objects are merged, everything else replaces. An object of another `kind`
 * replaces the whole: what the first kind has is nothing that the second could take.
 */
export function mergePatch(base: Json, patch: Json): Record<string, unknown> {
  const merged = new Map(Object.entries(base));
  for (const [key, value] of Object.entries(patch)) {
    const old = merged.get(key);
    if (value === null) merged.delete(key);
    else if (isObject(value) && isObject(old) && (value.kind === undefined || value.kind === old.kind)) {
      merged.set(key, mergePatch(old, value));
    } else merged.set(key, isObject(value) ? mergePatch({}, value) : value);
  }
  return Object.fromEntries(merged);
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
