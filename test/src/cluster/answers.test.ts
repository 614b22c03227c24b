import should from 'should';
import { Answers } from '../../../src/cluster/answers.js';
import type { Envelope, Outgoing } from '../../../src/cluster/envelope.js';
import { clusterKeys } from '../../../src/cluster/keys.js';
import { TopicNames } from '../../../src/cluster/names.js';
import type { Published } from '../../../src/cluster/transport.js';
import { CLUSTER_SECRET } from '../../support/cluster/instance.js';

const QUESTION: Envelope = {
  kind: 'ask',
  isBinary: false,
  digest: '',
  head: { id: 'i' },
  payload: Buffer.from('{"action":"x"}'),
};

function world(answer: (question: unknown) => readonly unknown[] | Promise<readonly unknown[]> | undefined) {
  const clock = { ms: 0 };
  const said: Outgoing[] = [];
  const ways: Published[] = [];
  let asked = 0;
  const answers = new Answers(
    {
      answer: (question) => {
        asked += 1;
        return answer(question);
      },
    },
    {
      instance: 'me',
      names: new TopicNames('wsp', clusterKeys(CLUSTER_SECRET)),
      publish: (_, envelope) => {
        said.push(envelope);
        return ways.shift() ?? 'sent';
      },
    },
    () => clock.ms,
  );
  return { clock, said, ways, answers, asked: () => asked };
}

describe('src/cluster/answers', () => {
  it('are 512 parts in a second, and what is asked beyond that is not done', async () => {
    const { clock, said, answers, asked } = world(() => Array.from({ length: 600 }, (_, row) => row));
    for (let i = 0; i < 500; i += 1) await answers.received('you', QUESTION);
    should(asked()).equal(171); // each question counts for one, and each of its two parts
    should(said.length).equal(342);
    clock.ms = 1000;
    for (let i = 0; i < 500; i += 1) await answers.received('you', QUESTION);
    should(asked()).equal(342);
  });

  it('are none where the question is not understood, cannot be answered or has no id', async () => {
    const { said, answers } = world((question) => {
      if (question === undefined) throw new Error('no JSON');
      return (question as { action: string }).action === 'x'
        ? undefined
        : Promise.reject(new Error('no disk'));
    });
    await answers.received('you', QUESTION);
    await answers.received('you', { ...QUESTION, payload: Buffer.from('{"action":"y"}') });
    await answers.received('you', { ...QUESTION, payload: Buffer.from('{') });
    await answers.received('you', { ...QUESTION, head: { id: 7 } });
    should(said).eql([]);
  });

  it('stop where a part does not leave: who asks would not take the rest', async () => {
    const { said, ways, answers } = world(() => Array.from({ length: 2000 }, (_, row) => row));
    ways.push('sent', 'busy');
    await answers.received('you', QUESTION);
    should(said.map(({ head }) => head)).match([{ piece: 0, isLast: false }, { piece: 1 }]);
    should(said.length).equal(2);
  });
});
