import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setInterval } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { connectAsync } from 'mqtt';
import should from 'should';
import type { ClusterState } from '../../src/cluster/cluster-state.js';
import { MqttTransport } from '../../src/cluster/mqtt-transport.js';
import type { ClusterTiming } from '../../src/cluster/timing.js';
import { Instance, type InstanceOptions } from '../support/cluster/instance.js';
import { Mosquitto, needsMosquitto } from '../support/cluster/mosquitto.js';
import { Relay } from '../support/cluster/relay.js';
import { until } from '../support/cluster/until.js';
import type { SocketClient } from '../support/core/socket-client.js';

/** As in a runtime. */
const REAL: ClusterTiming = {
  beatMs: 2000,
  unheardMs: 6000,
  expireMs: 8000,
  returnMs: 17_000,
  countsMs: 500,
  askMs: 2000,
  now: Date.now,
};

async function sessionOf(instance: Instance, peer: SocketClient) {
  return (await instance.server.messageFrom(peer))._session;
}

/** Sends at a steady pace, and remembers which sends an error came back for. */
async function stream(from: Instance, _session: unknown, count: number, at: (sent: number) => unknown) {
  const failed = new Set<number>();
  let sent = 0;
  for await (const _ of setInterval(10)) {
    for (let i = 0; i < 5; i += 1) {
      const payload = sent++;
      void from.server.send({ payload, _session }).then((error) => {
        if (error !== undefined) failed.add(payload);
      });
    }
    void at(sent);
    if (sent >= count) break;
  }
  return failed;
}

/** All that has come to a peer, as numbers. */
async function received(peer: SocketClient): Promise<number[]> {
  await peer.drained();
  const numbers: number[] = [];
  while (peer.unread > 0) numbers.push(Number(await peer.nextText()));
  return numbers;
}

