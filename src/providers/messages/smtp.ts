import { NotSent, Unsure } from './errors.ts';

/** Where mail is handed in. */
export interface SmtpServer {
  readonly host: string;
  readonly port: number;
  readonly user?: string;
  readonly password?: string;
}

export interface Mail {
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly body: string;
  readonly isHtml: boolean;
}

/**
 * Hands in a mail once, encrypted wherever the server can. Rejects with NotSent when the server did not take it, with
 * Unsure when it may have, and with the signal's own reason after an abort.
 */
export async function sendMail(server: SmtpServer, mail: Mail, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const { createTransport } = await import('nodemailer');
  const { host, port, user, password } = server;
  const transport = createTransport({
    host,
    port,
    secure: port === 465,
    ...(user !== undefined && { auth: { user, pass: password ?? '' } }),
    // What a message says names no file and no address to be read here.
    disableFileAccess: true,
    disableUrlAccess: true,
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 30_000,
  });
  const stop = () => transport.close();
  signal.addEventListener('abort', stop, { once: true });
  try {
    const { from, to, subject, body, isHtml } = mail;
    await transport.sendMail({ from, to: [...to], subject, ...(isHtml ? { html: body } : { text: body }) });
  } catch (error) {
    signal.throwIfAborted();
    throw explain(error as SmtpError, host);
  } finally {
    signal.removeEventListener('abort', stop);
    transport.close();
  }
}

interface SmtpError extends Error {
  readonly code?: string;
  readonly syscall?: string;
  readonly responseCode?: number;
}

function explain(error: SmtpError, host: string): Error {
  const { code = '', syscall, responseCode, message } = error;
  const told = `SMTP server ${host}: ${message}`;
  // Otherwise the text may have been under way: only an answer of the server tells that it did not take it.
  const isCertain =
    responseCode !== undefined ||
    syscall === 'connect' ||
    ['EDNS', 'EAUTH', 'EENVELOPE', 'ETLS'].includes(code);
  return isCertain ? new NotSent(told, error) : new Unsure(told, error);
}
