import { parseDuration } from '../core/duration.ts';
import { TerminalError } from '../core/errors.ts';
import { parseJson } from '../core/expression/format/json.ts';
import { Dict, fromJson, type Value } from '../core/expression/values.ts';
import { evaluateOutputs, type Extraction } from '../core/extract/extract-outputs.ts';
import { namesOfResponse, type HttpResponse } from '../core/extract/http-response.ts';
import { checkCriteria, judgeResponse, type Criteria } from '../core/extract/judge-response.ts';
import { readJson } from '../core/extract/json-value.ts';
import type { JsonObject } from '../core/json.ts';
import type { HttpAnswer } from '../providers/http/http.ts';
import { readBody } from '../providers/http/read-body.ts';
import type { StepWorld } from './define-step.ts';
import { createRequest, readAddress, type RequestConfig } from './http-request.ts';
import { findBytes } from './read-text.ts';
import { workAside } from './work-aside.ts';

/** What the steps `http` and `http-post` are told. */
export interface HttpConfig extends RequestConfig, Criteria {
  readonly body?: string;
  readonly bodyFromFile?: string;
  readonly proxy?: string;
  readonly pollInterval?: string;
  readonly responseContentType?: string;
  readonly outputs?: readonly Extraction[];
}

/** Makes one request, judges the response and makes outputs of it; ends as `judgeResponse` says. */
export async function runHttp(config: HttpConfig, method: string, world: StepWorld): Promise<JsonObject> {
  const { outputs = [], proxy, responseContentType, pollInterval = '30s' } = config;
  checkCriteria(config, outputs);
  const body = await bodyOf(config, world);
  const request = {
    ...createRequest(config, method, '10s'),
    ...(body !== undefined && { body }),
    ...(proxy && { proxy: readAddress(proxy, 'proxy') }),
  };
  const response = await world.http.send(request, (answer) =>
    readResponse(answer, responseContentType, world.signal),
  );
  const names = namesOfResponse(response);
  judgeResponse(response.status, config, names, parseDuration(pollInterval) ?? 30_000);
  return evaluateOutputs(outputs, names, names);
}

const maximumBody = 2 * 1024 * 1024;

async function bodyOf(
  { body, bodyFromFile }: HttpConfig,
  { workspace }: StepWorld,
): Promise<string | Buffer | undefined> {
  if (!bodyFromFile) return body || undefined;
  const file = await workspace.resolve(bodyFromFile);
  const bytes = await findBytes(file, bodyFromFile, maximumBody).catch((error: Error) => {
    throw new TerminalError(`bodyFromFile: ${error.message}`, { status: 'Errored' });
  });
  if (bytes) return bytes;
  throw new TerminalError(`bodyFromFile: path "${bodyFromFile}" does not exist`, { status: 'Errored' });
}

async function readResponse(
  answer: HttpAnswer,
  contentType: string | undefined,
  signal: AbortSignal,
): Promise<HttpResponse> {
  const { status, rawHeaders } = answer;
  const bytes = await readBody(answer, maximumBody);
  const type = contentType || (answer.headers['content-type'] ?? '');
  const text = bytes.toString('utf8');
  const headers = rawHeaders.flatMap((name, index) =>
    index % 2 === 0 ? [[name, rawHeaders[index + 1] ?? ''] as const] : [],
  );
  const body = text === '' ? nothing : await parseBody(text, type, signal);
  return { status, headers, body };
}

const nothing = new Dict(new Map());

async function parseBody(text: string, contentType: string, signal: AbortSignal): Promise<Value> {
  const [type = ''] = contentType.toLowerCase().split(';', 1);
  switch (type.trim()) {
    case 'application/json':
      return withPlace(() => readJson(text));
    case 'application/yaml':
    case 'text/yaml':
    case 'application/x-yaml':
      return fromJson(await withPlace(() => workAside('readYamlJson', [text], signal)));
    case 'text/plain':
      return text;
    default: {
      const json = parseJson(text);
      return json === undefined ? nothing : fromJson(json);
    }
  }
}

/** Says that it is the body in which something stands at a line and column. */
async function withPlace<T>(parse: () => T | Promise<T>): Promise<T> {
  try {
    return await parse();
  } catch (error) {
    throw new Error(`the body of the response: ${(error as Error).message}`, { cause: error });
  }
}
