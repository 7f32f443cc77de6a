import { defineFault } from './fault.ts';

/** The process stands still and loses nothing; what reaches it waits. */
export const pause = defineFault({
  name: 'pause',
  describe: 'The process stands still (garbage collection, SIGSTOP); its sockets stay open.',
  inject: (world, { targets }) => {
    for (const host of targets) world.pause(host);
  },
  heal: (world, { targets }) => {
    for (const host of targets) world.resume(host);
  },
});
