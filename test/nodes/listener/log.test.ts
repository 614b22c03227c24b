import should from 'should';
import { answerOf, clientFrame, rawSocket, upgradeRequest } from '../../support/core/raw-client.js';
import { CLAIMS, OTHER_SECRET, SECRET, seconds, token } from '../../support/core/tokens.js';
import { type LinkedNodeRed, linkedNodeRed } from '../../support/package/linked-node-red.js';

const FLOW = [
  { id: 'f', type: 'tab', label: 'Flow' },
  { id: 'l', type: 'websocket-plus-listener', path: '/ws', maxPayload: '10' },
  { id: 'm', type: 'websocket-plus-listener', path: '/bad' },
  { id: 'in', z: 'f', x: 1, y: 1, type: 'websocket-plus in', server: 'l', wires: [] },
];

/** What a peer sends, and the line that says so. */
const LINES: Record<string, readonly [() => string, RegExp]> = {
  'another secret': [
    () => token(CLAIMS, { secret: OTHER_SECRET }),
    /refused 127\.0\.0\.1 on \/ws: token_invalid \(wrong signature\)/,
  ],
  'a clock that is ahead': [
    () => token({ ...CLAIMS, nbf: seconds(30) }),
    /: token_invalid \(not valid yet, by (?:29|30) s\)/,
  ],
  'an old token': [() => token({ ...CLAIMS, exp: seconds(-600) }), /: token_expired \(expired, by 60\d s\)/],
  'no tenant': [() => token({}), /: tenant_missing \(no usable tenant\)/],
  'no token': [() => '', /: token_missing$/m],
};

describe('nodes/listener/log', () => {
  let linked: LinkedNodeRed;
  let port: number;
  before(async () => {
    linked = await linkedNodeRed({ flow: FLOW, credentials: { l: { jwtSecret: SECRET } } });
    port = Number(new URL(linked.nodeRed.url).port);
  });
  after(() => linked.stop());

  for (const [what, [make, line]] of Object.entries(LINES)) {
    it(`says why a peer is refused: ${what}`, async () => {
      const jwt = make();
      await answerOf(await rawSocket(port, upgradeRequest(`/ws?token=${jwt}`)));
      await linked.nodeRed.logged(line);
      if (jwt !== '') should(linked.nodeRed.log).not.containEql(jwt.split('.')[2]);
    });
  }

  it('says which problem refuses everybody', async () => {
    await answerOf(await rawSocket(port, upgradeRequest(`/bad?token=${token()}`)));
    await linked.nodeRed.logged(/refused 127\.0\.0\.1 on \/bad: unavailable \(secret missing\)/);
  });

  it('says why a connection was closed, and nothing of one that a peer has closed', async () => {
    const closed: Buffer[] = [
      clientFrame(8, Buffer.from([0x0f, 0xa0])), // 4000
      clientFrame(2, Buffer.alloc(11)),
    ];
    for (const frame of closed) {
      const peer = await rawSocket(
        port,
        Buffer.concat([Buffer.from(upgradeRequest(`/ws?token=${token()}`)), frame]),
      );
      await answerOf(peer);
    }
    await linked.nodeRed.logged(/closed 127\.0\.0\.1 on \/ws: 1009 \(a message was too large\)/);
    should(linked.nodeRed.log).not.match(/\b4000\b/);
  });

  it('says how many more there were, at the latest when the flow goes', async () => {
    const { nodeRed } = linked;
    for (let i = 0; i < 15; i += 1) await answerOf(await rawSocket(port, upgradeRequest('/ws?token=x')));
    await nodeRed.logged(/token_invalid \(not a well-formed JWT\)/);
    const lines = nodeRed.log.match(/: token_invalid \(not a well-formed JWT\)/g) ?? [];
    should(lines.length).be.belowOrEqual(10);
    await nodeRed.deploy(FLOW.slice(0, 1));
    await nodeRed.logged(
      /5 more like this within a minute, the latest: refused 127\.0\.0\.1 on \/ws: token_invalid/,
    );
  });
});
