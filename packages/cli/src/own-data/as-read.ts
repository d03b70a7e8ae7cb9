// How data were read, with what was found out in reading them: a model keeps it, and reads other files alike.
import type { Dataset } from '@bitnetmcu/trainer';
import type { DataSpec } from '@bitnetmcu/trainer/internal';

/** The data spec with size and channels of its pictures, where it left them open. */
export function asRead(spec: DataSpec, { shape }: Pick<Dataset, 'shape'>): DataSpec {
  if (spec.kind !== 'folder' || shape.length !== 3) return spec;
  return { ...spec, size: [shape[1], shape[2]], channels: shape[0] === 3 ? 3 : 1 };
}
