"""Quantization-aware training in PyTorch, eager or with torch.compile: seconds of each epoch, data resident. See arguments.py."""
import time

import torch
import torch.nn.functional as F
from torch import nn

from arguments import levels_of, read_arguments, report, samples


def straight_through(x, quantized):
    return x + (quantized - x).detach()


def quantize_activations(x):
    scale = 127.0 / x.detach().abs().amax(dim=-1, keepdim=True).clamp(min=1e-30)
    return straight_through(x, (x * scale).round() / scale)


class Weights(nn.Module):
    """A weight and its fake-quantized form."""

    def __init__(self, shape, spec):
        super().__init__()
        bound = (6.0 / shape[1:].numel()) ** 0.5
        self.weight = nn.Parameter(torch.empty(shape).uniform_(-bound, bound))
        self.low, self.high, self.offset, self.steps = levels_of(spec)
        self.scale = self.steps / (2 * float(self.weight.detach().abs().mean()))

    def forward(self):
        w = self.weight
        level = (w * self.scale - self.offset).clamp(self.low, self.high).round() + self.offset
        return straight_through(w, level / self.scale)


class Convolution(nn.Module):
    def __init__(self, layer, channels):
        super().__init__()
        self.groups = channels if layer['groups'] == 'depthwise' else layer['groups']
        self.stride, self.padding = layer['stride'], layer['padding']
        shape = torch.Size((layer['channels'], channels // self.groups, *layer['kernel']))
        self.weights = Weights(shape, layer['weights'])

    def forward(self, x):
        return F.conv2d(x, self.weights(), stride=self.stride, padding=self.padding, groups=self.groups)


class Linear(nn.Module):
    def __init__(self, layer, inputs):
        super().__init__()
        self.norm = layer['norm'] != 'none'
        self.weights = Weights(torch.Size((layer['outputs'], inputs)), layer['weights'])

    def forward(self, x):
        if self.norm:
            x = x * torch.rsqrt(x.square().mean(dim=-1, keepdim=True) + 1e-6)
        return F.linear(quantize_activations(x), self.weights())


def build(spec):
    """The layers in order; shapes follow from a trial with one sample."""
    modules, x = [], torch.zeros(1, *spec['input']['shape'])
    for layer in spec['layers']:
        kind = layer['type']
        if kind == 'conv2d':
            module = Convolution(layer, x.shape[1])
        elif kind == 'linear':
            module = Linear(layer, x.shape[1])
        elif kind == 'activation' and layer['function'] == 'relu':
            module = nn.ReLU()
        elif kind == 'maxPool2d':
            module = nn.MaxPool2d(tuple(layer['size']), tuple(layer['stride']), tuple(layer['padding']))
        elif kind == 'avgPool2d':
            module = nn.AvgPool2d(tuple(layer['size']), tuple(layer['stride']), tuple(layer['padding']))
        elif kind == 'dropout':
            module = nn.Dropout(layer['rate'])
        elif kind == 'flatten':
            module = nn.Flatten()
        else:
            raise SystemExit(f'no PyTorch form of a layer {kind} is written here')
        with torch.no_grad():
            x = module(x)
        modules.append(module)
    return nn.Sequential(*modules)


def main():
    arguments = read_arguments()
    torch.set_num_threads(arguments.threads)
    torch.manual_seed(1)
    network = build(arguments.spec)
    optimizer = torch.optim.Adam(network.parameters(), lr=1e-3, fused=True)
    images, labels = (torch.from_numpy(array) for array in samples(arguments))
    shape = arguments.spec['input']['shape']

    def loss_of(images, labels):
        x = ((images.float() / 255 - 0.1307) / 0.3081).view(-1, *shape)
        return F.cross_entropy(network(x), labels)

    if arguments.compile:
        loss_of = torch.compile(loss_of, dynamic=False)
    seconds, cpu_seconds = [], []
    for _ in range(arguments.epochs + 1):
        started, cpu_started = time.perf_counter(), time.process_time()
        for batch in torch.randperm(arguments.images).split(arguments.batch):
            optimizer.zero_grad(set_to_none=True)
            loss = loss_of(images[batch], labels[batch])
            loss.backward()
            optimizer.step()
        seconds.append(time.perf_counter() - started)
        cpu_seconds.append(time.process_time() - cpu_started)
    # the first epoch compiles and warms up
    report('PyTorch compiled' if arguments.compile else 'PyTorch', torch.__version__, arguments, seconds[1:], cpu_seconds[1:], loss)


if __name__ == '__main__':
    main()
