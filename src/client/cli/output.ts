import type { Call } from './command.ts';

/** Writes a result to standard output in the format the user asked for; the table is text with its line ends. */
export async function printResult(
  { output, terminal }: Pick<Call, 'output' | 'terminal'>,
  value: unknown,
  table: () => string,
): Promise<void> {
  switch (output) {
    case 'json':
      terminal.out.write(`${JSON.stringify(value)}\n`);
      return;
    case 'yaml': {
      const { stringify } = await import('yaml');
      // Through JSON, so that both formats leave out the same.
      terminal.out.write(stringify(JSON.parse(JSON.stringify(value)), { lineWidth: 0 }));
      return;
    }
    case 'table':
      terminal.out.write(table());
  }
}
