/** The canon: every case, in the order of its number. */
import { brokerCases } from './broker-cases.ts';
import type { CanonCase, CanonSection } from './canon-case.ts';

/** By part. */
export const canonSections: readonly CanonSection[] = [brokerCases];

/** Every case. */
export const canonCases: readonly CanonCase[] = canonSections.flatMap(({ cases }) => cases);
