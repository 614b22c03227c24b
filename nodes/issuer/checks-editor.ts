import { readClaimRules } from '../../src/config/claim-rules.js';
import { ConfigurationError } from '../../src/config/codes.js';
import type { PropertyCheck } from '../dialog/validator-editor.js';
import { fieldOf } from '../dialog/values-editor.js';

/** What a flow file may hold; in the dialog the list speaks for itself. */
export const checkClaims: PropertyCheck = (_read, { claims }) => {
  if (claims === undefined || claims === '') return undefined;
  if (!Array.isArray(claims)) return 'claims';
  try {
    readClaimRules(claims);
    return undefined;
  } catch (error) {
    if (error instanceof ConfigurationError) return error.code;
    throw error;
  }
};

/** Outside of its dialog nobody knows whether there is a previous secret. */
export const checkPrevious: PropertyCheck = (read, node) => {
  const previous = fieldOf(node, 'previousSecret');
  if (previous === undefined || read('keysFrom') !== 'secret') return undefined;
  return (String(previous.val()) === '') === (read('previousUntil').trim() === '')
    ? undefined
    : 'previous-secret';
};
