// Convolutions that train on every backend. Where a backend lacks the kernels of their gradients (WebAssembly does), these are
// themselves composed of forward convolutions.
import type { TfjsRuntime } from './runtime.js';
import type { Tensor, Tensor4D, Tf } from './tensors.js';

type Pair = readonly [number, number];

/** Convolution without padding: x [batch, height, width, channels], filter [height, width, channels, outputs]. */
export function convolve(runtime: TfjsRuntime, x: Tensor4D, filter: Tensor4D, stride: Pair): Tensor4D {
  const { tf } = runtime;
  const forward = (a: Tensor4D, b: Tensor4D): Tensor4D => tf.conv2d(a, b, [...stride], 'valid');
  if (runtime.kernels.has('Conv2DBackpropFilter')) return forward(x, filter);
  return withGradients(tf, forward, {
    input: (dy, a, b) => tf.conv2dTranspose(dy, b, a.shape, [...stride], 'valid'),
    filter: (dy, a, b) => {
      // Channels as samples, samples as channels: [channels, height, width, batch] * [outHeight, outWidth, batch, outputs].
      const gradients = tf.conv2d<Tensor4D>(
        tf.transpose(a, [3, 1, 2, 0]),
        tf.transpose(dy, [1, 2, 0, 3]),
        1,
        'valid',
        'NHWC',
        [...stride],
      );
      return tf.transpose(leading(tf, gradients, b), [1, 2, 0, 3]);
    },
  })(x, filter);
}

/** Depthwise convolution without padding: filter [height, width, channels, multiplier], outputs channel-major. */
export function depthwiseConvolve(runtime: TfjsRuntime, x: Tensor4D, filter: Tensor4D, stride: Pair): Tensor4D {
  const { tf } = runtime;
  // Some backends refuse unequal strides, and libtensorflow their gradient: every position is computed and some are taken.
  if (stride[0] !== stride[1]) return everyNth(tf, depthwiseConvolve(runtime, x, filter, [1, 1]), stride);
  const forward = (a: Tensor4D, b: Tensor4D): Tensor4D => tf.depthwiseConv2d(a, b, [...stride], 'valid');
  if (runtime.kernels.has('DepthwiseConv2dNativeBackpropFilter')) return forward(x, filter);
  return withGradients(tf, forward, {
    input: (dy, a, b) => depthwiseInputGradient(tf, dy, { x: a, filter: b, stride }),
    filter: (dy, a, b) => {
      // One sample with batch·channels channels, each convolved with its gradients; then the sum over the samples.
      const [height, width, channels, multiplier] = b.shape;
      const [batch, outHeight, outWidth] = dy.shape;
      const maps = tf.transpose(a, [1, 2, 0, 3]).reshape<Tensor4D>([1, a.shape[1], a.shape[2], batch * channels]);
      const kernels = tf
        .transpose(dy, [1, 2, 0, 3])
        .reshape<Tensor4D>([outHeight, outWidth, batch * channels, multiplier]);
      const gradients = tf.depthwiseConv2d(maps, kernels, 1, 'valid', 'NHWC', [...stride]);
      return leading(tf, gradients, b).reshape([height, width, batch, channels, multiplier]).sum(2);
    },
  })(x, filter);
}

/** The rows and columns 0, n, 2n, … of maps; backwards zeros between them. */
function everyNth(tf: Tf, x: Tensor4D, stride: Pair): Tensor4D {
  const taken = tf.customGrad((maps) => {
    const { shape } = maps as Tensor4D;
    return {
      value: tf.stridedSlice(maps as Tensor4D, [0, 0, 0, 0], shape, [1, ...stride, 1]) as Tensor4D,
      gradFunc: (dy: Tensor) => {
        const spread = dilate(tf, dy as Tensor4D, stride);
        const [, height, width] = spread.shape;
        return tf.pad(spread, [
          [0, 0],
          [0, shape[1] - height],
          [0, shape[2] - width],
          [0, 0],
        ]);
      },
    };
  });
  return taken(x) as Tensor4D;
}

