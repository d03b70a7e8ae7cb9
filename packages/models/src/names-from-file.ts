// Names of networks from names of files, which may be anything: the one place that makes them valid.
import { nameSchema } from './schema-parts.js';

/** Longest name that `nameSchema` takes. */
const MAX_LENGTH = 63;

export interface FileNames {
  /** What `nameSchema` takes: made of the title. */
  readonly name: string;
  /** The file's own name without folder and ending, where the name is not the same; for `provenance.title`. */
  readonly title?: string;
}

/**
 * The name of a network that comes from a file: its name without folder and last ending, accents dropped, other characters as `_`;
 * `m_` in front of what does not begin with a letter, `model` where nothing is left.
 * `2024-05-01.onnx` gives `m_2024-05-01`, `model (1).onnx` gives `model_1`, `модель.onnx` gives `model`.
 */
export function namesFromFile(path: string): FileNames {
  const file = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
  const dot = file.lastIndexOf('.');
  const title = dot > 0 ? file.slice(0, dot) : file;
  const name = validName(title);
  return name === title ? { name } : { name, title };
}

function validName(text: string): string {
  if (nameSchema.safeParse(text).success) return text;
  const word = text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .replace(/[^A-Za-z0-9.-]+/g, '_')
    .replace(/^[_.-]+|[_.-]+$/g, '');
  if (word === '') return 'model';
  return (/^[A-Za-z]/.test(word) ? word : `m_${word}`).slice(0, MAX_LENGTH).replace(/[_.-]+$/, '');
}
