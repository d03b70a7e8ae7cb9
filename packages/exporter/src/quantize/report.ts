// What quantization did to each layer. A scale is everywhere what the integer 1 stands for.
import type { QuantizedModel } from '@bitnetmcu/models';
import type { FormatName } from '@bitnetmcu/quant';

/** What became of one layer with weights. */
export interface LayerReport {
  readonly layer: string;
  readonly op: 'linear' | 'conv2d';
  /** Nodes of the ONNX graph that it stands for; empty for trained networks. */
  readonly nodes: readonly string[];
  readonly format: FormatName;
  /** Whether the weights lay on this format's levels already and kept their codes. */
  readonly gridDetected: boolean;
  /** What the integer 1 of a weight stands for, in outputs without shift. */
  readonly weightScale: number;
  /** Static scales: what the integer 1 of the layer's input stands for. */
  readonly inputScale?: number;
  /** Static scales: what the integer 1 of the accumulators stands for: inputScale · weightScale. */
  readonly accumulatorScale?: number;
  readonly warnings: readonly string[];
}

export interface QuantizationReport {
  /** Of an ONNX graph: what made it, and its opset. */
  readonly producer?: string;
  readonly opset?: number;
  readonly activations: 'scale-free' | 'static';
  readonly layers: readonly LayerReport[];
  /** Static scales: what the integer 1 of the network's input stands for. */
  readonly inputScale?: number;
  /** Static scales: what the integer 1 of the logits stands for; absent behind norms that depend on the sample. */
  readonly logitScale?: number;
  /** Static scales, with calibration: root mean squared error of the finished network's logits on the samples, over their deviation. */
  readonly logitError?: number;
  /** Static scales: whether channels were equalized. */
  readonly equalized?: boolean;
  readonly warnings: readonly string[];
}

export interface Quantized {
  readonly model: QuantizedModel;
  readonly report: QuantizationReport;
}
