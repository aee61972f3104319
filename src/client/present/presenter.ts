import type { PromotionEvent } from '../events.ts';
import { drawView, spinnerPause } from './draw.ts';
import { formatJsonLine } from './json-lines.ts';
import { formatLine } from './lines.ts';
import { createPaint } from './paint.ts';
import { applyEvent, emptyView } from './view.ts';

/** Shows the events of one promotion. Must be closed. */
export interface Presenter {
  show(event: PromotionEvent): void;
  /** What was shown last stays. */
  close(): void;
}

/** Where to show it; a screen has lines that can be written over. */
export interface Surface {
  readonly isTTY?: boolean;
  readonly size?: { readonly columns: number; readonly rows: number };
  readonly show?: (lines: readonly string[]) => void;
  write(text: string): unknown;
}

/** JSON lines for programs, a live view on a screen, else a line for each event. */
export function openPresenter(surface: Surface, env: NodeJS.ProcessEnv, format: 'text' | 'json'): Presenter {
  if (format === 'json') return writeLines(surface, formatJsonLine);
  const paint = createPaint(surface, env);
  const { show } = surface;
  if (!show) return writeLines(surface, (event) => formatLine(event, paint));
  let view = emptyView;
  const draw = (): void => {
    const height = (surface.size?.rows ?? 24) - 1;
    show(drawView(view, { paint, now: Date.now(), height }));
  };
  const timer = setInterval(draw, spinnerPause);
  return {
    show(event) {
      view = applyEvent(view, event);
      draw();
    },
    close() {
      clearInterval(timer);
      show([]);
      surface.write(`${drawView(view, { paint, now: Date.now() }).join('\n')}\n`);
    },
  };
}

function writeLines(surface: Surface, format: (event: PromotionEvent) => string | undefined): Presenter {
  return {
    show(event) {
      const line = format(event);
      if (line !== undefined) surface.write(`${line}\n`);
    },
    close() {},
  };
}
