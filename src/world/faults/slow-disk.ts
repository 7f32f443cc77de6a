import { defineFault } from './fault.ts';

/** Appends and fsyncs take longer; what a handler sends after a slow append leaves later. */
export const slowDisk = defineFault({
  name: 'slow-disk',
  describe: 'Appends and fsyncs of the host take longer.',
  inject: (world, { targets, plan }) => {
    for (const host of targets) {
      world.hosts[host]!.disk.extraAppendUs += plan.appendUs;
      world.hosts[host]!.disk.extraFsyncUs += plan.fsyncUs;
    }
  },
  heal: (world, { targets, plan }) => {
    for (const host of targets) {
      world.hosts[host]!.disk.extraAppendUs -= plan.appendUs;
      world.hosts[host]!.disk.extraFsyncUs -= plan.fsyncUs;
    }
  },
});
