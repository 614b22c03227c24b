import fc from 'fast-check';
import should from 'should';
import { WaitingMessages } from '../../../src/client/waiting-messages.js';
import { SendError } from '../../../src/wire/send-error.js';

type Step =
  | { readonly kind: 'add'; readonly bytes: number }
  /** The socket takes so many before it is full. */
  | { readonly kind: 'send'; readonly room: number }
  | { readonly kind: 'later'; readonly ms: number }
  | { readonly kind: 'give up' };

const STEP: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('add' as const), bytes: fc.nat(60) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('send' as const), room: fc.nat(8) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('later' as const), ms: fc.nat(40) }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'give up' as const }) },
);

const LIMITS = { maxMessages: 7, maxBytes: 150, maxAgeMs: 100 };

describe('src/client/waiting-messages', () => {
  it('tells the fate of each message once, sends in order, and holds no more than it may', () => {
    fc.assert(
      fc.property(fc.array(STEP, { maxLength: 200 }), (steps) => {
        let nowMs = 0;
        const waiting = new WaitingMessages(
          LIMITS,
          () => {},
          () => nowMs,
        );
        const fates = new Map<number, string[]>();
        const sent: number[] = [];
        const send = (room: number) => {
          let left = room;
          waiting.sendAll(({ payload }) => {
            if (left === 0) throw new SendError('send-buffer-full');
            left -= 1;
            sent.push(Number(String(payload).split(' ')[0]));
          });
        };
        let count = 0;
        for (const step of steps) {
          if (step.kind === 'add') {
            const number = count;
            count += 1;
            const told: string[] = [];
            fates.set(number, told);
            const payload = `${number} `.padEnd(step.bytes, 'x');
            waiting.add({ payload, isBinary: false }, (error) =>
              told.push((error as SendError | undefined)?.code ?? 'sent'),
            );
          } else if (step.kind === 'send') send(step.room);
          else if (step.kind === 'give up') waiting.giveUp('send-not-connected');
          else nowMs += step.ms;
          should(waiting.count).be.belowOrEqual(LIMITS.maxMessages);
          should(waiting.bytes).be.belowOrEqual(LIMITS.maxBytes);
        }
        waiting.giveUp('send-not-connected');
        should([waiting.count, waiting.bytes]).eql([0, 0]);
        should([...fates.values()].every((told) => told.length === 1)).equal(true);
        should(sent).eql([...sent].sort((a, b) => a - b));
        should(sent.every((number) => fates.get(number)?.[0] === 'sent')).equal(true);
      }),
    );
  });

  it('gives up the oldest where there is no room, and what is larger than all the room at once', () => {
    const waiting = new WaitingMessages({ ...LIMITS, maxMessages: 2 });
    const told: string[] = [];
    const add = (payload: string) =>
      waiting.add({ payload, isBinary: false }, (error) =>
        told.push(`${payload.slice(0, 3)} ${error?.message ?? 'sent'}`),
      );
    for (const payload of ['one', 'two', 'six', 'x'.repeat(151), 'y'.repeat(149)]) add(payload);
    should(told).eql([
      'one send-queue-full',
      'xxx send-too-large',
      'two send-queue-full',
      'six send-queue-full',
    ]);
    should([waiting.count, waiting.bytes]).eql([1, 149]);
    waiting.giveUp('send-not-connected');
  });

  it('may be added to while it tells', () => {
    const waiting = new WaitingMessages({ ...LIMITS, maxMessages: 2 });
    const sent: unknown[] = [];
    const again = (error?: Error) => {
      if (error === undefined && sent.length < 5)
        waiting.add({ payload: `${sent.length}`, isBinary: false }, again);
    };
    waiting.add({ payload: 'first', isBinary: false }, again);
    should(waiting.sendAll(({ payload }) => sent.push(payload))).equal(true);
    should(sent).eql(['first', '1', '2', '3', '4']);
  });
});
