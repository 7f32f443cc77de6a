import { defineFault } from './fault.ts';

/** The process dies, its operating system lives: sockets close, the page cache stays. Healing starts it again. */
export const processCrash = defineFault({
  name: 'process-crash',
  describe: 'The process dies (SIGKILL); its sockets close, its page cache survives.',
  inject: (world, { targets }) => {
    for (const host of targets) world.crashProcess(host);
  },
  heal: (world, { targets }) => {
    for (const host of targets) if (!world.hosts[host]!.up) world.start(host);
  },
});
