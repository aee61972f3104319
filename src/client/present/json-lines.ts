import type { PromotionEvent } from '../events.ts';
import { unreachable } from '../unreachable.ts';

/** One event as a JSON object on one line, for programs: key `event` says which, instants are RFC 3339. */
export function formatJsonLine(event: PromotionEvent): string {
  const { kind, ...fields } = fieldsOf(event);
  return JSON.stringify({ event: kind, ...fields });
}

/** The events with everything programs may rely on; a result is cut to what no other command tells. */
function fieldsOf(event: PromotionEvent): { readonly kind: PromotionEvent['kind'] } {
  switch (event.kind) {
    case 'finished': {
      const { name, phase, message } = event.status;
      const result = { name, phase, message };
      return { kind: event.kind, ...result };
    }
    case 'commit-pushed':
      return { kind: event.kind, ...event.commit };
    case 'started':
    case 'planned':
    case 'step-started':
    case 'step-trouble':
    case 'step-waiting':
    case 'step-finished':
    case 'waiting':
    case 'waiting-over':
    case 'held':
    case 'decided':
    case 'paused':
    case 'resumed':
    case 'worker-missing':
    case 'worker-found':
    case 'connection-lost':
    case 'connection-restored':
    case 'refused':
    case 'lost':
      return event;
    default:
      return unreachable(event);
  }
}
