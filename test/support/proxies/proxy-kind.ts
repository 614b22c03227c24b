import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where a proxy runs. */
export interface Place {
  readonly folder: string;
  /** Its configuration file. */
  readonly file: string;
  readonly port: number;
}

export interface Command {
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** A reverse proxy that the guide has a configuration for, and how to run it in the foreground. */
export interface ProxyKind {
  readonly name: string;
  readonly binary: string;
  /** The language of its code blocks in the guide. */
  readonly language: string;
  /** What it answers where nothing listens behind it. */
  readonly unreachable: number;
  /** What its log has on a connection that became a WebSocket. */
  readonly upgraded: RegExp;
  /** Whether it cuts idle connections. */
  readonly cutsIdle: boolean;
  /** Whether it takes WebSockets over HTTP/2 (RFC 8441). */
  readonly extendedConnect: boolean;
  command(place: Place): Command;
}

const APACHE_MODULES = [
  'mpm_event',
  'authz_core',
  'alias',
  'headers',
  'http2',
  'proxy',
  'proxy_http',
  'socache_shmcb',
  'ssl',
];

export const PROXY_KINDS: readonly ProxyKind[] = [
  {
    name: 'nginx',
    binary: 'nginx',
    language: 'nginx',
    unreachable: 502,
    upgraded: /\b101\b/,
    cutsIdle: true,
    extendedConnect: false,
    command: ({ folder, file }) => {
      const own = `daemon off; pid ${folder}/nginx.pid; error_log stderr notice;`;
      return { args: ['-p', folder, '-c', file, '-e', 'stderr', '-g', own] };
    },
  },
  {
    name: 'haproxy',
    binary: 'haproxy',
    language: 'haproxy',
    unreachable: 503,
    upgraded: /\b101\b/,
    cutsIdle: true,
    extendedConnect: true,
    command: ({ file }) => ({ args: ['-db', '-f', file] }),
  },
  {
    name: 'caddy',
    binary: 'caddy',
    language: 'caddyfile',
    unreachable: 502,
    upgraded: /Sec-Websocket-Accept/, // the status of these is 0 before 2.7
    cutsIdle: false,
    extendedConnect: false,
    command: ({ folder, file }) => {
      const globals = readFileSync(file, 'utf8').replace('{', '{\n\tadmin off'); // its port is the same for all
      writeFileSync(file, globals);
      return {
        args: ['run', '--adapter', 'caddyfile', '--config', file],
        env: { XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder },
      };
    },
  },
  {
    name: 'apache',
    binary: 'apache2',
    language: 'apache',
    unreachable: 503,
    upgraded: /\b101\b/,
    cutsIdle: true,
    extendedConnect: true,
    command: ({ folder, file, port }) => {
      const main = join(folder, 'apache2.conf');
      writeFileSync(main, apacheMain(folder, file, port));
      return { args: ['-D', 'FOREGROUND', '-f', main], env: { APACHE_LOG_DIR: folder } };
    },
  },
];

/** What Debian's apache2.conf does before it comes to the sites. */
function apacheMain(folder: string, site: string, port: number): string {
  const modules = APACHE_MODULES.map(
    (name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`,
  );
  return [
    `ServerRoot ${folder}`,
    `DefaultRuntimeDir ${folder}`,
    `PidFile ${folder}/apache2.pid`,
    `ErrorLog ${folder}/main.log`,
    'ServerName example.com',
    'User www-data',
    'Group www-data',
    `Listen ${port}`,
    ...modules,
    `Include ${site}`,
    '',
  ].join('\n');
}
