/** Reads XML strictly enough to tell whether it is well-formed: tags that match, attributes in quotes and once, entities that exist. */

export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** Its own text, entities resolved; without that of its children. */
  readonly text: string;
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** The elements in the order of their opening tags. @throws when the text is not well-formed */
export function elementsOf(xml: string): XmlElement[] {
  const elements: { name: string; attributes: Record<string, string>; text: string }[] = [];
  const open: typeof elements = [];
  let at = 0;
  const fail = (why: string): never => {
    throw new Error(`${why} at ${at}: ${xml.slice(at, at + 60)}`);
  };
  while (at < xml.length) {
    const next = xml.indexOf('<', at);
    const text = xml.slice(at, next < 0 ? xml.length : next);
    const parent = open.at(-1);
    if (parent !== undefined) parent.text += resolved(text, fail);
    else if (text.trim() !== '') fail('text outside of the root');
    if (next < 0) break;
    at = next;
    const tag = /^<(\/?)([A-Za-z][\w.:-]*)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>/.exec(xml.slice(at)) ?? fail('no tag');
    const [whole, closing, name, attributes, empty] = tag as unknown as [string, string, string, string, string];
    if (closing === '/') {
      if (open.pop()?.name !== name) fail(`</${name}> closes nothing`);
    } else {
      if (open.length === 0 && elements.length > 0) fail('a second root');
      const element = { name, attributes: attributesOf(attributes, fail), text: '' };
      elements.push(element);
      if (empty !== '/') open.push(element);
    }
    at += whole.length;
  }
  if (open.length > 0) fail(`<${open.at(-1)!.name}> is not closed`);
  return elements;
}

function attributesOf(text: string, fail: (why: string) => never): Record<string, string> {
  const attributes: Record<string, string> = {};
  for (const [, name = '', value = ''] of text.matchAll(/([\w:-]+)="([^"]*)"/g)) {
    if (Object.hasOwn(attributes, name)) fail(`${name} twice`);
    attributes[name] = resolved(value, fail);
  }
  return attributes;
}

function resolved(text: string, fail: (why: string) => never): string {
  return text.replace(/&([^;\s]*;?)/g, (_, entity: string) => {
    const number = /^#(\d+);$/.exec(entity)?.[1];
    if (number !== undefined) return String.fromCodePoint(Number(number));
    return entities[entity.replace(/;$/, '')] ?? fail(`&${entity} is no entity`);
  });
}
