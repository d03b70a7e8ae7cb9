"""What the peers' programs have in common: arguments, samples, the JSON line that they print.

A network comes as the layers of a NetworkSpec (JSON on standard input, defaults filled in), so that a peer trains just what the engine does:
the same layers, fake quantization with the straight-through gradient, Adam, batch size. Activations of linear layers are quantized by their
largest magnitude, which is the cheapest of the quantizers.
"""
import argparse
import json
import sys

import numpy

# bits, whether levels are (i + 1/2)·step
UNIFORM = {'2bitsym': (2, True), '3bitsym': (3, True), '4bitsym': (4, True), '5bitsym': (5, True), '4bit': (4, False), '8bit': (8, False)}


def levels_of(weights):
    """(lowest, highest, offset, steps between 0 and the clipping scalar) of a format."""
    if weights['format'] == 'Ternary':
        return -1.0, 1.0, 0.0, 1.0
    bits, symmetric = UNIFORM[weights['format']]
    return -(2.0 ** (bits - 1)), 2.0 ** (bits - 1) - 1, 0.5 if symmetric else 0.0, 2.0 ** (bits - 1)


def read_arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--batch', type=int, default=128)
    parser.add_argument('--images', type=int, default=60000)
    parser.add_argument('--epochs', type=int, default=3)
    parser.add_argument('--threads', type=int, default=1)
    parser.add_argument('--compile', action='store_true')
    arguments = parser.parse_args()
    arguments.spec = json.load(sys.stdin)
    for layer in arguments.spec['layers']:
        if layer['type'] in ('maxPool2d', 'avgPool2d'):
            layer.setdefault('stride', layer['size'])
    arguments.images -= arguments.images % arguments.batch
    return arguments


def samples(arguments):
    features = int(numpy.prod(arguments.spec['input']['shape']))
    random = numpy.random.default_rng(1)
    images = random.integers(0, 256, (arguments.images, features), dtype=numpy.uint8)
    labels = random.integers(0, 10, arguments.images)
    images[numpy.arange(arguments.images), labels * 20] = 255
    return images, labels


def report(name, version, arguments, seconds, cpu_seconds, loss):
    print(json.dumps({
        'name': name, 'version': version, 'threads': arguments.threads, 'images': arguments.images,
        'seconds': seconds, 'cpuSeconds': cpu_seconds, 'loss': float(loss),
    }))
