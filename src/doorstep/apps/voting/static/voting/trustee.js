// A trustee's page: the keys stay in this browser (IndexedDB, not extractable); what the server gets
// is public halves, copies that it cannot read, and, after voting, shuffled ballots.
(function () {
  "use strict";
  const data = JSON.parse(document.getElementById("trustee-data").textContent);
  const words = data.words;
  const said = document.getElementById("trustee-said");
  const bar = document.getElementById("trustee-progress");
  const ready = window.isSecureContext && window.crypto && window.crypto.subtle && window.indexedDB;

  function say(text, wrong) {
    said.textContent = text;
    said.className = wrong ? "panel warn" : "panel";
    said.hidden = !text;
  }

  // Keys of this browser, by their public half.

  function store(mode, act) {
    return new Promise((resolve, reject) => {
      const asked = indexedDB.open("doorstep-trustee", 1);
      asked.onupgradeneeded = () => asked.result.createObjectStore("keys");
      asked.onerror = () => reject(asked.error);
      asked.onsuccess = () => {
        const change = asked.result.transaction("keys", mode);
        const request = act(change.objectStore("keys"));
        change.oncomplete = () => {
          asked.result.close();
          resolve(request.result);
        };
        change.onabort = () => reject(change.error);
      };
    });
  }

  const keep = (key) =>
    store("readwrite", (keys) => keys.put(key, doorstepBox.hex(key.publicKey)));
  const kept = (publicHex) => store("readonly", (keys) => keys.get(publicHex));
  const forget = (publicHex) => store("readwrite", (keys) => keys.delete(publicHex));

  async function mine() {
    const key = await kept(data.key);
    if (!key) {
      document.getElementById("trustee-restore").hidden = false;
      throw new Told(words.lost);
    }
    return key;
  }

  class Told extends Error {}

  // The server.

  // The second step was shown too long ago: the page that asks for it leads back here.
  function isAsked(said) {
    if (said.ask) window.location.assign(said.ask);
    return Boolean(said.ask);
  }

  async function send(verb, body) {
    const answer = await fetch(data.addresses[verb], {
      method: "POST",
      credentials: "same-origin",
      headers: {
        "Content-Type": "application/json",
        "X-CSRFToken": document.querySelector("[name=csrfmiddlewaretoken]").value,
      },
      body: JSON.stringify(body),
    });
    const said = (answer.headers.get("Content-Type") || "").includes("json") ? await answer.json() : {};
    if (isAsked(said)) return;
    if (said.refused) throw new Told(said.refused);
    if (!answer.ok) throw new Error(`${answer.status}`);
    window.location.assign(said.next);
  }

  function saveFile(text) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
    link.download = words.backup;
    link.click();
  }

  // What can be done.

  async function makeKey() {
    const passphrase = document.getElementById("trustee-passphrase").value;
    if (passphrase && passphrase.length < 12) throw new Told(words.short);
    const pair = await doorstepSealing.newPair(true);
    const publicKey = await doorstepSealing.rawPublic(pair.publicKey);
    if (passphrase) saveFile(await doorstepBox.backup(pair.privateKey, passphrase));
    const raw = await doorstepSealing.written(pair.privateKey);
    await keep({ privateKey: await doorstepSealing.read(raw), publicKey });
    raw.fill(0);
    await send("key", { key: doorstepBox.hex(publicKey) });
  }

  async function makeRoundKey() {
    const trustees = data.trustees.map((one) => ({ number: one.number, key: doorstepBox.unhex(one.key) }));
    const made = await doorstepBox.makeRoundKey(data.slug, trustees);
    const copies = made.copies.map((copy) => ({ ...copy, sealed: doorstepBox.hex(copy.sealed) }));
    await send("round-key", { key: doorstepBox.hex(made.publicKey), copies });
  }

  const peeled = async (key) =>
    Promise.all(data.peel.map(async (copy) => ({
      second: copy.second,
      inner: doorstepBox.hex(
        await doorstepBox.peel(data.slug, key, { ...copy, sealed: doorstepBox.unhex(copy.sealed) }),
      ),
    })));

  async function tryKey() {
    await peeled(await mine());
    await send("tried", {});
  }

  async function handOn() {
    await send("hand-on", { copies: await peeled(await mine()) });
  }

  async function openBox() {
    const key = await mine();
    const copy = data.open[0];
    const roundKey = await doorstepBox.roundKey(data.slug, key, {
      ...copy, inner: doorstepBox.unhex(copy.inner),
    });
    const answer = await fetch(data.addresses.envelopes, { credentials: "same-origin" });
    if (answer.status === 403 && isAsked(await answer.json())) return;
    if (!answer.ok) throw new Error(`${answer.status}`);
    const size = Number(answer.headers.get("X-Envelope-Bytes"));
    const whole = new Uint8Array(await answer.arrayBuffer());
    const envelopes = [];
    for (let at = 0; at < whole.length; at += size) envelopes.push(whole.subarray(at, at + size));
    bar.hidden = false;
    const found = await doorstepBox.openBox(data.slug, roundKey, envelopes, (done, all) => {
      bar.max = all;
      bar.value = done;
      say(words.opened.replace("{done}", done).replace("{all}", all));
    });
    await send("opening", { ballots: found.ballots, spoilt: found.spoilt });
  }

  async function restore() {
    const file = document.getElementById("trustee-file").files[0];
    let key;
    try {
      key = await doorstepBox.restored(await file.text(), document.getElementById("trustee-opens").value);
    } catch {
      throw new Told(words.wrong);
    }
    if (doorstepBox.hex(key.publicKey) !== data.key) throw new Told(words.other);
    await keep(key);
    window.location.reload();
  }

  let toldElsewhere = false;

  async function destroy() {
    if (!(await kept(data.key)) && !toldElsewhere) {
      toldElsewhere = true;
      throw new Told(words.elsewhere);
    }
    await forget(data.key);
    await send("gone", {});
  }

  const doing = {
    "make-key": makeKey, "make-round-key": makeRoundKey, "try-key": tryKey, "hand-on": handOn,
    "open": openBox, restore, destroy,
  };
  for (const button of document.querySelectorAll("[data-do]")) {
    button.hidden = false;
    button.addEventListener("click", async (event) => {
      event.preventDefault();
      if (!ready) {
        say(words.insecure, true);
        return;
      }
      button.disabled = true;
      say(words.working);
      try {
        await doing[button.dataset.do]();
      } catch (problem) {
        say(problem instanceof Told ? problem.message : words.failed, true);
        if (!(problem instanceof Told)) console.error(problem);
        button.disabled = false;
      }
    });
  }
  if (!ready) say(words.insecure, true);
})();
