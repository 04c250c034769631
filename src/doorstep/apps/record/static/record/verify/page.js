// The page /verify/: what was picked goes to a worker, and what it finds is written out.

import { plainly, sentence } from './said.js';

const MEMORY = 'doorstep-seen';

const page = document.getElementById('checking');
const { words, site } = JSON.parse(document.getElementById('checking-data').textContent);
const part = (name) => page.querySelector(`[data-part="${name}"]`);
const tell = (said) => plainly(sentence(said, words));
const say = (template, gaps = {}) => tell({ template, gaps });

let worker = null;
let given = null; // the key that this check was asked to hold the record against

function seen() {
  try {
    return JSON.parse(localStorage.getItem(MEMORY)) ?? {};
  } catch {
    return {};
  }
}

function remember({ name, ...now }) {
  try {
    localStorage.setItem(MEMORY, JSON.stringify({ ...seen(), [name]: now }));
  } catch {
    // Private windows remember nothing; the verdict is the same.
  }
}

function start(asked) {
  stop();
  part('lines').replaceChildren();
  part('verdict').hidden = true;
  part('whose').hidden = true;
  part('running').hidden = false;
  part('bar').removeAttribute('value');
  worker = new Worker(page.dataset.worker, { type: 'module' });
  worker.addEventListener('message', ({ data }) => hear(data));
  worker.addEventListener('error', () => end('unreadable', say('The check could not be started.')));
  given = part('given').value.trim() || null;
  worker.postMessage({ ...asked, seen: seen(), given });
}

function stop() {
  worker?.terminate();
  worker = null;
  part('running').hidden = true;
}

function hear({ line, key, kind, said, seen: now, isSigned, done, of }) {
  if (line) {
    const item = document.createElement('li');
    item.textContent = tell(line);
    part('lines').append(item);
  } else if (key) {
    part('key').textContent = plainly(key);
    part('unknown').hidden = given !== null;
    part('known').hidden = given === null;
    part('whose').hidden = false;
  } else if (kind === 'right') {
    if (isSigned) remember(now);
    end(isSigned ? 'right' : 'unsigned', isSigned ? say('Everything that was published fits together.') : unsigned());
  } else if (kind) {
    end(kind, tell(said));
  } else if (of) {
    part('bar').max = of;
    part('bar').value = done;
    part('at').textContent = say('Line %(done)s of %(of)s', { done, of });
  } else {
    part('bar').removeAttribute('value');
    part('at').textContent = say('Counting again: step %(done)s', { done });
  }
}

const unsigned = () =>
  say(
    'Everything fits together, but this browser cannot check signatures (Ed25519) at this address, so nobody is proved to have signed it. Use verify.py, or a newer browser.',
  );

function end(kind, text) {
  stop();
  const verdict = part('verdict');
  verdict.className = `verdict verdict-${kind}`;
  part('verdict-name').textContent = {
    right: say('Right'),
    wrong: say('Wrong'),
    unsigned: say('Not checked in full'),
    unreadable: say('It cannot be told'),
  }[kind];
  part('verdict-text').textContent = text;
  verdict.hidden = false;
  verdict.focus();
}

function startWith(picked, zip) {
  if (zip) start({ name: zip.name, zip });
  else if (picked.length) {
    const files = [...picked].map((file) => [file.webkitRelativePath || file.name, file]);
    start({ name: files[0][0].split('/')[0], files });
  }
}

part('needs-scripts').hidden = false;
part('without-scripts').hidden = true;
part('site').addEventListener('click', () => start({ where: new URL(site, location.href).href.replace(/\/$/, '') }));
part('stop').addEventListener('click', stop);
for (const name of ['folder', 'zip']) {
  // Else picking the same folder again, after a change in it, would do nothing.
  part(name).addEventListener('click', (event) => {
    event.target.value = '';
  });
}
part('folder').addEventListener('change', (event) => startWith(event.target.files));
part('zip').addEventListener('change', (event) => startWith([], event.target.files[0]));
