/** The canon: every case, in the order of its number. */
import { brokerCases } from './broker-cases.ts';
import type { CanonCase, CanonSection } from './canon-case.ts';
import { consumerCases } from './consumer-cases.ts';
import { lagCases, orderCases } from './order-and-lag-cases.ts';
import { producerCases } from './producer-cases.ts';
import { transactionCases } from './transaction-cases.ts';

/** By part. */
export const canonSections: readonly CanonSection[] = [
  producerCases,
  brokerCases,
  consumerCases,
  transactionCases,
  orderCases,
  lagCases,
];

/** Every case. */
export const canonCases: readonly CanonCase[] = canonSections.flatMap(({ cases }) => cases);
