import { Haproxy } from '../../support/cluster/haproxy.js';
import { freePort, Mosquitto } from '../../support/cluster/mosquitto.js';
import { JwksServer } from '../../support/core/jwks-server.js';
import { nodeRed5AtHand, nodeRedAtHand } from '../../support/package/node-red-process.js';
import { clusterFlows } from './flows.js';
import { Instance } from './instance.js';

/** Three Node-REDs, two of them of the version at hand and one of version 5 where there is one, with all they need. */
export class Site {
  readonly endpoint: JwksServer;
  readonly mosquitto: Mosquitto;
  readonly haproxy: Haproxy;
  readonly instances: readonly Instance[];

  static async start(keys: readonly unknown[]): Promise<Site> {
    const endpoint = await JwksServer.start(keys);
    const mosquitto = await Mosquitto.start();
    const atHand = nodeRedAtHand();
    const instances: Instance[] = [];
    for (const version of [atHand, atHand, nodeRed5AtHand() ?? atHand]) {
      const flows = clusterFlows.bind(undefined, endpoint.uri, mosquitto.port);
      instances.push(await Instance.start(`s${instances.length}`, await freePort(), version, flows));
    }
    const ports = instances.map(({ port }) => port);
    return new Site(endpoint, mosquitto, await Haproxy.start(ports, 'leastconn'), instances);
  }

  private constructor(
    endpoint: JwksServer,
    mosquitto: Mosquitto,
    haproxy: Haproxy,
    instances: readonly Instance[],
  ) {
    this.endpoint = endpoint;
    this.mosquitto = mosquitto;
    this.haproxy = haproxy;
    this.instances = instances;
  }

  async stop(): Promise<void> {
    for (const instance of this.instances) await instance.stop();
    await this.haproxy.stop();
    await this.mosquitto.stop();
    await this.endpoint.stop();
  }
}
