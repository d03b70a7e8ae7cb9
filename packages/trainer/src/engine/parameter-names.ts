// Names of parameters: a layer's, a dot, and what it is of the layer. Names of layers may have dots.

const PART = /\.((?:norm\.)?[a-z]+)$/;
/** Parts of two words; anything else before the last dot belongs to the layer's name. */
const TWO_WORDS: ReadonlySet<string> = new Set(['norm.gain', 'norm.shift']);

/** `fc1` and `norm.gain` of `fc1.norm.gain`, but `fc1.norm` and `weight` of `fc1.norm.weight`. */
export function splitParameter(name: string): { readonly layer: string; readonly part: string } {
  const found = PART.exec(name)?.[1] ?? '';
  const part = found.startsWith('norm.') && !TWO_WORDS.has(found) ? found.slice('norm.'.length) : found;
  return { layer: name.slice(0, name.length - part.length - 1), part };
}
