import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import should from 'should';
import { promtool } from '../support/core/promtool.js';
import { fences } from '../support/docs/fences.js';

const [SCRAPE = '', RULES = ''] = fences('docs/operations.md', 'yaml');

/** What promtool's unit tests of rules want to know: series of one value a minute, and the alerts that fire at a time. */
const SCENARIOS = `
rule_files: [rules.yml]
evaluation_interval: 1m
tests:
  - interval: 1m
    input_series:
      - { series: 'websocket_plus_handshakes_total{listener="/bad",result="accepted"}', values: '0+4x60' }
      - { series: 'websocket_plus_handshakes_total{listener="/bad",result="token_expired"}', values: '0+6x60' }
      - { series: 'websocket_plus_handshakes_total{listener="/good",result="accepted"}', values: '0+9x60' }
      - { series: 'websocket_plus_handshakes_total{listener="/good",result="token_expired"}', values: '0+1x60' }
      - { series: 'websocket_plus_handshakes_total{listener="/nobody",result="accepted"}', values: '0x60' }
      - { series: 'websocket_plus_handshakes_total{listener="/none",result="keys_unavailable"}', values: '0+1x60' }
      - { series: 'websocket_plus_keys_age_seconds{listener="/old"}', values: '0+600x60' }
      - { series: 'websocket_plus_keys_age_seconds{listener="/good"}', values: '60x60' }
      - { series: 'websocket_plus_client_up{client="down"}', values: '0x60' }
      - { series: 'websocket_plus_client_up{client="up"}', values: '1x60' }
      - { series: 'websocket_plus_client_up{client="restarting"}', values: '1x12 0 0 1x46' }
    alert_rule_test:
      - eval_time: 40m
        alertname: WebSocketRefusals
        exp_alerts:
          - exp_labels: { severity: warning, listener: /bad }
            exp_annotations:
              summary: More than half of all who connect to /bad are refused
              description: The tab "WebSocket connections" in the editor says why, and what to do.
          - exp_labels: { severity: warning, listener: /none }
            exp_annotations:
              summary: More than half of all who connect to /none are refused
              description: The tab "WebSocket connections" in the editor says why, and what to do.
      - eval_time: 40m
        alertname: WebSocketKeysUnavailable
        exp_alerts:
          - exp_labels: { severity: critical, listener: /old }
            exp_annotations:
              summary: Keys for /old cannot be fetched
              description: Tokens with newer keys are refused, or all are. The log of Node-RED says what failed.
          - exp_labels: { severity: critical, listener: /none, result: keys_unavailable }
            exp_annotations:
              summary: Keys for /none cannot be fetched
              description: Tokens with newer keys are refused, or all are. The log of Node-RED says what failed.
      - eval_time: 16m
        alertname: WebSocketClientDown
        exp_alerts:
          - exp_labels: { severity: warning, client: down }
            exp_annotations: { summary: Not connected to down }
`;

describe('docs/operations.md', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'operations-'));
    await writeFile(join(folder, 'token'), 'secret');
    await writeFile(join(folder, 'rules.yml'), RULES);
    await writeFile(
      join(folder, 'prometheus.yml'),
      SCRAPE.replace('/etc/prometheus/node-red-token', join(folder, 'token')),
    );
    await writeFile(join(folder, 'scenarios.yml'), SCENARIOS);
  });
  after(() => rm(folder, { recursive: true }));

  const checks: Readonly<Record<string, readonly string[]>> = {
    'has a configuration that Prometheus takes': ['check', 'config', 'prometheus.yml'],
    'has rules that Prometheus takes': ['check', 'rules', 'rules.yml'],
    'has alerts that fire when they should, and not when they should not': ['test', 'rules', 'scenarios.yml'],
  };
  for (const [rule, [group = '', what = '', file = '']] of Object.entries(checks)) {
    it(rule, async function () {
      const verdict = await promtool([group, what, join(folder, file)]);
      if (verdict === undefined) {
        console.log('    skipped: promtool is not installed');
        return this.skip();
      }
      should(verdict.output).match(/SUCCESS/);
      should(verdict.code).equal(0);
    });
  }
});
