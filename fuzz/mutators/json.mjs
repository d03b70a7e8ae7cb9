// Changes to a JSON value that keep it JSON: keys lost, added and renamed, values replaced, moved and repeated, deep and wide nesting.
import { chance, pick } from './bytes.mjs';

const nested = (depth, open = '[') =>
  JSON.parse(open === '[' ? '['.repeat(depth) + ']'.repeat(depth) : `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`);

const VALUES = [
  () => null,
  () => true,
  () => 0,
  () => -1,
  () => 1,
  () => 2,
  () => 3,
  () => 7,
  () => 255,
  () => 65_535,
  () => 65_536,
  () => 2 ** 31,
  () => 2 ** 53,
  () => -(2 ** 63),
  () => 1e300,
  () => 0.5,
  () => 1e-300,
  () => '',
  () => 'x',
  () => 'input',
  () => '__proto__',
  () => '../../etc/passwd',
  () => '*/ int x; /*\\',
  () => '\u001b[2J\u0000',
  () => 'x'.repeat(300),
  () => 'x'.repeat(100_000),
  () => [],
  () => ({}),
  () => [1, 2, 3],
  () => nested(20),
  () => nested(40),
  () => nested(400),
  () => nested(300, '{'),
  () => Object.fromEntries(Array.from({ length: 2000 }, (_, i) => [`k${i}`, i])),
  () => Array.from({ length: 2000 }, (_, i) => i),
];

/** Every place that holds a value: its container and key. */
function places(value, found = [], depth = 0) {
  if (typeof value !== 'object' || value === null || depth > 12) return found;
  for (const key of Object.keys(value).slice(0, 500)) {
    found.push([value, key]);
    places(value[key], found, depth + 1);
  }
  return found;
}

/** A changed copy. `vocabulary` are texts that mean something in the document. */
export function mutateJson(original, random, vocabulary = [], most = 3) {
  const root = { value: structuredClone(original) };
  for (let changes = 1 + random.nextBelow(most); changes > 0; changes--) {
    const all = places(root);
    if (all.length === 0) break;
    const [container, key] = pick(random, all);
    switch (random.nextBelow(9)) {
      case 0:
        if (Array.isArray(container)) container.splice(Number(key), 1);
        else if (container !== root) delete container[key];
        break;
      case 1:
        if (typeof container[key] === 'number') {
          const value = container[key];
          container[key] = pick(random, [value + 1, value - 1, -value, value * 2, value / 2, value * 256, value + 0.5]);
        } else container[key] = pick(random, VALUES)();
        break;
      case 2:
        if (vocabulary.length > 0) container[key] = pick(random, vocabulary);
        break;
      case 3:
        if (Array.isArray(container)) {
          const times = chance(random, 0.8)
            ? 1
            : Math.min(1200, Math.floor(2e5 / (JSON.stringify(container[key]) ?? '1').length));
          container.splice(Number(key), 0, ...Array.from({ length: times }, () => structuredClone(container[key])));
        } else container[`${key}${pick(random, ['2', '_', ' ', ''])}`] = structuredClone(container[key]);
        break;
      case 4: {
        const [other, otherKey] = pick(random, all);
        if (JSON.stringify(other[otherKey])?.length < 1e5) container[key] = structuredClone(other[otherKey]);
        break;
      }
      case 5:
        if (!Array.isArray(container)) {
          Object.defineProperty(
            container,
            pick(random, ['__proto__', 'constructor', 'extra', 'toString', 'x'.repeat(5000)]),
            {
              value: pick(random, VALUES)(),
              enumerable: true,
              configurable: true,
              writable: true,
            },
          );
        }
        break;
      default:
        container[key] = pick(random, VALUES)();
    }
  }
  return root.value;
}
