/** What goes between threads arrives as it was sent; parts that recur are one object there too. */
import { expect, test } from 'vitest';
import { Receiver, Sender } from '../../src/cli/parcels.ts';

/** Both ends, and the copying between them. */
function way(): (value: unknown) => { readonly got: unknown; readonly copied: string } {
  const sender = new Sender();
  const receiver = new Receiver();
  return (value) => {
    const parcel = sender.pack(value);
    return { got: receiver.unpack(structuredClone(parcel)), copied: JSON.stringify(parcel) };
  };
}

test('a part that recurs is copied once, and is the same object for whoever receives it', () => {
  const send = way();
  const scenario = { name: 'a long story' };
  const first = send({ scenario, seed: '1', settings: { acks: 'all' } });
  const second = send({ scenario, seed: '2', settings: { acks: '1' } });
  expect(first.got).toEqual({ scenario, seed: '1', settings: { acks: 'all' } });
  expect(second.got).toEqual({ scenario, seed: '2', settings: { acks: '1' } });
  expect((second.got as { scenario: object }).scenario).toBe((first.got as { scenario: object }).scenario);
  expect(first.copied).toContain('a long story');
  expect(second.copied).not.toContain('a long story');
});

test('keys keep their order, and what is sent stays as it is', () => {
  const send = way();
  const task = { seed: '1', settings: { acks: 'all' }, events: 3 };
  const before = JSON.stringify(task);
  for (let i = 0; i < 2; i++) expect(JSON.stringify(send(task).got)).toBe(before);
  expect(JSON.stringify(task)).toBe(before);
});

test('whatever has no such part is only copied', () => {
  const send = way();
  for (const value of [7, null, 'text', [1, 2], { paths: [1] }, { scenario: null }, { scenario: 'by name' }])
    expect(send(value).got).toEqual(value);
});
