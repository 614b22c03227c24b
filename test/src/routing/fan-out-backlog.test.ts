import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import should from 'should';
import { FanOut } from '../../../src/routing/fan-out.js';
import type { Recipients } from '../../../src/routing/recipients.js';
import type { Connection } from '../../../src/sessions/connection.js';
import { Registry } from '../../../src/sessions/registry.js';
import { Traffic } from '../../../src/sessions/traffic.js';
import { serverFrame } from '../../../src/wire/server-frame.js';
import { ListenerServer } from '../../support/core/listener-server.js';
import { clientFrame, rawSocket, upgradeRequest } from '../../support/core/raw-client.js';
import { token } from '../../support/core/tokens.js';

/** More than are written to in one go. */
const MANY = 300;

const FRAME = serverFrame('x', false);

/** Tenants of so many peers, which note what reaches them. */
function tenants(sizes: Readonly<Record<string, number>>, seen: string[]): Registry {
  const registry = new Registry();
  for (const [tenantId, size] of Object.entries(sizes)) {
    for (let i = 0; i < size; i += 1) {
      const traffic = new Traffic();
      const peer = {
        id: `${tenantId} ${i}`,
        identity: { tenantId },
        traffic,
        send: () => seen.push(tenantId),
      };
      registry.add(peer as unknown as Connection); // all that routing asks of one
    }
  }
  return registry;
}

function to(tenantId: string): Recipients {
  return { kind: 'tenant', tenantId };
}

describe('src/routing/fan-out: more than can be sent', () => {
  it('lets no audience wait for the messages to another', async () => {
    const seen: string[] = [];
    const fanOut = new FanOut(tenants({ noisy: MANY, large: MANY, small: 2 }, seen), () => {});
    for (let i = 0; i < 1000; i += 1) fanOut.send(FRAME, to('noisy'), () => {});
    fanOut.send(FRAME, to('small'), () => {});
    should(seen).eql(['small', 'small']);
    const seenThen = await new Promise<string[]>((resolve) =>
      fanOut.send(FRAME, to('large'), () => resolve([...seen])),
    );
    should(seenThen.filter((name) => name === 'large').length).equal(MANY);
    should(seenThen.filter((name) => name === 'noisy').length).be.belowOrEqual(MANY + 64);
    fanOut.close();
  });

  it('sends in the order of sending, each message once, however many wait', async () => {
    const order: number[] = [];
    const seen: string[] = [];
    const fanOut = new FanOut(tenants({ x: MANY }, seen), () => {});
    const sends = Array.from(
      { length: 500 },
      (_, i) =>
        new Promise<void>((resolve) => {
          fanOut.send(FRAME, to('x'), () => {
            order.push(i);
            resolve();
          });
        }),
    );
    await Promise.all(sends);
    should(order).eql(sends.map((_, i) => i));
    should(seen.length).equal(500 * MANY);
  });

  it('says that too much waits, and when that is over', async () => {
    let onDrain: () => void = () => {};
    const over = new Promise<void>((resolve) => {
      onDrain = resolve;
    });
    const fanOut = new FanOut(tenants({ x: MANY }, []), () => onDrain());
    for (let i = 0; i < 255; i += 1) fanOut.send(FRAME, to('x'), () => {});
    should(fanOut.needsDrain).equal(false);
    fanOut.send(FRAME, to('x'), () => {});
    should(fanOut.needsDrain).equal(true);
    await over;
    should(fanOut.needsDrain).equal(false);
    fanOut.close();
  });

  it('makes a flow wait that does not stop', () => {
    for (const [frame, most] of [
      [FRAME, 16_384],
      [serverFrame(Buffer.alloc(1024 * 1024 - 10), true), 64],
    ] as const) {
      let waiting = 0;
      const fanOut = new FanOut(tenants({ x: MANY }, []), () => {});
      for (let i = 0; i < most + 100; i += 1) {
        waiting += 1;
        fanOut.send(frame, to('x'), () => {
          waiting -= 1;
        });
      }
      should(waiting).equal(most);
      fanOut.close();
      should(waiting).equal(0);
    }
  });

  it('does not read on from a peer that makes more to send than can be sent, until it can', async () => {
    const server = await ListenerServer.start();
    const { port } = server.server.address() as AddressInfo;
    const request = upgradeRequest(`/ws?token=${token()}`);
    const peers = await Promise.all(Array.from({ length: MANY }, () => rawSocket(port, request)));
    await Promise.all(peers.map((peer) => once(peer, 'data')));
    for (const peer of peers) peer.resume();

    const messages = 700;
    let waiting = 0;
    let most = 0;
    let sent = 0;
    const allSent = new Promise<void>((resolve) => {
      server.listener.attach(({ _session }) => {
        waiting += 1;
        most = Math.max(most, waiting);
        server.listener.send({ payload: 'y', _session }, () => {
          waiting -= 1;
          sent += 1;
          if (sent === messages) resolve();
        });
      });
    });
    // 126 fit into what is read at once
    peers[0]?.write(Buffer.concat(Array(messages).fill(clientFrame(1, Buffer.alloc(512)))));
    await allSent;
    should(most).be.within(256, 256 + 2 * 128);
    for (const peer of peers) peer.resetAndDestroy();
    await server.stop();
  });
});
