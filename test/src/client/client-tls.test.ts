import type { TLSSocket } from 'node:tls';
import should from 'should';
import { Authority } from '../../support/core/certificates.js';
import { ClientProbe, type ProbeOptions } from '../../support/core/client-probe.js';
import { OriginServer } from '../../support/core/origin-server.js';
import { backTo, resources } from '../../support/core/resources.js';

describe('src/client/client: TLS', () => {
  const authority = new Authority();
  const server = authority.issue('server', ['localhost', '127.0.0.1']);
  let origin: OriginServer;
  let probe: ClientProbe;
  let before: Record<string, number>;

  function start(tls: NonNullable<ProbeOptions['target']>['tls'], url = origin.url()): void {
    probe = new ClientProbe(url, { target: { tls: tls ?? {} } });
  }

  beforeEach(async () => {
    before = await resources();
  });
  afterEach(async () => {
    await probe.client.close();
    await origin.stop();
    await backTo(before);
  });

  it('refuses a server whose authority it does not know', async () => {
    origin = await OriginServer.start({ tls: server });
    start({});
    should(await probe.failure()).equal('UNABLE_TO_VERIFY_LEAF_SIGNATURE');
    should(origin.requests).eql([]);
  });

  it('trusts an authority that it is given', async () => {
    origin = await OriginServer.start({ tls: server });
    start({ ca: authority.cert });
    await probe.next('connect');
    (await origin.accepted.next()).send('over TLS');
    should((await probe.messages.next()).payload).equal('over TLS');
  });

  it('refuses a certificate for another host, and takes a name that it is told to expect', async () => {
    origin = await OriginServer.start({ tls: authority.issue('other', ['other.example']) });
    start({ ca: authority.cert });
    should(await probe.failure()).equal('ERR_TLS_CERT_ALTNAME_INVALID');
    await probe.client.close();
    start({ ca: authority.cert, servername: 'other.example' });
    await probe.next('connect');
  });

  it('takes any certificate where verification is off', async () => {
    origin = await OriginServer.start({ tls: new Authority('stranger').issue('anyone') });
    start({ rejectUnauthorized: false });
    await probe.next('connect');
  });

  it('shows its own certificate to a server that asks for one', async () => {
    origin = await OriginServer.start({
      tls: { ...server, ca: authority.cert, requestCert: true, rejectUnauthorized: true },
    });
    start({ ca: authority.cert });
    should(await probe.failure()).equal('ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED');
    should(origin.requests).eql([]);
    await probe.client.close();
    start({ ca: authority.cert, ...authority.issue('the client') });
    const request = await origin.asked.next();
    should((request.socket as TLSSocket).getPeerCertificate().subject?.CN).equal('the client');
    await probe.next('connect');
  });

  it('survives certificates that cannot be read', async () => {
    origin = await OriginServer.start({ tls: server });
    start({ ca: authority.cert, cert: 'no certificate', key: 'no key' });
    should(await probe.failure()).match(/^ERR_OSSL_/);
    should(await probe.failure()).match(/^ERR_OSSL_/);
    should(origin.requests).eql([]);
  });

  it('shows the error where the server speaks no TLS', async () => {
    origin = await OriginServer.start();
    start({}, origin.url().replace('ws:', 'wss:'));
    should(await probe.failure()).match(/^ERR_SSL_(WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG)$/);
  });

  it('shows the alert of a server that wants another version of TLS', async () => {
    origin = await OriginServer.start({ tls: { ...server, minVersion: 'TLSv1.3' } });
    start({ ca: authority.cert, maxVersion: 'TLSv1.2' });
    should(await probe.failure()).match(/^ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION$/);
  });
});
