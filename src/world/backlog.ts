/** What piled up on a host whose process stood still, and in which order it goes on with it. */
import type { Choices } from '../base/choices.ts';
import type { Frame } from './connection.ts';
import type { Host, Waiting } from './host.ts';

/**
 * Takes the next one out of a backlog, which must not be empty. A server's threads go on with connections, timers and disk in any order,
 * each of them in its own; a client's one thread takes everything as it came.
 */
export function takeNext(host: Host, backlog: Waiting[], choices: Choices): Waiting {
  if (!host.listening) return backlog.shift()!;
  const lines = new Set<string>();
  const heads: number[] = [];
  for (let i = 0; i < backlog.length; i++) {
    const line = lineOf(backlog[i]!);
    if (lines.has(line)) continue;
    lines.add(line);
    heads.push(i);
  }
  const site = choices.site(`resume ${host.name}`);
  const next = heads.length === 1 ? 0 : choices.below(site, host.handledLate++, heads.length);
  return backlog.splice(heads[next]!, 1)[0]!;
}

/** What keeps its order among the things that wait. */
function lineOf({ kind, key, payload }: Waiting): string {
  switch (kind) {
    case 'frame':
      return `connection ${(payload as Frame).direction.to.key}`;
    case 'timer':
    case 'stop':
      return kind;
    case 'fsynced':
    case 'ioFailed':
      return 'disk';
    default:
      return `connection ${key}`;
  }
}
