import { atMostOne, object, oneOf, optional, string } from '../../core/schema/describe.ts';
import { defineStep } from '../define-step.ts';
import { aboutResponse, responseFields } from '../http-response-fields.ts';
import { aboutAddresses, requestFields } from '../http-request.ts';
import { runHttp } from '../run-http.ts';

const methods = ['DELETE', 'GET', 'HEAD', 'PATCH', 'POST', 'PUT'] as const;

export const http = defineStep({
  kind: 'http',
  summary: 'Makes an HTTP request, judges the response and makes outputs of it.',
  description: [
    aboutResponse,
    '',
    aboutAddresses,
    '',
    'A request that was cut off is made again for the methods that may be repeated (GET, HEAD, PUT, DELETE). POST and PATCH',
    'are made again only where `retry.errorThreshold` is above 1: that says it does no harm.',
  ].join('\n'),
  place: 'io',
  effect: 'external',
  repeatable: true,

  config: object(
    {
      ...requestFields,
      method: optional(oneOf('The method.', methods, { default: 'GET' })),
      body: optional(string('Body of the request. Put `quote()` around what makes JSON of expressions.')),
      bodyFromFile: optional(string('File of the workspace that is the body, at most 2 MiB.')),
      ...responseFields,
    },
    atMostOne('body', 'bodyFromFile'),
  ),

  examples: [
    {
      title: 'Ask for a fact',
      as: 'cat-facts',
      config: {
        method: 'GET',
        url: 'https://www.catfacts.net/api/',
        outputs: [
          { name: 'status', fromExpression: 'response.status' },
          { name: 'fact1', fromExpression: 'response.body.facts[0].fact' },
        ],
      },
    },
    {
      title: 'Wait until a deployment is done',
      config: {
        url: 'https://deploy.example.com/api/${{ ctx.stage }}',
        headers: [{ name: 'Authorization', value: "Bearer ${{ secret('deploy').token }}" }],
        successExpression: 'response.status == 200 && response.body.state == "done"',
        failureExpression: 'response.body.state == "failed"',
        errorExpression: 'response.body.reason',
        pollInterval: '1m',
      },
    },
    {
      title: 'Send what an earlier step wrote',
      config: {
        method: 'PUT',
        url: 'https://releases.example.com/${{ ctx.targetFreight.name }}',
        headers: [{ name: 'Content-Type', value: 'application/json' }],
        bodyFromFile: './out/release.json',
      },
    },
  ],

  traits({ method = 'GET', bodyFromFile }, { errorThreshold }) {
    const isSafe = typeof method === 'string' && ['GET', 'HEAD', 'PUT', 'DELETE'].includes(method);
    return {
      repeatable: isSafe || errorThreshold > 1,
      ...(bodyFromFile && { place: 'workspace' as const }),
    };
  },

  async run({ method = 'GET', ...config }, world) {
    return { output: { ...(await runHttp(config, method, world)) } };
  },
});
