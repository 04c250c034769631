// Sealing to a key, and opening: HPKE (RFC 9180) in base mode with DHKEM(P-256, HKDF-SHA256),
// HKDF-SHA256 and AES-128-GCM, in WebCrypto alone. The twin of voting/sealing.py: a test opens here
// what is sealed there, and the other way round. What is sealed reads: 65 bytes of the sender's
// passing key, then the ciphertext. `aad` is always empty.
(function (root) {
  "use strict";
  const bytes = (text) => new TextEncoder().encode(text);
  const none = new Uint8Array(0);
  const ENC = 65;
  const TAG = 16;
  const VERSION = bytes("HPKE-v1");
  const KEM = joined(bytes("KEM"), Uint8Array.of(0x00, 0x10));
  const SUITE = joined(bytes("HPKE"), Uint8Array.of(0x00, 0x10, 0x00, 0x01, 0x00, 0x01));
  const CURVE = { name: "ECDH", namedCurve: "P-256" };
  const HMAC = { name: "HMAC", hash: "SHA-256" };

  function joined(...parts) {
    const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) {
      whole.set(part, at);
      at += part.length;
    }
    return whole;
  }

  async function hmac(key, message) {
    // WebCrypto refuses an empty key; HMAC pads every short key with zeros, so 32 zeros mean the same.
    const raw = key.length ? key : new Uint8Array(32);
    const imported = await root.crypto.subtle.importKey("raw", raw, HMAC, false, ["sign"]);
    return new Uint8Array(await root.crypto.subtle.sign("HMAC", imported, message));
  }

  const extract = (suite, salt, label, key) =>
    hmac(salt, joined(VERSION, suite, bytes(label), key));

  async function expand(suite, key, label, info, length) {
    // No more than one block of SHA-256 is ever asked for.
    const size = Uint8Array.of(length >> 8, length & 255);
    const block = await hmac(key, joined(size, VERSION, suite, bytes(label), info, Uint8Array.of(1)));
    return block.slice(0, length);
  }

  const contexts = new Map();

  /** The part of the key schedule that depends on `info` alone: the same for a whole box. */
  async function contextOf(info) {
    const name = info.join();
    if (!contexts.has(name)) {
      contexts.set(name, joined(
        Uint8Array.of(0x00),
        await extract(SUITE, none, "psk_id_hash", none),
        await extract(SUITE, none, "info_hash", info),
      ));
    }
    return contexts.get(name);
  }

  async function keyOf(shared, info, use) {
    const context = await contextOf(info);
    const secret = await extract(SUITE, shared, "secret", none);
    const raw = await expand(SUITE, secret, "key", context, 16);
    return {
      key: await root.crypto.subtle.importKey("raw", raw, "AES-GCM", false, [use]),
      iv: await expand(SUITE, secret, "base_nonce", context, 12),
    };
  }

  async function sharedBy(privateKey, publicKey, enc, receiver) {
    const dh = new Uint8Array(
      await root.crypto.subtle.deriveBits({ name: "ECDH", public: publicKey }, privateKey, 256),
    );
    const key = await extract(KEM, none, "eae_prk", dh);
    return expand(KEM, key, "shared_secret", joined(enc, receiver), 32);
  }

  const imported = (raw) => root.crypto.subtle.importKey("raw", raw, CURVE, true, []);

  /** A new pair. `extractable` only while a backup or the copies of a round's key are made. */
  const newPair = (extractable) => root.crypto.subtle.generateKey(CURVE, extractable, ["deriveBits"]);

  const rawPublic = async (publicKey) =>
    new Uint8Array(await root.crypto.subtle.exportKey("raw", publicKey));

  /** Seal `plain` to a public key of 65 bytes; `info` says for what. All are Uint8Array. */
  async function seal(receiver, plain, info) {
    const pair = await newPair(false);
    const enc = await rawPublic(pair.publicKey);
    const shared = await sharedBy(pair.privateKey, await imported(receiver), enc, receiver);
    const { key, iv } = await keyOf(shared, info, "encrypt");
    const sealed = await root.crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, plain);
    return joined(enc, new Uint8Array(sealed));
  }

  /** Open what was sealed to `receiver` (65 bytes), whose private key this is; throws if it was not. */
  async function open(privateKey, receiver, sealed, info) {
    if (sealed.length < ENC + TAG) throw new Error("too short to be sealed");
    const enc = sealed.slice(0, ENC);
    const shared = await sharedBy(privateKey, await imported(enc), enc, receiver);
    const { key, iv } = await keyOf(shared, info, "decrypt");
    const plain = await root.crypto.subtle.decrypt({ name: "AES-GCM", iv }, key, sealed.slice(ENC));
    return new Uint8Array(plain);
  }

  const fromBase64url = (text) =>
    Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const toBase64url = (raw) =>
    btoa(String.fromCharCode(...raw)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

  /** A private key as 97 bytes: its number (32), then its public key (65). */
  async function written(privateKey) {
    const { d, x, y } = await root.crypto.subtle.exportKey("jwk", privateKey);
    return joined(fromBase64url(d), Uint8Array.of(4), fromBase64url(x), fromBase64url(y));
  }

  /** A private key of its 97 bytes, from now on not extractable. */
  function read(raw) {
    const part = (from, to) => toBase64url(raw.slice(from, to));
    const jwk = { kty: "EC", crv: "P-256", d: part(0, 32), x: part(33, 65), y: part(65, 97) };
    return root.crypto.subtle.importKey("jwk", jwk, CURVE, false, ["deriveBits"]);
  }

  root.doorstepSealing = { bytes, joined, newPair, rawPublic, seal, open, written, read };
})(globalThis);
