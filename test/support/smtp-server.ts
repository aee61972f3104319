import { createServer, type AddressInfo, type Socket } from 'node:net';

/** What a server was given. */
export interface ReceivedMail {
  readonly from: string;
  readonly to: readonly string[];
  /** Headers and body as they were sent. */
  readonly text: string;
}

export interface SmtpServer {
  readonly port: number;
  readonly mails: readonly ReceivedMail[];
  close(): Promise<void>;
}

/** A server on loopback that takes every mail. `end` says how it answers the text of one, or that it hangs up. */
export async function startSmtpServer(end = '250 taken'): Promise<SmtpServer> {
  const mails: ReceivedMail[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    converse(socket, end, (mail) => mails.push(mail));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    mails,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function converse(socket: Socket, end: string, take: (mail: ReceivedMail) => void): void {
  let open = '';
  let from = '';
  let to: string[] = [];
  let isText = false;
  const say = (line: string) => socket.write(`${line}\r\n`);
  socket.setEncoding('utf8').on('error', () => undefined);
  say('220 ready');
  socket.on('data', (piece: string) => {
    open += piece;
    for (;;) {
      const mark = isText ? '\r\n.\r\n' : '\r\n';
      const at = open.indexOf(mark);
      if (at < 0) return;
      const line = open.slice(0, at);
      open = open.slice(at + mark.length);
      if (isText) {
        isText = false;
        if (end === 'hang up') {
          socket.destroy();
          return;
        }
        take({ from, to, text: line });
        to = [];
        say(end);
      } else if (/^MAIL FROM:<(.*?)>/i.test(line)) {
        from = /<(.*?)>/.exec(line)![1]!;
        say('250 ok');
      } else if (/^RCPT TO:<(.*?)>/i.test(line)) {
        to.push(/<(.*?)>/.exec(line)![1]!);
        say('250 ok');
      } else if (/^DATA/i.test(line)) {
        isText = true;
        say('354 go on');
      } else if (/^QUIT/i.test(line)) {
        say('221 bye');
        socket.end();
      } else say('250 ok');
    }
  });
}
