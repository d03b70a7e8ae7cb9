// Version 1 of the .bnm header knew square windows and equal padding only, each written as one number.

/**
 * A header of version 1 as version 2 writes it: pairs for windows, strides and padding; pools had no padding. What has another form is
 * left as it is, for the schema to refuse.
 */
export function upgradeVersion1(header: unknown): unknown {
  if (!isObject(header) || !Array.isArray(header.nodes)) return header;
  return { ...header, nodes: header.nodes.map(upgradeNode) };
}

function upgradeNode(node: unknown): unknown {
  if (!isObject(node)) return node;
  switch (node.op) {
    case 'conv2d':
      return { ...node, padding: pairOf(node.padding) };
    case 'maxPool2d':
      return { ...node, size: pairOf(node.size), stride: pairOf(node.stride), padding: [0, 0] };
    case 'avgPool2d':
      return { ...node, size: pairOf(node.size), stride: pairOf(node.stride), padding: [0, 0], countIncludePad: true };
    default:
      return node;
  }
}

function pairOf(value: unknown): unknown {
  return typeof value === 'number' ? [value, value] : value;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