interface Gradients {
  input(dy: Tensor4D, x: Tensor4D, filter: Tensor4D): Tensor;
  filter(dy: Tensor4D, x: Tensor4D, filter: Tensor4D): Tensor;
}

function withGradients(
  tf: Tf,
  forward: (x: Tensor4D, filter: Tensor4D) => Tensor4D,
  gradients: Gradients,
): (x: Tensor4D, filter: Tensor4D) => Tensor4D {
  const differentiable = tf.customGrad((...parts) => {
    const [x, filter, save] = parts as [Tensor4D, Tensor4D, (saved: Tensor[]) => void];
    save([x, filter]);
    return {
      value: forward(x, filter),
      // TensorFlow.js keeps an entry only where something before it trains.
      gradFunc: (dy: Tensor, saved: Tensor[]) => {
        const [savedX, savedFilter] = saved as [Tensor4D, Tensor4D];
        return [
          gradients.input(dy as Tensor4D, savedX, savedFilter),
          gradients.filter(dy as Tensor4D, savedX, savedFilter),
        ];
      },
    };
  });
  return (x, filter) => differentiable(x, filter) as Tensor4D;
}

/** The rows and columns that the filter has: a stride may leave inputs over that meet no output. */
function leading(tf: Tf, gradients: Tensor4D, filter: Tensor4D): Tensor4D {
  const [height, width] = filter.shape;
  return tf.slice(gradients, [0, 0, 0, 0], [-1, height, width, -1]);
}

/** The gradient, spread to stride 1 and padded, convolved with the filter turned around. */
function depthwiseInputGradient(
  tf: Tf,
  dy: Tensor4D,
  { x, filter, stride }: { x: Tensor4D; filter: Tensor4D; stride: Pair },
): Tensor {
  const [, inHeight, inWidth, channels] = x.shape;
  const [height, width, , multiplier] = filter.shape;
  const spread = dilate(tf, dy, stride);
  const [batch, spreadHeight, spreadWidth] = spread.shape;
  const padded = tf.pad(spread, [
    [0, 0],
    [height - 1, inHeight - spreadHeight],
    [width - 1, inWidth - spreadWidth],
    [0, 0],
  ]);
  const turned = tf.reverse(filter, [0, 1]);
  if (multiplier === 1) return tf.depthwiseConv2d(padded, turned, 1, 'valid');
  const perChannel = padded.reshape([-1, channels, multiplier]);
  const parts = Array.from({ length: multiplier }, (_, m) => {
    const part = tf
      .slice(perChannel, [0, 0, m], [-1, -1, 1])
      .reshape([batch, padded.shape[1], padded.shape[2], channels]);
    return tf.depthwiseConv2d(part as Tensor4D, tf.slice(turned, [0, 0, 0, m], [-1, -1, -1, 1]), 1, 'valid');
  });
  return tf.addN(parts);
}

/** Zeros between rows and columns, stride − 1 each. */
function dilate(tf: Tf, dy: Tensor4D, [vertical, horizontal]: Pair): Tensor4D {
  if (vertical === 1 && horizontal === 1) return dy;
  const [batch, height, width, channels] = dy.shape;
  const wide = tf
    .pad(dy.reshape([batch * height, width, 1, channels]), [
      [0, 0],
      [0, 0],
      [0, horizontal - 1],
      [0, 0],
    ])
    .reshape([batch, height, 1, width * horizontal * channels]);
  const tall = tf
    .pad(wide, [
      [0, 0],
      [0, 0],
      [0, vertical - 1],
      [0, 0],
    ])
    .reshape([batch, height * vertical, width * horizontal, channels]) as Tensor4D;
  const size = [batch, (height - 1) * vertical + 1, (width - 1) * horizontal + 1, channels] as const;
  return tf.slice(tall, [0, 0, 0, 0], [...size]);
}
