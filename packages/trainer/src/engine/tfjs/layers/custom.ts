// Layers of the user's own: a function from a tensor to a tensor, with parameters that train, save and resume like any other.
import type { LayerOf, Quantizer, Shape } from '@bitnetmcu/models';
import { elementCount } from '@bitnetmcu/models/internal';
import { TrainerError } from '../../../errors.js';
import type { Random } from '../../../random.js';
import type { ForwardPass, LayerForward } from '../forward-pass.js';
import type { Tensor, Tf } from '../tensors.js';
import type { LayerBuilder } from './layer-builder.js';

export interface CustomParameter {
  /** With a quantizer the first dimension is that of the outputs. */
  readonly shape: readonly number[];
  /** One value for all, or a function that draws as many as the shape has elements. */
  readonly initial: number | ((random: Random) => ArrayLike<number>);
  /** Whether weight decay applies. Default: where there is a quantizer. */
  readonly decays?: boolean;
  /** Fake quantization, with clipping as in a linear layer. */
  readonly quantizer?: Quantizer;
}

export interface CustomLayerContext {
  /** The TensorFlow.js that runs the network: make tensors with this one. */
  readonly tf: Tf;
  /** Of the layer in the spec. */
  readonly name: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly inputShape: Shape;
  readonly outputShape: Shape;
  readonly training: boolean;
  /**
   * A trained parameter, saved as `<layer>.<name>`, as the graph sees it. Ask for the same parameters in every call.
   * @throws TrainerError `invalid-argument` where it has not been asked for in the first call.
   */
  parameter(name: string, definition: CustomParameter): Tensor;
}

/**
 * `x` and what is returned are [batch, features], or [batch, height, width, channels] for a shape of three dimensions.
 * Called once without effect when the network is compiled, then in every pass; intermediate tensors are freed by the engine.
 * Gradients are those of TensorFlow.js (`tf.customGrad` for others).
 */
export type CustomLayer = (x: Tensor, layer: LayerOf<'custom'>, context: CustomLayerContext) => Tensor;

/** Layers by the `kind` that specs give. */
export type CustomLayers = Readonly<Record<string, CustomLayer>>;

export function buildCustom(
  layer: LayerOf<'custom'>,
  { store, inputShape, outputShape, random, custom: layers }: LayerBuilder,
): LayerForward {
  const compute = Object.hasOwn(layers, layer.kind) ? layers[layer.kind] : undefined;
  if (compute === undefined) {
    const known = Object.keys(layers).join(', ') || 'none';
    throw new TrainerError(
      'unsupported-layer',
      `Layer '${layer.name}' is of the custom kind '${layer.kind}', which this engine was not given (known: ${known}): pass it to createTfjsEngine({ layers: { ${layer.kind}: … } }).`,
    );
  }
  const names = new Set<string>();
  const define = (name: string, { shape, initial, decays, quantizer }: CustomParameter): string => {
    const key = `${layer.name}.${name}`;
    if (names.has(key)) return key;
    names.add(key);
    const length = shape.reduce((a, b) => a * b, 1);
    const values =
      typeof initial === 'number' ? new Float32Array(length).fill(initial) : Float32Array.from(initial(random));
    if (values.length !== length) {
      throw new TrainerError(
        'invalid-argument',
        `Parameter '${key}' has ${values.length} initial values, ${length} wanted for shape [${shape.join(', ')}].`,
      );
    }
    if (quantizer === undefined) store.add(key, shape, values, { decays: decays ?? false });
    else store.addWeights({ layer: layer.name, name: key, clipName: `${key}.clip`, shape, initial: values, quantizer });
    return key;
  };
  let built = false;
  const run = (x: Tensor, pass: ForwardPass): Tensor =>
    compute(x, layer, {
      tf: pass.runtime.tf,
      name: layer.name,
      options: layer.options,
      inputShape,
      outputShape,
      training: pass.training,
      parameter: (name, definition) => {
        if (built && !names.has(`${layer.name}.${name}`)) {
          throw new TrainerError(
            'invalid-argument',
            `Layer '${layer.name}' asks for a new parameter '${name}' after its first call: ask for all of them in every call.`,
          );
        }
        return pass.parameter(define(name, definition));
      },
    });
  return ({ tensor }, pass) => {
    const output = run(tensor, pass);
    built = true;
    requireShape(layer, output, [pass.batch, ...channelsLast(outputShape)]);
    return { tensor: output, shape: outputShape, computed: true };
  };
}

function channelsLast(shape: Shape): number[] {
  return shape.length === 1 ? [elementCount(shape)] : [shape[1], shape[2], shape[0]];
}

function requireShape({ name, kind }: LayerOf<'custom'>, output: Tensor, wanted: readonly number[]): void {
  if (output.shape.length === wanted.length && output.shape.every((size, i) => size === wanted[i])) return;
  throw new TrainerError(
    'invalid-argument',
    `Layer '${name}' of the custom kind '${kind}' returned a tensor of shape [${output.shape.join(', ')}], [${wanted.join(', ')}] wanted (channels last) for its outputShape.`,
  );
}
