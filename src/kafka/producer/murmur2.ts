/** Kafka's hash of a key: murmur2 of its UTF-8 bytes with seed 0x9747b28c, sign bit off (Utils.murmur2, Utils.toPositive). */
import murmurhash from 'murmurhash-js';

/** The hash of a key that is text; a partition is this modulo the number of partitions. */
export function murmur2(key: string): number {
  let bytes = '';
  for (const character of key) {
    const code = character.codePointAt(0)!;
    if (code < 0x80) bytes += String.fromCharCode(code);
    else if (code < 0x800) bytes += String.fromCharCode(0xc0 | (code >> 6), 0x80 | (code & 63));
    else if (code < 0x10000) bytes += String.fromCharCode(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
    else {
      bytes += String.fromCharCode(
        0xf0 | (code >> 18),
        0x80 | ((code >> 12) & 63),
        0x80 | ((code >> 6) & 63),
        0x80 | (code & 63),
      );
    }
  }
  return murmurhash.murmur2(bytes, 0x9747b28c) & 0x7fffffff;
}