for (const version of [5, 4] as const) {
  describe(`a cluster on Mosquitto, MQTT ${version === 5 ? '5' : '3.1.1'}`, function () {
    this.timeout(120_000);
    needsMosquitto();

    let mosquitto: Mosquitto;
    let other: Mosquitto | undefined;
    let instances: Instance[];

    /** An instance at each of two brokers, with so many connections between these. */
    async function startBridged(names: readonly string[]): Promise<[Instance, Instance]> {
      other = await Mosquitto.start();
      const address = `address 127.0.0.1:${other.port}`;
      const bridges = names.flatMap((name) => [
        ...[`connection ${name}`, address, 'topic wsp/# both 0'],
        ...[`remote_clientid ${name}-remote`, 'try_private false'],
      ]);
      await mosquitto.restart(bridges);
      const timing = { unheardMs: 5000, expireMs: 5000 };
      for (const broker of [mosquitto, other]) {
        instances.push(await Instance.start(broker.settings(version), { timing }));
      }
      return instances as unknown as [Instance, Instance];
    }

    async function start(count: number, options: InstanceOptions = {}): Promise<[Instance, Instance]> {
      for (let i = 0; i < count; i += 1) {
        const timing = { unheardMs: 5000, expireMs: 5000 }; // the machine may be busy
        instances.push(await Instance.start(mosquitto.settings(version), { timing, ...options }));
      }
      for (const instance of instances) await instance.reach('up');
      for (const instance of instances) await instance.knows(count - 1);
      return instances as unknown as [Instance, Instance]; // a test with one uses one
    }

    beforeEach(async () => {
      mosquitto = await Mosquitto.start();
      instances = [];
    });
    afterEach(async () => {
      for (const instance of instances) await instance.stop();
      await mosquitto.stop();
      await other?.stop();
      other = undefined;
    });

    it('loses nothing of 500 messages a second, and keeps their order', async () => {
      const [a, b] = await start(2);
      const here = await a.server.connect();
      const there = await b.server.connect();
      const failed = await stream(a, await sessionOf(a, here), 2000, () => {});
      should(failed.size).equal(0);
      const expected = Array.from({ length: 2000 }, (_, i) => i);
      await until(() => there.unread === 2000);
      should(await received(there)).eql(expected);
      should(await received(here)).eql(expected);
    });

    it('whose broker is killed under load and comes back: nothing is lost here, hardly anything unsaid there, nothing comes twice', async () => {
      const [a, b] = await start(2);
      const here = await a.server.connect();
      const there = await b.server.connect();
      const session = await sessionOf(a, here);
      const failed = await stream(a, session, 4000, (sent) => {
        if (sent === 1000) return mosquitto.kill();
        return sent === 1600 ? mosquitto.restart() : undefined;
      });
      for (const instance of instances) await instance.reach('up');
      should(await a.server.send({ payload: 9999, _session: session })).equal(undefined);
      const local = await received(here);
      should(local).eql([...Array.from({ length: 4000 }, (_, i) => i), 9999]);
      await until(() => there.unread > 0);
      const remote: number[] = [];
      while (remote.at(-1) !== 9999) remote.push(Number(await there.nextText()));
      should(new Set(remote).size).equal(remote.length);
      should(remote).eql([...remote].sort((one, other) => one - other));
      const unsaid = local.filter((payload) => !remote.includes(payload) && !failed.has(payload));
      console.log(`      ${failed.size} of 4000 reported, ${unsaid.length} lost without a word`);
      should(failed.size).be.above(100);
      should(unsaid.length).be.belowOrEqual(10);
    });

    it('subscribes to 10,000 tenants again within 5 s', async () => {
      const transport = new MqttTransport(mosquitto.settings(version), ['first'], {
        connected: () => {},
        changed: () => {},
        message: (_topic, _payload, next) => next(),
      });
      await until(() => transport.state.kind === 'open');
      await Promise.all(Array.from({ length: 10_000 }, (_, i) => transport.want(`tenant/${i}`)));
      await mosquitto.kill();
      await until(() => transport.state.kind === 'down');
      await mosquitto.restart();
      await until(() => transport.state.kind === 'open');
      const startedMs = performance.now();
      await transport.want('the last'); // comes after all others
      const tookMs = performance.now() - startedMs;
      console.log(`      ${Math.round(tookMs)} ms`);
      should(tookMs).be.within(100, 5000);
      await transport.close();
    });

    it('holds no more after ten outages at 500 messages a second than before, and loses hardly anything unsaid', async () => {
      const [a, b] = await start(2);
      const here = await a.server.connect();
      const there = await b.server.connect();
      const _session = await sessionOf(a, here);
      let unsaid = 0;
      const outage = async () => {
        const failed = await stream(a, _session, 300, (sent) => {
          if (sent === 100) return mosquitto.kill();
          return sent === 200 ? mosquitto.restart() : undefined;
        });
        for (const instance of instances) await instance.reach('up');
        should(await a.server.send({ payload: 9999, _session })).equal(undefined);
        should(await received(here)).eql([...Array.from({ length: 300 }, (_, i) => i), 9999]);
        const remote: number[] = [];
        while (remote.at(-1) !== 9999) remote.push(Number(await there.nextText()));
        should(remote).eql([...new Set(remote)].sort((one, other) => one - other));
        unsaid = Math.max(unsaid, 301 - new Set([...remote, ...failed]).size);
      };
      for (let i = 0; i < 3; i += 1) await outage(); // code is compiled, caches fill up
      const before = heapBytes();
      for (let i = 0; i < 10; i += 1) await outage();
      const grown = heapBytes() - before;
      console.log(`      ${Math.round(grown / 1024)} KiB more; ${unsaid} lost without a word at most`);
      should(grown).be.below(1024 * 1024);
      should(unsaid).be.belowOrEqual(10);
    });

    it('notices within 8 s that a connection is dead although nothing says so', async () => {
      const relay = await Relay.start(mosquitto.port);
      const url = `mqtt://127.0.0.1:${relay.port}`;
      const alone = await Instance.start({ url, options: { protocolVersion: version } }, { timing: REAL });
      instances.push(alone);
      await alone.reach('up');
      relay.die();
      const startedMs = performance.now();
      await alone.reach('down');
      const tookMs = performance.now() - startedMs;
      should(alone.cluster.state).eql({ kind: 'down', reason: 'unheard' });
      should(tookMs).be.within(4000, 8500);
      relay.revive();
      await alone.reach('up');
      await alone.stop();
      instances.pop();
      await relay.stop();
    });

    it('that is not allowed to read, to write or to subscribe is down, and up again once it is', async () => {
      let isGuarded = false;
      for (const rule of ['topic write wsp/#', 'topic read wsp/#', 'topic readwrite other/#']) {
        const acl = mosquitto.file('acl', `${rule}\n`);
        await mosquitto.restart(isGuarded ? [] : [`acl_file ${acl}`]);
        isGuarded = true;
        const instance = await Instance.start(mosquitto.settings(version));
        await instance.reach('down');
        should(['unheard', 'denied']).containEql((instance.cluster.state as { reason?: string }).reason);
        mosquitto.file('acl', 'topic readwrite wsp/#\n');
        await mosquitto.restart();
        await instance.reach('up');
        await instance.stop();
      }
    });

    it('reads no more than a part of 20,000 messages a second that a stranger makes up or repeats, says so, and is well again after them', async () => {
      const [a, b] = await start(2);
      const here = await a.server.connect();
      const there = await b.server.connect();
      const _session = await sessionOf(a, here);
      const quiet = await latencies(a, here, _session);
      const eve = await connectAsync(mosquitto.settings().url, { protocolVersion: version });
      const seen: { topic: string; payload: Buffer }[] = [];
      eve.on('message', (topic, payload) => {
        if (seen.length < 100) seen.push({ topic, payload });
      });
      await eve.subscribeAsync('wsp/#');
      should(await b.server.send({ payload: 'seen by a stranger', _session })).equal(undefined);
      await until(() => seen.length >= 10);
      await eve.unsubscribeAsync('wsp/#');
      await eve.endAsync();
      const stranger = fork(join(__dirname, '../support/cluster/stranger.js'));
      stranger.send({
        ...mosquitto.settings(version),
        protocolVersion: version,
        seen: seen.map(({ topic, payload }) => [topic, payload.toString('base64')]),
      });
      await once(stranger, 'message');
      for (const instance of instances) await instance.reach('down');
      const flooded = await latencies(a, here, _session);
      for (const { cluster } of instances) should(cluster.state).eql({ kind: 'down', reason: 'flooded' });
      stranger.kill();
      await once(stranger, 'exit');
      console.log(
        `      local p99 ${quiet.toFixed(2)} ms alone, ${flooded.toFixed(2)} ms under a stranger's flood`,
      );
      for (const instance of instances) await instance.reach('up');
      should(await a.server.send({ payload: 'after', _session })).equal(undefined);
      for (const peer of [here, there]) {
        let text = '';
        while (text !== 'after') {
          text = await peer.nextText();
          should(text).match(/^(seen by a stranger|\d+|after)$/);
        }
      }
    });

    it('delivers all once that a bridge between two brokers passes on', async () => {
      const [a, b] = await startBridged(['one']);
      for (const instance of instances) await instance.reach('up');
      for (const instance of instances) await instance.knows(1);
      const here = await a.server.connect();
      const there = await b.server.connect();
      const _session = await sessionOf(a, here);
      await stream(a, _session, 500, () => {});
      await until(() => there.unread >= 500);
      should(await b.server.send({ payload: 500, _session })).equal(undefined);
      await until(() => here.unread >= 501);
      const expected = Array.from({ length: 501 }, (_, i) => i);
      for (const peer of [here, there]) should(await received(peer)).eql(expected);
      for (const { events } of instances) {
        should(events.items.filter((event) => event.kind === 'state' && isFlooded(event.state))).eql([]);
      }
    });

    it('delivers nothing twice of what two bridges between two brokers send round and round, and says what that is', async () => {
      const [a, b] = await startBridged(['one', 'two']);
      const here = await a.server.connect();
      const there = await b.server.connect();
      const _session = await sessionOf(a, here);
      let sent = 0;
      for await (const _ of setInterval(5)) {
        void a.server.send({ payload: sent++, _session });
        if (instances.every(({ cluster }) => isFlooded(cluster.state)) && sent >= 500) break;
      }
      should(await received(here)).eql(Array.from({ length: sent }, (_, i) => i));
      // in any order: where the broker dropped the first copy, one that went round comes later
      const numbers = await received(there);
      should(new Set(numbers).size).equal(numbers.length);
      console.log(`      ${numbers.length} of ${sent} came to the other one`);
    });
  });
}

function isFlooded(state: ClusterState): boolean {
  return state.kind === 'down' && state.reason === 'flooded';
}

/** What the heap holds after a garbage collection. */
function heapBytes(): number {
  setFlagsFromString('--expose_gc');
  const collect = runInNewContext('gc') as () => void; // there once that flag is set
  collect();
  return process.memoryUsage().heapUsed;
}

/** The 99th percentile of the time from a send to its arrival at a peer of the same instance, in milliseconds. */
async function latencies(instance: Instance, peer: SocketClient, _session: unknown): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < 1000; i += 1) {
    const startedMs = performance.now();
    void instance.server.send({ payload: i, _session });
    for (;;) if ((await peer.nextText()) === String(i)) break;
    times.push(performance.now() - startedMs);
  }
  return times.sort((one, other) => one - other)[989] ?? 0;
}
