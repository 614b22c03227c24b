import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import should from 'should';
import { JwksServer } from '../support/core/jwks-server.js';
import { CLAIMS, type Signer, seconds, signer } from '../support/core/tokens.js';
import { attackKeySet } from '../support/hostile/jwks-target.js';
import type { Target } from '../support/hostile/target.js';

const MIB = 1024 * 1024;
const VALID = { ...CLAIMS, exp: seconds(600) };
const STRANGERS = 100;

/** Answers that are not a key set, and how the failure is reported. */
const FAULTS: [string, RequestListener, string][] = [
  ['cuts the connection', JwksServer.cut, 'jwks-unreachable'],
  ['says nothing', JwksServer.hang, 'jwks-timeout'],
  ['says a byte now and then', drip, 'jwks-timeout'],
  ['stops in the middle', stopInTheMiddle, 'jwks-timeout'],
  ['hangs up in the middle', hangUpInTheMiddle, 'jwks-unreachable'],
  ['does not speak HTTP', noHttp, 'jwks-unreachable'],
  ['sends 20 KiB of header fields', JwksServer.status(200, { evil: 'x'.repeat(20_000) }), 'jwks-unreachable'],
  ['answers 204', JwksServer.status(204), 'jwks-malformed'],
  ['answers 301 to nowhere', JwksServer.status(301), 'jwks-redirect'],
  ['answers 304', JwksServer.status(304), 'jwks-status'],
  ['answers 401', JwksServer.status(401), 'jwks-status'],
  ['answers 429', JwksServer.status(429, { 'retry-after': '0' }), 'jwks-status'],
  ['answers 503', JwksServer.status(503), 'jwks-status'],
  ['answers nothing', JwksServer.body(''), 'jwks-malformed'],
  ['answers a web page', JwksServer.body('<html>'), 'jwks-malformed'],
  ['answers null', JwksServer.body('null'), 'jwks-malformed'],
  ['answers a list', JwksServer.body('[]'), 'jwks-malformed'],
  ['answers without keys', JwksServer.body('{}'), 'jwks-malformed'],
  ['answers with inherited keys', JwksServer.body('{"__proto__":{"keys":[]}}'), 'jwks-malformed'],
  ['answers an object of keys', JwksServer.body('{"keys":{"0":{}}}'), 'jwks-malformed'],
  ['answers compressed', (_request, response) => response.end(gzipSync('{"keys":[]}')), 'jwks-malformed'],
  ['answers no keys', JwksServer.body('{"keys":[]}'), 'jwks-unusable'],
  ['answers nothing that is a key', JwksServer.body('{"keys":[null,7,"evil",[],{}]}'), 'jwks-unusable'],
  ['answers 206 without keys', JwksServer.status(206), 'jwks-unusable'],
  ['answers 1 MiB of brackets', JwksServer.body('['.repeat(MIB - 1)), 'jwks-malformed'],
  [
    'answers keys nested too deep to copy',
    JwksServer.body(`{"keys":[{"evil":${nested(200_000)}}]}`),
    'jwks-malformed',
  ],
  ['answers more than 1 MiB', JwksServer.body(`{"keys":[],"evil":"${'x'.repeat(MIB)}"}`), 'jwks-too-large'],
  ['answers without an end', endless, 'jwks-too-large'],
  ['answers ten thousand keys', JwksServer.body(`{"keys":[${Array(10_000).fill('{}')}]}`), 'jwks-too-large'],
];

/** Short where it is waited for; long enough for a slow machine where it is not. */
function timingOf(failure: string) {
  return { timeoutMs: failure === 'jwks-timeout' ? 150 : 4000 };
}

function nested(depth: number): string {
  return '['.repeat(depth) + ']'.repeat(depth);
}

