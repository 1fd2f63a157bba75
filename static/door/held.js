// The keys of what may be a scan, with their rhythm: the form of a code, and what no person types.

const CODE = /^R1\.[A-Z2-7]{16}\.[1-9][0-9]{0,8}\.[A-Z2-7]{26}$/;
const PREFIX = "R1.";

// Who pauses longer than this is a person; after the prefix a scanner may be slow for once.
const PAUSE_MS = 350;
const PAUSE_AFTER_PREFIX_MS = 1_000;
// No scanner is slower from one key to the next; no person is quicker on average.
export const SCANNER_MOST_MS = 160;
const PERSON_LEAST_MS = 50;
// Where no text is typed, so many quick keys are a code of another kind.
const FOREIGN_LEAST = 6;
const FOREIGN_BEGUN = 3;

// Whether more keys could make a code of this; the case of letters tells nothing.
function mayBecomeCode(typed) {
  const [kind, id, version, signature, ...more] = typed.toUpperCase().split(".");
  if (id === undefined) return "R1".startsWith(kind);
  if (kind !== "R1" || more.length) return false;
  if (version === undefined) return /^[A-Z2-7]{0,16}$/.test(id);
  if (!/^[A-Z2-7]{16}$/.test(id)) return false;
  if (signature === undefined) return /^([1-9][0-9]{0,8})?$/.test(version);
  return /^[1-9][0-9]{0,8}$/.test(version) && /^[A-Z2-7]{0,26}$/.test(signature);
}

export class Held {
  longest = 0; // ms between two of them
  text = ""; // as typed

  constructor(at, inText) {
    Object.assign(this, { first: at, last: at, inText });
  }

  add(key, at) {
    this.longest = Math.max(this.longest, at - this.last);
    this.last = at;
    this.text += key;
  }

  get hasPrefix() {
    return this.text.toUpperCase().startsWith(PREFIX);
  }

  get isComplete() {
    return CODE.test(this.text.toUpperCase());
  }

  get isTooQuick() {
    const { length } = this.text;
    return length > PREFIX.length && (this.last - this.first) / (length - 1) <= PERSON_LEAST_MS;
  }

  get patience() {
    return this.hasPrefix ? PAUSE_AFTER_PREFIX_MS : PAUSE_MS;
  }

  // Beyond the prefix what a scanner types is held whatever it is: the code may be damaged.
  takes(key, at) {
    if (mayBecomeCode(this.text + key)) return true;
    if (!this.inText) return at - this.last <= SCANNER_MOST_MS;
    return this.hasPrefix && this.isTooQuick;
  }

  get mayBeScan() {
    return mayBecomeCode(this.text) || this.text.length >= FOREIGN_BEGUN;
  }

  // With Enter or Tab right behind it, or after a pause.
  isScan(suffixAt) {
    if (this.isTooQuick && (this.hasPrefix || (!this.inText && this.text.length >= FOREIGN_LEAST))) return true;
    if (this.inText || suffixAt === undefined || this.text.length < FOREIGN_LEAST) return false;
    return Math.max(this.longest, suffixAt - this.last) <= SCANNER_MOST_MS;
  }
}
