/** Integer mixing for choices and trace hashes: 32-bit multiplications only, the same on every engine. */

/** A bijection of 32-bit integers in which every input bit moves every output bit (the finaliser of MurmurHash3). */
export function mix32(value: number): number {
  let h = value | 0;
  h ^= h >>> 16;
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** A 32-bit hash of a label; two salts give two independent ones. */
export function hashLabel(label: string, salt: number): number {
  let h = salt | 0;
  for (let i = 0; i < label.length; i++) {
    h = Math.imul(h ^ label.charCodeAt(i), 0x5bd1e995);
    h ^= h >>> 15;
  }
  return mix32(h ^ label.length);
}
