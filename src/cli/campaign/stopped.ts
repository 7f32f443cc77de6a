/** The line that says that a campaign did not come to its end, and how far it came. */
import { say } from '../../report/messages/catalogue.ts';
import { type Paint, plain } from '../../report/paint.ts';
import type { Outcome } from './campaign.ts';

/** Empty for a campaign that is complete. */
export function stoppedText({ ended, done, of }: Outcome<unknown>, paint: Paint = plain): string {
  return ended === 'complete' ? '' : ` ${paint.price(say('ci', ended, { done, of }))}\n`;
}
