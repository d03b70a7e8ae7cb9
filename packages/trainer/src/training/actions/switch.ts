// The network goes on with other weight formats or another activation function.
import { type NetworkSpec, parseNetworkSpec, type Quantizer } from '@bitnetmcu/models';
import { ACTIVATION_NAMES, isWeighted, quantizerSchema } from '@bitnetmcu/models/internal';
import { z } from 'zod';
import { defineAction, refuseAction } from './action-definition.js';

const { format, scaling, clipping } = quantizerSchema.shape;

const schema = z.strictObject({
  kind: z.literal('switch'),
  at: z.int().min(1).max(99_999).describe('epochs before it'),
  weights: z
    .strictObject({
      format: format.optional(),
      scaling: scaling.unwrap().optional(),
      clipping: clipping.unwrap().optional(),
      learnedBits: z
        .strictObject({ learningRateFactor: z.number().min(0) })
        .optional()
        .describe('of layers that learn their bits; a factor of 0 keeps the bits reached'),
    })
    .optional()
    .describe('what becomes other of the quantizers'),
  activation: z.enum(ACTIVATION_NAMES).optional().describe('the function of the activation layers from then on'),
  layers: z
    .array(z.string())
    .min(1)
    .optional()
    .describe('names; default: all layers with weights, and all activations'),
});
type Spec = z.output<typeof schema>;

/** After an epoch, so that the next one loads its samples into the network that trains them. */
export const switching = defineAction(schema, (spec, means) => {
  const { network } = means;
  if (spec.at >= means.epochs) {
    refuseAction(means, `'at' is ${spec.at}, and the run has ${means.epochs} epochs. Leave at least one after it.`);
  }
  if (spec.weights === undefined && spec.activation === undefined) {
    refuseAction(means, "nothing is switched. Give 'weights' or 'activation'.");
  }
  const names = network.spec.layers.map(({ name }) => name);
  const unknown = spec.layers?.find((name) => !names.includes(name));
  if (unknown !== undefined) refuseAction(means, `there is no layer '${unknown}'; there are ${names.join(', ')}.`);
  const learners = network.spec.layers.filter(
    (layer) => isWeighted(layer) && layer.weights.learnedBits && (spec.layers?.includes(layer.name) ?? true),
  );
  if (spec.weights?.learnedBits !== undefined && learners.length === 0) {
    refuseAction(
      means,
      "'learnedBits' changes, and no layer named learns its bits. Give the layers' weights 'learnedBits'.",
    );
  }
  return {
    epochEnded({ epoch }) {
      if (epoch + 1 === spec.at) network.recompile(switched(network.spec, spec));
    },
  };
});

function switched(before: NetworkSpec, { weights, activation, layers }: Spec): NetworkSpec {
  return parseNetworkSpec({
    ...before,
    layers: before.layers.map((layer) => {
      if (layers !== undefined && !layers.includes(layer.name)) return layer;
      if (isWeighted(layer) && weights) return { ...layer, weights: quantizerOf(layer.weights, weights) };
      if (layer.type === 'activation' && activation) return { ...layer, function: activation };
      return layer;
    }),
  });
}

function quantizerOf(before: Quantizer, { learnedBits, ...others }: NonNullable<Spec['weights']>): Quantizer {
  const quantizer = { ...before, ...others };
  if (!learnedBits || !before.learnedBits) return quantizer as Quantizer;
  return { ...quantizer, learnedBits: { ...before.learnedBits, ...learnedBits } } as Quantizer;
}