describe('hostile: JWKS', () => {
  let known: Signer;
  let stranger: Signer;
  let endpoint: JwksServer;
  let jwt: string;

  before(async () => {
    known = await signer('RS256', 'known');
    stranger = await signer('ES256', 'stranger');
    jwt = await known.sign(VALID);
  });
  beforeEach(async () => {
    endpoint = await JwksServer.start([known.jwk]);
  });
  afterEach(() => endpoint.stop());

  /** As many peers at once, each with a token of its own, whose key ids nobody knows. */
  async function flood(target: Target): Promise<string[]> {
    const tokens = Array.from({ length: STRANGERS }, (_, i) => stranger.sign(VALID, { kid: `evil-${i}` }));
    const answers = await Promise.all(tokens.map(async (token) => target.answerToToken(await token)));
    return [...new Set(answers)];
  }

  for (const [what, answer, failure] of FAULTS) {
    it(`answers 401 keys_unavailable while the endpoint ${what} from the start, and asks it once`, () => {
      endpoint.answer = answer;
      return attackKeySet(
        { endpoint, bystander: null, timing: timingOf(failure) },
        async (target, reports) => {
          should(await target.answerToToken(jwt)).equal('401 keys_unavailable');
          should(await flood(target)).eql(['401 keys_unavailable']);
          should(endpoint.fetches).equal(1);
          should(reports()).eql({ failures: [failure], recoveries: 0 });
        },
      );
    });

    it(`goes on with the last keys when the endpoint ${what}, and asks it once however many strangers come`, () =>
      attackKeySet({ endpoint, bystander: jwt, timing: timingOf(failure) }, async (target, reports) => {
        endpoint.answer = answer;
        const strangers = flood(target);
        should(await target.answerToToken(jwt)).equal('101');
        should(await strangers).eql(['401 token_invalid']);
        should(await target.answerToToken(jwt)).equal('101');
        should(endpoint.fetches).equal(2);
        should(reports()).eql({ failures: [failure], recoveries: 0 });
      }));
  }

  it('follows no redirect, to a set that would let the peer in', async () => {
    const trap = await JwksServer.start([stranger.jwk]);
    try {
      await attackKeySet({ endpoint, bystander: jwt }, async (target) => {
        for (const status of [301, 302, 303, 307, 308]) {
          endpoint.answer = JwksServer.status(status, { location: trap.uri });
          should(await target.answerToToken(await stranger.sign(VALID))).equal('401 token_invalid');
        }
        should(trap.fetches).equal(0);
      });
    } finally {
      await trap.stop();
    }
  });

  it('takes a rotated key at its first use, and refuses the one that was taken out', () =>
    attackKeySet({ endpoint, bystander: jwt }, async (target) => {
      endpoint.answer = JwksServer.keys([stranger.jwk]);
      const rotated = await stranger.sign(VALID);
      const answers = await Promise.all(Array.from({ length: 20 }, () => target.answerToToken(rotated)));
      should(answers).eql(Array(20).fill('101'));
      should(await target.answerToToken(jwt)).equal('401 token_invalid');
      should(endpoint.fetches).equal(2);
    }));

  it('lets no stranger hasten the fetch that a rotation would need, within the cool-down', () =>
    attackKeySet({ endpoint, bystander: jwt }, async (target) => {
      should(await flood(target)).eql(['401 token_invalid']);
      endpoint.answer = JwksServer.keys([known.jwk, stranger.jwk]);
      should(await flood(target)).eql(['401 token_invalid']);
      should(endpoint.fetches).equal(2);
    }));

  it('takes a key that replaced another under the same id at its first use, and refuses the one before', async () => {
    const restarted = await signer('RS256', 'known');
    const renewed = await restarted.sign(VALID);
    await attackKeySet({ endpoint, bystander: jwt }, async (target) => {
      endpoint.answer = JwksServer.keys([restarted.jwk]);
      const answers = await Promise.all(Array.from({ length: 20 }, () => target.answerToToken(renewed)));
      should(answers).eql(Array(20).fill('101'));
      should(await target.answerToToken(jwt)).equal('401 token_invalid');
      should(endpoint.fetches).equal(2);
    });
  });

  it('asks the endpoint once for a flood of forged signatures, whatever key they name', async () => {
    const forger = await signer('RS256', 'known');
    const forged = await Promise.all(
      Array.from({ length: STRANGERS }, (_, i) =>
        forger.sign(VALID, i % 3 === 0 ? { kid: `evil-${i}` } : i % 3 === 1 ? { kid: undefined } : {}),
      ),
    );
    await attackKeySet({ endpoint, bystander: jwt }, async (target) => {
      const answers = await Promise.all(forged.map((token) => target.answerToToken(token)));
      should(answers).eql(Array(STRANGERS).fill('401 token_invalid'));
      should(await target.answerToToken(jwt)).equal('101');
      for (const token of forged.slice(0, 6)) {
        should(await target.answerToToken(token)).equal('401 token_invalid');
      }
      should(endpoint.fetches).equal(2);
    });
  });

  it('recovers by itself when the endpoint comes back', () => {
    endpoint.answer = JwksServer.status(500);
    const timing = { minBackoffMs: 20, maxBackoffMs: 20 };
    return attackKeySet({ endpoint, bystander: null, timing }, async (target, reports) => {
      should(await target.answerToToken(jwt)).equal('401 keys_unavailable');
      endpoint.answer = JwksServer.keys([known.jwk]);
      await endpoint.asked();
      should(await target.answerToToken(jwt)).equal('101');
      should(reports()).eql({ failures: ['jwks-status'], recoveries: 1 });
    });
  });

  it('answers all who wait for a slow endpoint, once it has answered', () => {
    let release = () => {};
    endpoint.answer = (_request, response) => {
      release = () => response.end(JSON.stringify({ keys: [known.jwk] }));
    };
    return attackKeySet({ endpoint, bystander: null }, async (target) => {
      const come = target.upgrades(50);
      const answers = Array.from({ length: 50 }, () => target.answerToToken(jwt));
      await come;
      release();
      should(await Promise.all(answers)).eql(Array(50).fill('101'));
      should(endpoint.fetches).equal(1);
    });
  });

  it('serves with the good key of a set whose other members are nonsense', () => {
    const junk = [
      null,
      1,
      'evil',
      [],
      {},
      { kty: 'evil' },
      { kid: 'known' },
      { kty: 'RSA', kid: 'known', n: 1 },
    ];
    endpoint.answer = JwksServer.keys([...junk, known.jwk]);
    return attackKeySet({ endpoint, bystander: jwt }, async (target) => {
      should(await target.answerToToken(jwt)).equal('101');
      should(await target.answerToToken(await stranger.sign(VALID))).equal('401 token_invalid');
    });
  });
});

function drip(_request: IncomingMessage, response: ServerResponse): void {
  response.write('{"keys":[');
  const timer = setInterval(() => response.write(' '), 20).unref(); // not one of the listener's
  response.on('close', () => clearInterval(timer));
}

function stopInTheMiddle(_request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(200, { 'content-length': 1000 }).write('{"keys":[');
}

function hangUpInTheMiddle(_request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(200, { 'content-length': 1000 }).write('{"keys":[', () => response.destroy());
}

function noHttp(request: IncomingMessage): void {
  request.socket.end('+OK evil\r\n\r\n');
}

function endless(_request: IncomingMessage, response: ServerResponse): void {
  const more = () => {
    while (!response.destroyed && response.write(' '.repeat(65_536))) {}
  };
  response.on('drain', more);
  more();
}
