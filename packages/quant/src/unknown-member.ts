// The sentence for a value that a closed switch has no case for: what its type rules out, and a caller without types or a changed file may give.

const MAX_SHOWN = 80;

/**
 * `There is no task 'ranking'. Take one of those that its type names.`
 * @param what what the switch tells apart, in the singular: `task`, `layer`
 * @param found the value in the default of the switch, which the compiler takes only where every member of the type has a case
 */
export function unknownMember(what: string, found: never): string {
  const text = shown(found);
  return `There is no ${what} ${text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text}. Take one of those that its type names.`;
}

/** Of an object the texts, numbers and booleans that it has: its kind is among them, and its weights are not. Control characters as escapes. */
function shown(value: unknown): string {
  if (typeof value === 'string') return `'${JSON.stringify(value.slice(0, MAX_SHOWN + 1)).slice(1, -1)}'`;
  if (typeof value !== 'object' || value === null) return typeof value === 'function' ? 'of a function' : String(value);
  if (Array.isArray(value) || ArrayBuffer.isView(value)) return `of ${value.constructor.name}`;
  const plain = Object.entries(value).flatMap(([key, member]) => {
    if (typeof member === 'string') return [[key, member.slice(0, MAX_SHOWN + 1)]];
    return typeof member === 'number' || typeof member === 'boolean' ? [[key, member]] : [];
  });
  return JSON.stringify(Object.fromEntries(plain));
}
