import type { Node, NodeAPI } from 'node-red';
import type { TokenVariable } from '../../src/config/client-options.js';

/** Reads a value as Node-RED's typed inputs name them: of an environment variable, or of the global context, whatever its store. */
export function readTokenVariable(RED: NodeAPI, node: Node, { type, name }: TokenVariable): Promise<unknown> {
  return new Promise((resolve, reject) => {
    RED.util.evaluateNodeProperty(name, type, node, {}, (error, value) => {
      if (error) reject(error);
      else resolve(value);
    });
  });
}
