import { defineFault } from './fault.ts';

/** The next fsync fails; its pages count as clean afterwards though they are not durable. Kafka's broker halts. */
export const fsyncError = defineFault({
  name: 'fsync-error',
  describe: 'The next fsync of the host fails once.',
  inject: (world, { targets }) => {
    for (const host of targets) world.hosts[host]!.disk.failNextFsync = true;
  },
  heal: (world, { targets }) => {
    for (const host of targets) {
      world.hosts[host]!.disk.failNextFsync = false;
      if (!world.hosts[host]!.up) world.start(host);
    }
  },
});
