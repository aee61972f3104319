import { list, object, oneOf, optional, string } from '../core/schema/describe.ts';

/** Fields of the steps that judge a response. */
export const responseFields = {
  proxy: optional(
    string('Address of an HTTP proxy, instead of the one in the environment of the worker.', {
      pattern: '^(https?://.*)?$',
      'x-message': 'must begin with http:// or https://',
    }),
  ),
  timeout: optional(string('Limit of each request, as in `10s`.', { default: '10s', duration: true })),
  pollInterval: optional(
    string('Time to the next request while the criteria are undecided.', { default: '30s', duration: true }),
  ),
  responseContentType: optional(
    oneOf('How to read the body, whatever the response says.', [
      'application/json',
      'application/yaml',
      'text/plain',
    ]),
  ),
  successExpression: optional(string('Expression that is true for a success, without `${{ }}`.')),
  failureExpression: optional(
    string('Expression that is true for a failure that nothing can repair, without `${{ }}`.'),
  ),
  errorExpression: optional(string('Expression whose text explains a failure, without `${{ }}`.')),
  outputs: optional(
    list(
      'What to make of a successful response.',
      object({
        name: string('Name of the output. Of a name that stands here twice the last one counts.', {
          minLength: 1,
        }),
        fromExpression: string('Expression over the response, without `${{ }}`.', { minLength: 1 }),
      }),
    ),
  ),
};

/** What their pages say. */
export const aboutResponse = [
  'Expressions see `response` with `status`, `header("Name")`, `headers["Name"]` (a list) and `body`. The body is parsed by',
  'its type: JSON, YAML, or text for `text/plain`; of any other type it is read where it happens to be JSON. It is `{}`',
  'when there is none. A response has at most 2 MiB. The functions of Kargo are not available: put `${{ }}` around those.',
  '',
  '| `successExpression` | `failureExpression` | The step |',
  '| --- | --- | --- |',
  '| not given | not given | succeeds with a status of 2xx; any other counts as an error and ends it as Failed |',
  '| true | not true | succeeds |',
  '| any | true | is Failed at once, whatever `retry` says |',
  '| false | not given | counts an error; ends as Failed |',
  '| not given | false | succeeds |',
  '| false | false | asks again after `pollInterval`, until `retry.timeout` |',
].join('\n');
