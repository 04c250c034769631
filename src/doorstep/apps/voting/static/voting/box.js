// Opening the box on a trustee's own device: the round's key out of its two layers, then every
// envelope, shuffled. No page and no network here, so that a test can run this very file.
(function (root) {
  "use strict";
  const { bytes, joined, newPair, rawPublic, seal, open, written, read } = root.doorstepSealing;
  const AT_ONCE = 64;

  const outerInfo = (slug, first, second) => bytes(`doorstep round key outer v1|${slug}|${first}>${second}`);
  const innerInfo = (slug, first, second) => bytes(`doorstep round key inner v1|${slug}|${first}>${second}`);
  const ballotInfo = (slug) => bytes(`doorstep ballot v1|${slug}`);

  /**
   * Make the round's key and forget it: its public half, and for each ordered pair of trustees a
   * copy sealed to the second and then to the first. `trustees` is [{number, key: Uint8Array(65)}].
   */
  async function makeRoundKey(slug, trustees) {
    const pair = await newPair(true);
    const secret = await written(pair.privateKey);
    const copies = [];
    for (const first of trustees) {
      for (const second of trustees) {
        if (first.number === second.number) continue;
        const inner = await seal(second.key, secret, innerInfo(slug, first.number, second.number));
        const outer = await seal(first.key, inner, outerInfo(slug, first.number, second.number));
        copies.push({ first: first.number, second: second.number, sealed: outer });
      }
    }
    secret.fill(0);
    return { publicKey: await rawPublic(pair.publicKey), copies };
  }

  /** Take off the outer layer; what is left is still sealed to the second trustee. */
  const peel = (slug, mine, copy) =>
    open(mine.privateKey, mine.publicKey, copy.sealed, outerInfo(slug, copy.first, copy.second));

  /** The round's private key, from a copy whose outer layer the first trustee has taken off. */
  async function roundKey(slug, mine, copy) {
    const raw = await open(
      mine.privateKey, mine.publicKey, copy.inner, innerInfo(slug, copy.first, copy.second),
    );
    return { privateKey: await read(raw), publicKey: raw.slice(32) };
  }

  /** A ballot out of an envelope, or null where it cannot be opened or read. */
  async function ballotOf(key, sealed, info) {
    try {
      const plain = await open(key.privateKey, key.publicKey, sealed, info);
      const said = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(plain));
      const whole = typeof said.t === "string" && Array.isArray(said.v) && Object.keys(said).length === 2;
      return whole ? { t: said.t, v: said.v } : null;
    } catch {
      return null;
    }
  }

  /** Whole numbers below `limit`, each as likely as the other. */
  function drawn(limit) {
    const most = Math.floor(0x100000000 / limit) * limit;
    const draw = new Uint32Array(1);
    do root.crypto.getRandomValues(draw); while (draw[0] >= most);
    return draw[0] % limit;
  }

  /** Fisher and Yates, in place. */
  function shuffle(list) {
    for (let last = list.length - 1; last > 0; last--) {
      const other = drawn(last + 1);
      [list[last], list[other]] = [list[other], list[last]];
    }
    return list;
  }

  /**
   * Every ballot of the box in random order, how many envelopes were spoilt, and how many trackers
   * stood twice. Works in slices, and tells `progress(done, of)` after each, so that a page with
   * 10,000 envelopes stays alive.
   */
  async function openBox(slug, key, envelopes, progress = () => {}) {
    const info = ballotInfo(slug);
    const ballots = [];
    let spoilt = 0;
    for (let at = 0; at < envelopes.length; at += AT_ONCE) {
      const slice = envelopes.slice(at, at + AT_ONCE);
      for (const ballot of await Promise.all(slice.map((sealed) => ballotOf(key, sealed, info)))) {
        if (ballot) ballots.push(ballot);
        else spoilt++;
      }
      progress(Math.min(at + AT_ONCE, envelopes.length), envelopes.length);
      await new Promise((resolve) => setTimeout(resolve));
    }
    const doubled = ballots.length - new Set(ballots.map((ballot) => ballot.t)).size;
    return { ballots: shuffle(ballots), spoilt, doubled };
  }

  /** A private key under a passphrase, as the text of a file: PBKDF2-SHA256, then AES-256-GCM. */
  const ROUNDS = 600000;

  async function passphraseKey(passphrase, salt, iterations, use) {
    const base = await root.crypto.subtle.importKey("raw", bytes(passphrase), "PBKDF2", false, ["deriveKey"]);
    const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations };
    return root.crypto.subtle.deriveKey(how, base, { name: "AES-GCM", length: 256 }, false, [use]);
  }

  async function backup(privateKey, passphrase) {
    const salt = root.crypto.getRandomValues(new Uint8Array(16));
    const iv = root.crypto.getRandomValues(new Uint8Array(12));
    const key = await passphraseKey(passphrase, salt, ROUNDS, "encrypt");
    const raw = await written(privateKey);
    const sealed = new Uint8Array(await root.crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, raw));
    raw.fill(0);
    return JSON.stringify({ doorstep: "trustee key v1", rounds: ROUNDS, key: hex(joined(salt, iv, sealed)) });
  }

  async function restored(text, passphrase) {
    const kept = JSON.parse(text);
    if (kept.doorstep !== "trustee key v1" || kept.rounds > 10 * ROUNDS) throw new Error("not a key file");
    const raw = unhex(kept.key);
    const key = await passphraseKey(passphrase, raw.slice(0, 16), kept.rounds, "decrypt");
    const how = { name: "AES-GCM", iv: raw.slice(16, 28) };
    const secret = new Uint8Array(await root.crypto.subtle.decrypt(how, key, raw.slice(28)));
    return { privateKey: await read(secret), publicKey: secret.slice(32) };
  }

  const hex = (raw) => Array.from(raw, (byte) => byte.toString(16).padStart(2, "0")).join("");
  const unhex = (text) => Uint8Array.from(text.match(/../g) || [], (pair) => parseInt(pair, 16));

  root.doorstepBox = { makeRoundKey, peel, roundKey, openBox, shuffle, backup, restored, hex, unhex };
})(globalThis);
