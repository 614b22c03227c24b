// Loaded before the scorecard's tool: sends its requests for the Flow Library's catalogue to CATALOGUE_PORT.
const http = require('node:http');
const https = require('node:https');

const { request } = https;
https.request = (options, ...rest) => {
  if (options.hostname !== 'catalogue.nodered.org') return request.call(https, options, ...rest);
  const { method, path, headers } = options;
  return http.request(
    { host: '127.0.0.1', port: process.env.CATALOGUE_PORT, method, path, headers },
    ...rest,
  );
};
