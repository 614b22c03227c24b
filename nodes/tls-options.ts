import type { ConnectionOptions } from 'node:tls';
import type { Node, NodeAPI } from 'node-red';

/** Node-RED's `tls-config` (05-tls.js). */
interface TlsNode extends Node {
  addTLSOptions(options: ConnectionOptions): unknown;
}

/** What the `tls-config` of that id asks of a TLS connection; nothing where there is none. */
export function tlsOptions(RED: NodeAPI, id: string | undefined): ConnectionOptions {
  const options: ConnectionOptions = {};
  if (id) (RED.nodes.getNode(id) as TlsNode | null)?.addTLSOptions(options);
  return options;
}
