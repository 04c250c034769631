// Runs the very files that a trustee's browser runs. Takes one JSON request on standard input and
// answers on standard output. WebCrypto is node's own.
const fs = require("fs");
const vm = require("vm");
if (!globalThis.crypto) globalThis.crypto = require("crypto").webcrypto;
const { folder, files, ask } = JSON.parse(fs.readFileSync(0, "utf8"));
for (const file of files) vm.runInThisContext(fs.readFileSync(`${folder}/${file}`, "utf8"), { filename: file });
const { doorstepSealing: sealing, doorstepBox: box } = globalThis;
const { hex, unhex } = box;
const key = async (raw) => ({ privateKey: await sealing.read(unhex(raw)), publicKey: unhex(raw).slice(32) });

const answers = {
  async seal({ to, plain, info }) {
    return hex(await sealing.seal(unhex(to), unhex(plain), unhex(info)));
  },
  async open({ raw, sealed, info }) {
    const mine = await key(raw);
    return hex(await sealing.open(mine.privateKey, mine.publicKey, unhex(sealed), unhex(info)));
  },
  async ceremony({ slug }) {
    const trustees = [];
    for (const number of [1, 2, 3]) {
      const pair = await sealing.newPair(true);
      trustees.push({ number, raw: hex(await sealing.written(pair.privateKey)), key: await sealing.rawPublic(pair.publicKey) });
    }
    const made = await box.makeRoundKey(slug, trustees);
    return {
      publicKey: hex(made.publicKey),
      copies: made.copies.map((copy) => ({ ...copy, sealed: hex(copy.sealed) })),
      trustees: trustees.map((one) => ({ number: one.number, raw: one.raw, key: hex(one.key) })),
    };
  },
  async openBox({ slug, first, second, copy, envelopes }) {
    const inner = await box.peel(slug, await key(first), { ...copy, sealed: unhex(copy.sealed) });
    const round = await box.roundKey(slug, await key(second), { ...copy, inner });
    let told = 0;
    const found = await box.openBox(slug, round, envelopes.map(unhex), () => told++);
    return { ...found, inner: hex(inner), told };
  },
  async backup({ raw, passphrase, tried }) {
    const pair = await crypto.subtle.generateKey({ name: "ECDH", namedCurve: "P-256" }, true, ["deriveBits"]);
    const file = await box.backup(pair.privateKey, passphrase);
    const mine = hex(await sealing.rawPublic(pair.publicKey));
    try {
      const back = await box.restored(file, tried);
      return { mine, back: hex(back.publicKey), extractable: back.privateKey.extractable };
    } catch (problem) {
      return { mine, back: null };
    }
  },
  async shuffles({ of, times }) {
    const seen = {};
    for (let time = 0; time < times; time++) {
      const order = box.shuffle([...Array(of).keys()]).join("");
      seen[order] = (seen[order] || 0) + 1;
    }
    return seen;
  },
};
answers[ask.what](ask).then(
  (answer) => process.stdout.write(JSON.stringify({ answer })),
  (problem) => process.stdout.write(JSON.stringify({ problem: String(problem) })),
);
