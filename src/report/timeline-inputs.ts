/** What reaches a process besides messages, in words: timers, disks, connections, and what a client tells its application. */
import type { TraceEntry } from '../kernel/trace.ts';
import { say } from './messages/catalogue.ts';
import type { Names } from './note-row.ts';

/** A sentence for an entry of a trace that is no note; null for a message, which is drawn. */
export function inputText({ code, a, b, c, d }: TraceEntry, { topics }: Names): string | null {
  const partition = `${topics[a] ?? `topic-${a}`}-${b}`;
  switch (code) {
    case 'timer':
    case 'fsynced':
    case 'ioFailed':
    case 'connected':
    case 'connectFailed':
    case 'accepted':
    case 'disconnected':
    case 'sent':
    case 'start':
    case 'stop':
    case 'call':
    case 'handling':
      return say('timeline', code, {});
    case 'polled':
      return say('timeline', 'polled', { partition, offset: c, count: d });
    case 'produced':
      return c === 0
        ? say('timeline', 'produced', { count: b, offset: d })
        : say('timeline', 'not-produced', { count: b, errorCode: c });
    case 'assigned':
    case 'revoked':
      return say('timeline', code, { partition });
    default:
      return null;
  }
}
