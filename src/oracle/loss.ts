/**
 * From the fate of a record that is gone to the reason: the first of the ways below that its fate fits. What LOST and DIRTY READ
 * have in common; each adds its own beginning (who had promised what).
 */
import { type BecauseParams, because } from './because.ts';
import type { Fate, Removal } from './fate.ts';
import type { Because } from './verdict.ts';

/**
 * Why an acknowledged record is gone; `acks` is what its producer asked for (1 or -1), `flushesEveryAppend` whether the topic's
 * `flush.messages` is 1.
 */
export function whyLost(fate: Fate, acks: number, replicationFactor: number, flushesEveryAppend: boolean): Because {
  const params = removalParams(fate);
  const { removal } = fate;
  if (fate.committedEvent < 0) {
    if (acks !== 1) return because('acknowledged-before-replicated', params);
    if (fate.deposedEvent >= 0) return because('zombie-leader-acknowledged', params);
    // Elected again, or elsewhere, without what it had held: the power took it, not the lack of followers. But a follower that
    // flushes inside its append (`flush.messages`) had not come to the end of its fetch yet: the leader was alone.
    const hadFetched = removal?.leader === fate.leader || !flushesEveryAppend;
    if (removal?.lostItsCopy === true && hadFetched && !removal.unclean) return whyRemoved(fate, removal, replicationFactor);
    return because('acks-1-leader-only', params);
  }
  return removal === null ? because('unexplained', {}) : whyRemoved(fate, removal, replicationFactor);
}

/** Why a record that a consumer was given is gone. */
export function whyUnread(fate: Fate, readEvent: number, replicationFactor: number): Because {
  if (fate.committedEvent < 0 || fate.committedEvent > readEvent)
    return because('read-above-high-watermark', removalParams(fate));
  return fate.removal === null ? because('unexplained', {}) : whyRemoved(fate, fate.removal, replicationFactor);
}

/** Why a committed record is gone. */
function whyRemoved(fate: Fate, removal: Removal, replicationFactor: number): Because {
  const params = removalParams(fate);
  if (removal.unclean) {
    // An ISR of one commits alone, a deposed leader included: the controller could only go on without it uncleanly.
    if (fate.deposedEvent >= 0) return because('zombie-leader-acknowledged', params);
    return because(fate.isrSize === 1 ? 'isr-of-one-unclean-election' : 'unclean-election', params);
  }
  if (removal.rotted) return because('replica-rotted', params);
  if (removal.lostItsCopy) {
    if (replicationFactor === 1) return because('replication-factor-1-lost-page-cache', params);
    if (removal.everyHolderLostPower && fate.holders > 1) return because('all-replicas-lost-page-cache', params);
    return because(removal.isrSizeAtLoss === 1 ? 'last-replica-lost-page-cache' : 'isr-member-lost-page-cache', params);
  }
  return because('committed-not-on-elected-leader', params);
}

/** Events that witness a removal. */
export function removalEvents(fate: Fate): number[] {
  const { removal } = fate;
  const events = [fate.appendEvent, fate.acknowledgedEvent, fate.committedEvent, fate.deposedEvent, fate.cutEvent];
  if (removal !== null) events.push(removal.electedEvent, removal.ledEvent);
  return events;
}

function removalParams(fate: Fate): BecauseParams<'acks-1-leader-only'> {
  const { removal } = fate;
  return {
    leader: fate.leader,
    epoch: fate.epoch,
    offset: fate.offset,
    isrSize: fate.isrSize,
    newLeader: removal?.leader ?? -1,
    newEpoch: removal?.epoch ?? -1,
    newLeaderEndOffset: removal?.endOffset ?? -1,
  };
}
