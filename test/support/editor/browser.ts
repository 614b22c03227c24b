import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const USUAL_PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

/** No sandbox: continuous integration runs as root. Nothing but the editor under test may use the network. */
const OPTIONS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

let launched: Promise<Browser> | undefined;

/** One headless Chromium for all tests of a run. @throws Error that says what to do where there is none */
export function browser(): Promise<Browser> {
  launched ??= chromium.launch({ executablePath: chromiumPath(), args: OPTIONS });
  return launched;
}

after(async () => {
  await (await launched)?.close();
});

function chromiumPath(): string {
  const { CHROMIUM_PATH } = process.env;
  const places = CHROMIUM_PATH === undefined ? USUAL_PLACES : [CHROMIUM_PATH];
  const found = places.find((place) => existsSync(place));
  if (found !== undefined) return found;
  throw new Error(
    `The editor tests need Chromium, and there is none at ${places.join(', ')}. ` +
      'Install it (apt-get install chromium) or name the program in CHROMIUM_PATH.',
  );
}
