import { issuerOfDocument } from '../../src/config/mistaken-setting.js';

/** Makes the dialog find keys by the document whose address stands where that of the keys should. */
export function useDiscovery(): void {
  const field = (name: string) => $(`#node-config-input-${name}`);
  const address = String(field('jwksUri').val()).trim();
  const issuer = issuerOfDocument(address);
  const known = String(field('issuer').val()).trim();
  if (known === '') field('issuer').val(issuer);
  field('discoveryUrl').val(known === '' || known === issuer ? '' : address);
  field('jwksUri').val('');
  field('keysFrom').val('discovery').trigger('change').trigger('focus');
}
