import should from 'should';
import { Backoff } from '../../../src/client/backoff.js';
import { ClientRecord } from '../../../src/live/client-record.js';
import { ClientProbe } from '../../support/core/client-probe.js';

describe('src/live/client-record', () => {
  it('knows since when a client is down, and when it tries again', () => {
    const record = new ClientRecord();
    const down = { kind: 'failed', reason: 'ECONNREFUSED' } as const;
    record.take({ kind: 'error', state: down }, 1000);
    record.take({ kind: 'failed', reason: 'ECONNREFUSED', attempt: 1, retryInMs: 500 }, 1000);
    should([record.since, record.nextAttempt]).eql([1000, 1500]);
    record.take({ kind: 'error', state: down }, 2000);
    record.take({ kind: 'failed', reason: 'ECONNREFUSED', attempt: 2, retryInMs: 900 }, 2000);
    should([record.since, record.nextAttempt]).eql([1000, 2900]);
    const session = { type: 'websocket', id: 'x', authStatus: 'none' } as const;
    record.take({ kind: 'connect', state: { kind: 'connected' }, session }, 3000);
    should([record.since, record.nextAttempt]).eql([3000, null]);
    record.take({ kind: 'disconnect', state: { kind: 'disconnected' }, session, retryInMs: 700 }, 4000);
    should([record.since, record.nextAttempt]).eql([4000, 4700]);
  });

  it('learns that from a client whose server is not there', async () => {
    const probe = new ClientProbe('ws://127.0.0.1:1/', {
      backoff: new Backoff({ firstMs: 60_000, maxMs: 60_000 }),
    });
    const record = new ClientRecord();
    await new Promise<void>((resolve) => {
      probe.client.observe((event) => {
        record.take(event);
        if (event.kind === 'failed') resolve();
      });
    });
    should(record.nextAttempt).be.above(Date.now() - 1);
    await probe.client.close();
  });
});
