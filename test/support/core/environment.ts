const PROXY_VARIABLES = ['https_proxy', 'http_proxy', 'no_proxy', 'all_proxy'];

/**
 * Sets environment variables, and takes away all that name proxies on the machine that runs the tests.
 * @returns puts everything back
 */
export function setEnvironment(variables: Record<string, string> = {}): () => void {
  const names = [...PROXY_VARIABLES, ...PROXY_VARIABLES.map((name) => name.toUpperCase())];
  const before = [...names, ...Object.keys(variables)].map((name) => [name, process.env[name]] as const);
  for (const name of names) delete process.env[name];
  Object.assign(process.env, variables);
  return () => {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  };
}
