// The study of weight formats: what each costs in accuracy. Three kinds of networks: the fully connected 64-64-64 (`fc`), the convolutional cnn-16-small
// with its convolutions in the format too (`cnn`), and fully connected networks whose hidden layers are as wide as 12 608 bytes allow (`flash`).
import { buildPreset, summarizeSpec } from '@bitnetmcu/models';
import { FORMAT_NAMES } from '@bitnetmcu/quant';

/** The preset with every weight in one format, and hidden layers of other widths if asked for. */
function withFormat(preset, format, width) {
  const network = buildPreset(preset);
  const hidden = network.layers.filter(({ type }) => type === 'linear').slice(0, -1);
  const layers = network.layers.map((layer) => ({
    ...layer,
    ...('weights' in layer && { weights: { ...layer.weights, format } }),
    ...(width !== undefined && hidden.includes(layer) && { outputs: width }),
  }));
  return { ...network, name: `${preset}-${format.toLowerCase().replace('.', '_')}`, layers };
}

/** Bytes that fc-12k takes; the widest network of the format that takes no more. */
function widestWithin(format) {
  const limit = summarizeSpec(buildPreset('fc-12k')).total.bytes;
  const fits = (width) => summarizeSpec(withFormat('fc-12k', format, width)).total.bytes <= limit;
  let width = 1;
  while (fits(width + 1)) width++;
  return width;
}

export const KINDS = {
  fc: (format) => ({ network: withFormat('fc-12k', format) }),
  cnn: (format) => ({ network: withFormat('cnn-16-small', format) }),
  flash: (format) => {
    const width = widestWithin(format);
    return { network: withFormat('fc-12k', format, width), width };
  },
};

/** A configuration for each kind and format, by its label; the document is one of `bitnetmcu study run`. */
export function formatsStudy({ kinds = Object.keys(KINDS), formats = FORMAT_NAMES, epochs, seeds }) {
  const cases = kinds.flatMap((kind) => formats.map((format) => ({ kind, format, ...KINDS[kind](format) })));
  const labelOf = ({ kind, format }) => `${kind} ${format}`;
  return {
    cases: new Map(cases.map((one) => [labelOf(one), one])),
    document: {
      name: 'formats',
      base: { epochs },
      configurations: cases.map((one) => ({ name: labelOf(one), config: { network: one.network } })),
      seeds,
      test: true,
    },
  };
}
