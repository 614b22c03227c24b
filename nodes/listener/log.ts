import type { Node, NodeAPI } from 'node-red';
import type { Endpoint } from '../../src/endpoint/endpoint.js';
import { isTrouble, troubleKey } from '../../src/sessions/endings.js';
import { createNodeLog } from '../node-log.js';
import { refusalText, type Translate } from '../refusal-text.js';

/**
 * Writes what the owner of a listener should know into the log: nothing a peer sent, and no more lines than a reader can
 * take.
 * @returns stops
 */
export function logListener(RED: NodeAPI, node: Node, listener: Endpoint, path: string): () => void {
  const translate: Translate = (key, values) => RED._(key, values ?? {});
  const warnings = createNodeLog(RED, (line) => node.warn(line));
  const errors = createNodeLog(RED, (line) => node.error(line));
  const stop = listener.observe((event) => {
    switch (event.kind) {
      case 'refused': {
        const { status, because, problem, address, told = event.code } = event;
        // the user's own check chooses a status, and all its refusals have one code
        const code = event.code === 'refused' ? String(status) : told;
        return warnings.add(
          `${event.code === 'refused' ? status : event.code} ${because?.cause ?? problem ?? ''}`,
          () =>
            RED._('warn.refused', {
              address,
              path,
              code: refusalText(translate, { code, because, problem }),
            }),
        );
      }
      case 'disconnect': {
        const { by, code, reason, address = '' } = event;
        if (by === undefined || code === undefined || !isTrouble({ by, code })) return;
        const key = troubleKey({ by, code, reason });
        return warnings.add(`${by} ${key}`, () => {
          const why = RED._(`closing.${key}`);
          const ended = { address, path, code: RED._('cause.detail', { code, why }) };
          return by === 'peer' ? RED._('warn.closed-by-peer', ended) : RED._('warn.closed', ended);
        });
      }
      case 'receive-failed':
        return errors.add('receive-failed', () => RED._('errors.receive-failed'));
      case 'revocations-failed':
        return errors.add('revocations-failed', () => RED._('errors.revocations-failed'));
      case 'keys-failed':
        if (event.issuer !== undefined) return; // which tells it once, for all its listeners
        return node.warn(RED._(`warn.${event.code}`, { detail: event.detail ?? '' }));
      case 'keys-recovered':
        if (event.issuer !== undefined) return;
        return node.log(RED._('info.jwks-recovered'));
      case 'state':
        if (event.state.kind === 'misconfigured') node.error(RED._('errors.path-taken', { path }));
    }
  });
  return () => {
    stop();
    warnings.close();
    errors.close();
  };
}
