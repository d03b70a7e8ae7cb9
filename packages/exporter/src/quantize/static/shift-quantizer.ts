// The quantizer `shift` trains what ShiftNorm does, rectification included. Static scales have no ShiftNorm: negative numbers stay, and a
// network that was trained without them would compute something else.
import { inferShapes, type NetworkSpec, type ResolvedLayer } from '@bitnetmcu/models';
import { activationOf, INPUT } from '@bitnetmcu/models/internal';
import { ExporterError } from '../../errors.js';
import { unknownValue } from '../../unknown-value.js';

/** The sample is quantized by its largest absolute value, whatever the quantizer. */
type Values = 'sample' | 'rectified' | 'signed';

/** @throws ExporterError `unsupported-graph` where a layer with the quantizer `shift` reads what can be negative */
export function requireRectifiedShifts(spec: NetworkSpec): void {
  const values = new Map<string, Values>([[INPUT, 'sample']]);
  for (const resolved of inferShapes(spec)) {
    const { layer, inputs } = resolved;
    const read = inputs.map((name) => values.get(name)!);
    const shifts = (layer.type === 'linear' || layer.type === 'conv2d') && layer.activationQuantizer === 'shift';
    if (shifts && read[0] === 'signed') {
      throw new ExporterError(
        'unsupported-graph',
        `Layer ${layer.name} was trained with "activationQuantizer": "shift", which sets negative numbers to 0, but reads ${inputs[0]}, which has some that the integers keep; set "activationQuantizer": "max-abs" in it, or a relu before it, and train again`,
        { layer: layer.name },
      );
    }
    values.set(layer.name, valuesOf(resolved, read));
  }
}

function valuesOf({ layer }: ResolvedLayer, read: readonly Values[]): Values {
  switch (layer.type) {
    case 'activation':
      return activationOf(layer.function).integerForm === 'rectifier' ? 'rectified' : 'signed';
    case 'topRelu':
      return 'rectified';
    case 'maxPool2d':
    case 'avgPool2d':
    case 'crop':
    case 'flatten':
    case 'dropout':
    case 'topGroups':
      return read[0]!;
    case 'add':
      return read.every((values) => values === 'rectified') ? 'rectified' : 'signed';
    case 'linear':
    case 'conv2d':
    case 'custom':
      return 'signed';
    default:
      throw unknownValue('layer', layer);
  }
}
