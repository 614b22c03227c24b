import type { IncomingHttpHeaders, RequestListener } from 'node:http';
import { brotliCompressSync, constants, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import should from 'should';
import { fetchJwks, JwksError } from '../../../src/keys/jwks-fetch.js';
import { JwksServer } from '../../support/core/jwks-server.js';
import { SlowAddress } from '../../support/core/slow-address.js';

const MIB = 1024 * 1024;
const SET = { keys: [{ kty: 'RSA', kid: 'one' }] };
const FAST = { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } };
const ZEROS = Buffer.alloc(64 * MIB);
const JSON_TEXT = JSON.stringify(SET);

describe('src/keys/jwks-fetch', () => {
  let endpoint: JwksServer;
  before(async () => {
    endpoint = await JwksServer.start();
  });
  after(() => endpoint.stop());

  async function fetched(answer: RequestListener): Promise<unknown> {
    endpoint.answer = answer;
    try {
      return await fetchJwks(endpoint.uri, 4000, new AbortController().signal);
    } catch (error) {
      if (error instanceof JwksError) return error.code;
      throw error;
    }
  }

  /** How the request looks. */
  async function asked(): Promise<IncomingHttpHeaders> {
    let headers: IncomingHttpHeaders = {};
    await fetched((request, response) => {
      headers = request.headers;
      response.end(JSON_TEXT);
    });
    return headers;
  }

  it('says who asks, with name and version of the package', async () => {
    const { 'user-agent': agent } = await asked();
    const { version } = require('../../../../package.json') as { version: string };
    should(agent).equal(`node-red-contrib-websocket-plus/${version}`);
  });

  it('asks for compression, and takes any type of content', async () => {
    const { accept, 'accept-encoding': encoding } = await asked();
    should(encoding).equal('gzip, deflate, br');
    should(accept).match(/^application\/jwk-set\+json, .*\*\/\*/);
  });

  for (const type of ['text/html', 'application/octet-stream', 'nonsense', undefined]) {
    it(`does not look at the Content-Type: ${type}`, async () => {
      const headers = type === undefined ? {} : { 'content-type': type };
      should(await fetched(answering(JSON_TEXT, headers))).eql(SET);
    });
  }

  for (const status of [200, 201, 202, 203, 206, 299]) {
    it(`takes the status ${status}`, async () => {
      should(await fetched(answering(JSON_TEXT, {}, status))).eql(SET);
    });
  }

  it('finds no key set in 204 or 205, which have no content', async () => {
    should(await fetched(answering('', {}, 204))).equal('jwks-malformed');
    should(await fetched(answering('', {}, 205))).equal('jwks-malformed');
  });

  it('does not mind a byte order mark, also in what was compressed', async () => {
    should(await fetched(answering(`\ufeff${JSON_TEXT}`))).eql(SET);
    should(await fetched(answering(gzipSync(`\ufeff${JSON_TEXT}`), { 'content-encoding': 'gzip' }))).eql(SET);
  });

  const gzipped = gzipSync(JSON_TEXT);
  for (const [encoding, body] of [
    ['gzip', gzipped],
    ['GZip', gzipped],
    ['x-gzip', gzipped],
    ['deflate', deflateSync(JSON_TEXT)],
    ['deflate', deflateRawSync(JSON_TEXT)],
    ['br', brotliCompressSync(JSON_TEXT)],
    ['gzip, br', brotliCompressSync(gzipped)],
    ['identity', Buffer.from(JSON_TEXT)],
    ['gzip, identity', gzipped],
    ['utf-8', Buffer.from(JSON_TEXT)],
    ['', Buffer.from(JSON_TEXT)],
  ] as const) {
    it(`reads the Content-Encoding "${encoding}", beginning with ${body.toString('hex', 0, 2)}`, async () => {
      should(await fetched(answering(body, { 'content-encoding': encoding }))).eql(SET);
    });
  }

  for (const [what, encoding, body] of [
    ['cut off', 'gzip', gzipped.subarray(0, -12)],
    ['cut off', 'br', brotliCompressSync(JSON_TEXT).subarray(0, -3)],
    ['cut off', 'deflate', deflateSync(JSON_TEXT).subarray(0, -6)],
    ['damaged', 'gzip', gzipped.map((byte, at) => (at === 20 ? byte ^ 255 : byte))],
    ['missing', 'gzip', Buffer.from(JSON_TEXT)],
    ['missing', 'br', Buffer.from(JSON_TEXT)],
    ['missing', 'deflate', Buffer.from(JSON_TEXT)],
    ['empty', 'gzip', Buffer.alloc(0)],
    ['empty', 'br', Buffer.alloc(0)],
    ['put on four times', 'gzip, gzip, gzip, gzip', [1, 2, 3].reduce((body) => gzipSync(body), gzipped)],
    ['not named', '', gzipped],
  ] as const) {
    it(`calls a set malformed whose compression is ${what}: ${encoding}`, async () => {
      const code = await fetched(answering(Buffer.from(body), { 'content-encoding': encoding }));
      should(code).equal('jwks-malformed');
    });
  }

  it('counts the 1 MiB after decoding', async () => {
    const padded = (bytes: number) => JSON_TEXT + ' '.repeat(bytes - JSON_TEXT.length);
    for (const [encoding, compress] of [
      ['gzip', gzipSync],
      ['deflate', deflateSync],
      ['deflate', deflateRawSync],
      ['br', (text: string) => brotliCompressSync(text, FAST)],
    ] as const) {
      const headers = { 'content-encoding': encoding };
      should(await fetched(answering(compress(padded(MIB)), headers))).eql(SET);
      should(await fetched(answering(compress(padded(MIB + 1)), headers))).equal('jwks-too-large');
    }
  });

  for (const [encoding, bomb] of [
    ['gzip', () => gzipSync(ZEROS, { level: 1 })],
    ['br', () => brotliCompressSync(ZEROS, FAST)],
    ['gzip, gzip', () => gzipSync(gzipSync(ZEROS, { level: 1 }))],
  ] as const) {
    it(`stops while it decodes a bomb: ${encoding}`, async () => {
      const body = bomb();
      should(body.length).be.below(MIB);
      const before = process.memoryUsage();
      should(await fetched(answering(body, { 'content-encoding': encoding }))).equal('jwks-too-large');
      const after = process.memoryUsage();
      should(after.arrayBuffers - before.arrayBuffers).be.below(16 * MIB);
    });
  }

  it('waits for an address that takes a second, though the next one is not reached', async () => {
    const slow = await SlowAddress.start(JSON_TEXT);
    try {
      should(await fetchJwks(slow.uri, 4000, new AbortController().signal)).eql(SET);
    } finally {
      await slow.stop();
    }
  });
});

function answering(
  body: string | Buffer,
  headers: Record<string, string> = {},
  status = 200,
): RequestListener {
  return (_request, response) => response.writeHead(status, headers).end(body);
}
