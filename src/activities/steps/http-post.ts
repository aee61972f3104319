import { parseJson } from '../../core/expression/format/json.ts';
import { renderJson } from '../../core/edit/render-json.ts';
import type { Json } from '../../core/json.ts';
import { atMostOne, exact, object, optional, string } from '../../core/schema/describe.ts';
import { defineStep } from '../define-step.ts';
import { aboutResponse, responseFields } from '../http-response-fields.ts';
import { aboutAddresses, requestFields, type NamedValue } from '../http-request.ts';
import { runHttp } from '../run-http.ts';

export const httpPost = defineStep({
  kind: 'http-post',
  summary: 'Sends something by HTTP, judges the response and makes outputs of it.',
  description: [
    '`http` with the method POST. The body may be written as an object or a list: it is sent as JSON. A text is sent as it',
    'is. Where the body is JSON, `Content-Type` is `application/json` unless a header says otherwise.',
    '',
    aboutResponse,
    '',
    aboutAddresses,
    '',
    'A request that was cut off is made again only where `retry.errorThreshold` is above 1: that says it does no harm.',
  ].join('\n'),
  place: 'io',
  effect: 'external',
  repeatable: false,

  config: object(
    {
      ...requestFields,
      body: optional(
        exact('What to send: text, or an object or list that becomes JSON.', [
          'string',
          'number',
          'boolean',
          'array',
          'object',
        ]),
      ),
      bodyFromFile: optional(string('File of the workspace that is the body, at most 2 MiB.')),
      ...responseFields,
    },
    atMostOne('body', 'bodyFromFile'),
  ),

  examples: [
    {
      title: 'Tell a tracker of a release',
      config: {
        url: 'https://your-release-tracker.example.com/api/releases',
        body: '{\n  "stage": "${{ ctx.stage }}",\n  "freight": "${{ ctx.freight.name }}",\n  "timestamp": "${{ timestamp() }}"\n}\n',
      },
    },
    {
      title: 'The same as an object, with a secret',
      config: {
        url: 'https://your-release-tracker.example.com/api/releases',
        headers: [{ name: 'Authorization', value: "Bearer ${{ secret('tracker').token }}" }],
        body: { stage: '${{ ctx.stage }}', freight: '${{ ctx.freight.name }}' },
      },
    },
  ],

  traits({ bodyFromFile }, { errorThreshold }) {
    return { repeatable: errorThreshold > 1, ...(bodyFromFile && { place: 'workspace' as const }) };
  },

  async run({ body, headers = [], ...config }, world) {
    const text = body === undefined || typeof body === 'string' ? body : renderJson(body);
    const typed = withType(headers, text);
    const all = { ...config, headers: typed, ...(text !== undefined && { body: text }) };
    return { output: { ...(await runHttp(all, 'POST', world)) } };
  },
});

function withType(headers: readonly NamedValue[], body: string | undefined): readonly NamedValue[] {
  const hasType = headers.some(({ name }) => name.toLowerCase() === 'content-type');
  if (hasType || body === undefined || !isStructured(parseJson(body))) return headers;
  return [...headers, { name: 'Content-Type', value: 'application/json' }];
}

function isStructured(value: Json | undefined): boolean {
  return typeof value === 'object' && value !== null;
}
