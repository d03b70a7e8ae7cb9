"""Quantization-aware training in JAX: fully connected networks as one jitted scan over the epoch, convolutions (which are slow inside of a
scan on a processor) as a jitted step. Seconds of each epoch, data resident. See arguments.py. One thread: pin the process to one core.
"""
import os
import time

os.environ.setdefault('XLA_FLAGS', '--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1')

import jax
import jax.numpy as jnp
import numpy
from jax import lax

from arguments import levels_of, read_arguments, report, samples


def straight_through(x, quantized):
    return x + lax.stop_gradient(quantized - x)


def quantize_weights(w, low, high, offset, scale):
    return straight_through(w, (jnp.round(jnp.clip(w * scale - offset, low, high)) + offset) / scale)


def quantize_activations(x):
    scale = 127.0 / jnp.maximum(lax.stop_gradient(jnp.abs(x).max(axis=-1, keepdims=True)), 1e-30)
    return straight_through(x, jnp.round(x * scale) / scale)


def pool(x, layer, reducer, start):
    window, stride = (1, 1, *layer['size']), (1, 1, *layer['stride'])
    padding = ((0, 0), (0, 0), *((p, p) for p in layer['padding']))
    return lax.reduce_window(x, start, reducer, window, stride, padding)


def build(spec):
    """(parameters, function of parameters and samples); shapes follow from a trial with one sample."""
    random = numpy.random.default_rng(1)
    parameters, steps, x = [], [], jnp.zeros((1, *spec['input']['shape']))

    def weights(shape, layer):
        bound = (6.0 / numpy.prod(shape[1:])) ** 0.5
        parameters.append(jnp.asarray(random.uniform(-bound, bound, shape), jnp.float32))
        low, high, offset, count = levels_of(layer['weights'])
        scale = count / (2 * float(jnp.abs(parameters[-1]).mean()))
        index = len(parameters) - 1
        return lambda p: quantize_weights(p[index], low, high, offset, scale)

    for layer in spec['layers']:
        kind = layer['type']
        if kind == 'conv2d':
            groups = x.shape[1] if layer['groups'] == 'depthwise' else layer['groups']
            w = weights((layer['channels'], x.shape[1] // groups, *layer['kernel']), layer)
            padding = [(p, p) for p in layer['padding']]
            step = lambda p, x, w=w, layer=layer, groups=groups, padding=padding: lax.conv_general_dilated(
                x, w(p), layer['stride'], padding, feature_group_count=groups)
        elif kind == 'linear':
            w = weights((layer['outputs'], x.shape[1]), layer)

            def step(p, x, w=w, norm=layer['norm'] != 'none'):
                if norm:
                    x = x * lax.rsqrt(jnp.square(x).mean(axis=-1, keepdims=True) + 1e-6)
                return quantize_activations(x) @ w(p).T
        elif kind == 'activation' and layer['function'] == 'relu':
            step = lambda p, x: jax.nn.relu(x)
        elif kind == 'maxPool2d':
            step = lambda p, x, layer=layer: pool(x, layer, lax.max, -jnp.inf)
        elif kind == 'avgPool2d':
            step = lambda p, x, layer=layer: pool(x, layer, lax.add, 0.0) / numpy.prod(layer['size'])
        elif kind == 'dropout':
            continue  # costs nothing here
        elif kind == 'flatten':
            step = lambda p, x: x.reshape(x.shape[0], -1)
        else:
            raise SystemExit(f'no JAX form of a layer {kind} is written here')
        x = step(parameters, x)
        steps.append(step)

    def forward(p, x):
        for step in steps:
            x = step(p, x)
        return x

    return parameters, forward


def main():
    arguments = read_arguments()
    parameters, forward = build(arguments.spec)
    images, labels = (jnp.asarray(array) for array in samples(arguments))
    shape = arguments.spec['input']['shape']

    def loss_of(p, x, y):
        logits = forward(p, ((x.astype(jnp.float32) / 255 - 0.1307) / 0.3081).reshape(-1, *shape))
        return -jnp.take_along_axis(jax.nn.log_softmax(logits), y[:, None], axis=1).mean()

    def step(state, batch):
        p, m, v, t = state
        loss, g = jax.value_and_grad(loss_of)(p, images[batch], labels[batch])
        t = t + 1
        m = [0.9 * a + 0.1 * b for a, b in zip(m, g)]
        v = [0.999 * a + 0.001 * b * b for a, b in zip(v, g)]
        rate = 1e-3 * jnp.sqrt(1 - 0.999 ** t) / (1 - 0.9 ** t)
        p = [a - rate * b / (jnp.sqrt(c) + 1e-8) for a, b, c in zip(p, m, v)]
        return (p, m, v, t), loss

    scanned = all(layer['type'] != 'conv2d' for layer in arguments.spec['layers'])
    epoch = jax.jit(lambda state, order: lax.scan(step, state, order))
    jitted = jax.jit(step)
    state = (parameters, [jnp.zeros_like(p) for p in parameters], [jnp.zeros_like(p) for p in parameters], jnp.float32(0))
    random = numpy.random.default_rng(2)
    seconds, cpu_seconds = [], []
    for _ in range(arguments.epochs + 1):
        order = jnp.asarray(random.permutation(arguments.images).reshape(-1, arguments.batch))
        started, cpu_started = time.perf_counter(), time.process_time()
        if scanned:
            state, losses = epoch(state, order)
            loss = losses[-1]
        else:
            for batch in order:
                state, loss = jitted(state, batch)
        loss = float(loss)
        seconds.append(time.perf_counter() - started)
        cpu_seconds.append(time.process_time() - cpu_started)
    report('JAX', jax.__version__, arguments, seconds[1:], cpu_seconds[1:], loss)


if __name__ == '__main__':
    main()
