import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { isIP } from 'node:net';

/** A certificate and its private key, in PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

interface Issuer extends Certificate {
  readonly name: string;
  readonly privateKey: KeyObject;
}

const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  oid: 0x06,
  utf8: 0x0c,
  utcTime: 0x17,
  sequence: 0x30,
  set: 0x31,
  dnsName: 0x82,
  ipAddress: 0x87,
  version: 0xa0,
  extensions: 0xa3,
} as const;

/** Object identifiers, encoded: commonName, basicConstraints, subjectAltName, ecdsa-with-SHA256. */
const OID = {
  commonName: '550403',
  basicConstraints: '551d13',
  subjectAltName: '551d11',
  ecdsaWithSha256: '2a8648ce3d040302',
} as const;

/** A certificate authority for tests, made with nothing but node:crypto: X.509 v3 (RFC 5280) on P-256, valid for a day. */
export class Authority {
  readonly #issuer: Issuer;

  constructor(name = 'test authority') {
    this.#issuer = create(name, [], undefined);
  }

  get cert(): string {
    return this.#issuer.cert;
  }

  /** @param hosts names and addresses that the certificate is good for */
  issue(name: string, hosts: readonly string[] = []): Certificate {
    const { cert, key } = create(name, hosts, this.#issuer);
    return { cert, key };
  }

  /** One whose time was over a minute ago. */
  issueExpired(name: string, hosts: readonly string[] = []): Certificate {
    const { cert, key } = create(name, hosts, this.#issuer, -60_000);
    return { cert, key };
  }
}

function create(
  name: string,
  hosts: readonly string[],
  issuer: Issuer | undefined,
  endsInMs = 86_400_000,
): Issuer {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const algorithm = der(TAG.sequence, oid(OID.ecdsaWithSha256));
  const serial = randomBytes(8);
  serial[0] = 0x40; // positive, and without a leading zero
  const body = der(
    TAG.sequence,
    der(TAG.version, der(TAG.integer, Buffer.from([2]))),
    der(TAG.integer, serial),
    algorithm,
    distinguishedName(issuer?.name ?? name),
    der(TAG.sequence, time(-3_600_000), time(endsInMs)),
    distinguishedName(name),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(
      TAG.extensions,
      der(TAG.sequence, basicConstraints(issuer === undefined), ...alternativeNames(hosts)),
    ),
  );
  const signature = sign('sha256', body, issuer?.privateKey ?? privateKey);
  const certificate = der(TAG.sequence, body, algorithm, bitString(signature));
  return {
    name,
    privateKey,
    cert: pem('CERTIFICATE', certificate),
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

function basicConstraints(isAuthority: boolean): Buffer {
  const yes = der(TAG.boolean, Buffer.from([0xff]));
  const value = der(TAG.sequence, ...(isAuthority ? [yes] : []));
  return der(TAG.sequence, oid(OID.basicConstraints), yes, der(TAG.octetString, value));
}

function alternativeNames(hosts: readonly string[]): Buffer[] {
  if (hosts.length === 0) return [];
  const names = hosts.map((host) =>
    isIP(host) === 4
      ? der(TAG.ipAddress, Buffer.from(host.split('.').map(Number)))
      : der(TAG.dnsName, Buffer.from(host)),
  );
  return [der(TAG.sequence, oid(OID.subjectAltName), der(TAG.octetString, der(TAG.sequence, ...names)))];
}

function distinguishedName(commonName: string): Buffer {
  const attribute = der(TAG.sequence, oid(OID.commonName), der(TAG.utf8, Buffer.from(commonName)));
  return der(TAG.sequence, der(TAG.set, attribute));
}

function time(offsetMs: number): Buffer {
  const digits = new Date(Date.now() + offsetMs).toISOString().replace(/\D/g, '');
  return der(TAG.utcTime, Buffer.from(`${digits.slice(2, 14)}Z`));
}

function oid(hex: string): Buffer {
  return der(TAG.oid, Buffer.from(hex, 'hex'));
}

function bitString(bytes: Buffer): Buffer {
  return der(TAG.bitString, Buffer.from([0]), bytes);
}

/** Tag, length, value (X.690 §8.1). */
function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const value = Buffer.concat(parts);
  const { length } = value;
  const size =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), value]);
}

function pem(label: string, bytes: Buffer): string {
  const lines = bytes.toString('base64').replace(/.{64}(?=.)/g, '$&\n');
  return `-----BEGIN ${label}-----\n${lines}\n-----END ${label}-----\n`;
}
