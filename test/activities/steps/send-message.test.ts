import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sendMessage } from '../../../src/activities/steps/send-message.ts';
import type { JsonObject } from '../../../src/core/json.ts';
import type { MessageChannel } from '../../../src/core/messages/message-channel.ts';
import { startSmtpServer } from '../../support/smtp-server.ts';
import { createStepRig, type StepRig } from '../../support/step-world.ts';

const text = '🚀 Production Release Complete\nComponents:\n• Frontend: v2.1.0\n';

describe('send-message', () => {
  let rig: StepRig;
  let server: Server;
  let posts: {
    readonly path: string;
    readonly authorization?: string | undefined;
    readonly body: JsonObject;
  }[];
  let answer: (response: ServerResponse) => void;
  let baseURL: string;

  beforeEach(async () => {
    rig = createStepRig();
    posts = [];
    answer = (response) => void response.end('{"ok":true,"ts":"1700000000.000100"}');
    server = createServer((request, response) => void take(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    baseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api`;
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
    rig.remove();
  });

  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const { authorization } = request.headers;
    const body = JSON.parse(Buffer.concat(pieces).toString('utf8')) as JsonObject;
    posts.push({ path: request.url ?? '', authorization, body });
    answer(response);
  }

  const send = (
    config: JsonObject,
    secret: Record<string, string> = { token: 'xoxb-1' },
    more: object = {},
  ) => {
    const channel: MessageChannel = {
      kind: 'MessageChannel',
      name: 'team',
      secret: 's',
      slack: { baseURL, ...more },
    };
    const findSecret = async (name: string) => (name === 's' ? secret : undefined);
    return rig.run(sendMessage, { message: text, ...config }, { channels: [channel], findSecret });
  };

  it('posts to the Slack channel that is named, text as it is', async () => {
    const { output } = await send({ destination: 'slack', channel: '#releases' });
    assert.deepEqual(posts, [
      { path: '/api/chat.postMessage', authorization: 'Bearer xoxb-1', body: { text, channel: '#releases' } },
    ]);
    assert.deepEqual(output, { slack: { threadTS: '1700000000.000100' } });
  });

  it('answers in a thread, and tells the thread', async () => {
    const slack = { channelID: 'C1', threadTS: '1.5' };
    const { output } = await send({ channel: { kind: 'MessageChannel', name: 'team' }, slack });
    assert.deepEqual(posts[0]!.body, { text, channel: 'C1', thread_ts: '1.5' });
    assert.deepEqual(output, { slack: { threadTS: '1.5' } });
  });

  it('takes everything from an encoded message', async () => {
    const message = 'channel: C9\nblocks: [{ type: divider }]\n';
    await send({ destination: 'team', message, encodingType: 'yaml', slack: { channelID: 'C1' } });
    assert.deepEqual(posts[0]!.body, { channel: 'C9', blocks: [{ type: 'divider' }] });
    await assert.rejects(
      send({ destination: 'team', message: '{', encodingType: 'json' }),
      /message is not JSON: /,
    );
  });

  it('posts to a webhook, but to no other channel than its own', async () => {
    const hook = { webhookURL: `${baseURL}/services/T0/secret-path` };
    answer = (response) => void response.end('ok');
    assert.deepEqual((await send({ destination: 'team' }, hook)).output, {});
    await send({ destination: 'team', channel: '#own' }, hook, { channelID: '#own' });
    assert.equal(posts[0]!.path, '/api/services/T0/secret-path');
    await assert.rejects(
      send({ destination: 'team', channel: '#x' }, hook, { channelID: '#own' }),
      /has one Slack channel \(#own\)/,
    );
    assert.equal(posts.length, 2);
  });

  describe('ends with what is wrong', () => {
    const cases: readonly (readonly [string, JsonObject, Record<string, string>, RegExp])[] = [
      ['an unknown channel', { destination: 'tem' }, {}, /there is no channel "tem", did you mean "?team"?/],
      ['none named', {}, {}, /destination is missing/],
      ['an empty Secret', { destination: 'team' }, {}, /Secret "s" has neither token nor webhookURL/],
      [
        'no Slack channel',
        { destination: 'team' },
        { token: 'x' },
        /channel is missing, and team has no slack\.channelID/,
      ],
    ];
    for (const [title, config, secret, message] of cases) {
      it(title, () => assert.rejects(send(config, secret), { name: 'TerminalError', message }));
    }

    it('a refusal, which may be tried again', async () => {
      answer = (response) => void response.end('{"ok":false,"error":"channel_not_found"}');
      await assert.rejects(send({ destination: 'slack', channel: '#x' }), {
        name: 'NotSent',
        message: /channel_not_found/,
      });
    });

    it('an answer that never came, which is not tried again', async () => {
      answer = (response) => response.destroy();
      await assert.rejects(send({ destination: 'slack', channel: '#x' }), {
        name: 'TerminalError',
        message: /may have been sent, and is not sent again/,
      });
    });

    it('a server that is not there, without the secret of a webhook', async () => {
      const hook = { webhookURL: 'http://127.0.0.1:1/services/T0/secret-path' };
      await assert.rejects(send({ destination: 'team' }, hook), (error: Error) => {
        assert.equal(error.name, 'NotSent');
        assert.doesNotMatch(error.message, /secret-path/);
        return true;
      });
    });
  });

  describe('by mail', () => {
    const sendTo = (port: number, config: JsonObject) => {
      const smtp = { host: '127.0.0.1', port, from: 'kargo@example.com', to: ['team@example.com'] };
      const channel: MessageChannel = { kind: 'ClusterMessageChannel', name: 'mail', smtp };
      return rig.run(sendMessage, { destination: 'smtp', ...config }, { channels: [channel] });
    };

    it('sends the text as it is, once', async () => {
      const mail = await startSmtpServer();
      try {
        const hostile = 'Release\r\nBcc: other@example.com';
        await sendTo(mail.port, { message: text, smtp: { to: 'a@example.com', subject: hostile } });
        await sendTo(mail.port, { message: 'hi' });
        const [first, second] = mail.mails;
        assert.deepEqual(first!.to, ['a@example.com']);
        assert.doesNotMatch(first!.text, /^Bcc:/m);
        const encoded = first!.text.split('\r\n\r\n').slice(1).join('').replaceAll('\r\n', '');
        assert.ok(
          Buffer.from(encoded, 'base64').toString('utf8').includes('🚀') || /=F0=9F=9A=80/.test(first!.text),
        );
        assert.deepEqual(second!.to, ['team@example.com']);
        assert.match(second!.text, /^Subject: Promotion to test of demo$/m);
      } finally {
        await mail.close();
      }
    });

    for (const [end, name] of [
      ['550 no', 'NotSent'],
      ['hang up', 'TerminalError'],
    ] as const) {
      it(`ends as ${name} when the server says: ${end}`, async () => {
        const mail = await startSmtpServer(end);
        try {
          await assert.rejects(sendTo(mail.port, { message: 'hi' }), { name });
        } finally {
          await mail.close();
        }
      });
    }
  });
});
