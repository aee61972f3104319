import { widthOf } from '../present/width.ts';

/** Columns under their titles, two blanks apart; colours do not count. */
export function formatTable(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [titles, ...rows];
  const widths = titles.map((_, column) => Math.max(...lines.map((line) => widthOf(line[column] ?? ''))));
  return lines.map((line) => `${formatRow(line, widths)}\n`).join('');
}

function formatRow(cells: readonly string[], widths: readonly number[]): string {
  const padded = cells.map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - widthOf(cell)));
  return padded.join('  ').trimEnd();
}
