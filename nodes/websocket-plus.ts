import type { NodeAPI } from 'node-red';
import { registerClient } from './client/runtime.js';
import { registerCluster } from './cluster/runtime.js';
import { registerControl } from './control/runtime.js';
import { registerEvent } from './event/runtime.js';
import { registerIn } from './in/runtime.js';
import { registerIssuer } from './issuer/runtime.js';
import { registerListener } from './listener/runtime.js';
import { serveLiveView } from './live/endpoints.js';
import { serveMetrics } from './metrics/endpoint.js';
import { registerOut } from './out/runtime.js';

/** Entry of the node set: Node-RED calls it once at start. */
export default function websocketPlus(RED: NodeAPI): void {
  registerIssuer(RED);
  registerCluster(RED);
  registerListener(RED);
  registerClient(RED);
  registerIn(RED);
  registerOut(RED);
  registerEvent(RED);
  registerControl(RED);
  serveLiveView(RED);
  serveMetrics(RED);
}
