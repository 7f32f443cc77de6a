import { defineFault } from './fault.ts';

/** SIGTERM, as in a rolling restart. Healing starts the process again, as soon as it has ended. */
export const controlledShutdown = defineFault({
  name: 'controlled-shutdown',
  describe: 'An orderly stop: leaderships move away, logs are flushed, then the process ends.',
  inject: (world, { targets }) => {
    for (const host of targets) world.requestStop(host);
  },
  heal: (world, { targets }) => {
    for (const host of targets) world.restartAfterStop(host);
  },
});
